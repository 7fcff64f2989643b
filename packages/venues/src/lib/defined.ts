import type { AttributeValues } from "./venue.ts";

/** The attributes that have a value. */
export function defined(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): AttributeValues {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
