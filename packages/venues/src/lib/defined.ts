import type { AttributeValues } from "./venue.ts";

/** The attributes that have a value. */
export function defined(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): AttributeValues {
  const found: Record<string, string | number | boolean> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
