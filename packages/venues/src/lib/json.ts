/** A value of JSON as somebody else parsed it: numbers may be bigints. */
export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of an object; undefined if it is none, or has no such field of its own. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function list(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** A text of at most `longest` characters that is not empty. */
export function text(value: unknown, longest: number): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= longest ? value : undefined;
}

/** A whole number that is exact, and not negative. */
export function whole(value: unknown): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The value of a text of JSON; undefined if it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A longer text is not parsed. */
const LONGEST_PARSED = 262_144;

/** The value of an answer's body, which is the value or its text; undefined if it is neither, or too long. */
export function bodyValue(body: unknown): unknown {
  if (typeof body !== "string") return body;
  return body.length <= LONGEST_PARSED ? parsed(body) : undefined;
}
