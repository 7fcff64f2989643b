import { type Saved, SavedFields } from "@slipstream/stats";

/** Labels as they were saved. */
export function loadedLabels(saved: Saved): Readonly<Record<string, string>> {
  const fields = new SavedFields("saved labels", saved);
  const names = Object.keys(saved as object);
  return Object.fromEntries(names.map((name) => [name, fields.text(name)]));
}

/** A value of a statistic as it was saved. */
export function loadedValue(fields: SavedFields, name: string): number | string | null {
  const value = fields.any(name);
  return value === null || typeof value === "string" ? value : fields.number(name);
}

/** A text that is saved as null if it is undefined. */
export function optionalText(fields: SavedFields, name: string): string | undefined {
  return fields.any(name) === null ? undefined : fields.text(name);
}
