import type { AttributeValue } from "@slipstream/otlp/decode";

/** The attribute as text; undefined where it is absent, empty or no string. */
export function text(value: AttributeValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The attribute as a finite double; undefined where it is absent or no number. */
export function finite(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** As `finite`, >= 0. */
export function nonNegative(value: AttributeValue | undefined): number | undefined {
  const number = finite(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

/** An integer >= 0 that came as an int, a bigint or decimal digits; undefined for anything else. */
export function amount(value: AttributeValue | undefined): number | bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value === "bigint") return value >= 0n ? value : undefined;
  if (typeof value !== "string" || !/^\d{1,78}$/.test(value)) return undefined; // 78 digits hold 2^256
  return value.length <= 15 ? Number(value) : BigInt(value);
}

const LONGEST_NAME = 256;
const CUT = "...";

const SURROGATE = /[\ud800-\udfff]/;

/**
 * The text itself or, where it is longer than a name should be, its beginning: for tables that keep it for long. Halves of surrogate
 * pairs are replaced: UTF-8 has none, so two names would be written as one.
 */
export function shortName(name: string): string {
  // Most names have none, and this runs for each.
  const wellFormed = SURROGATE.test(name) ? name.replace(/\p{Surrogate}/gu, "\ufffd") : name;
  if (wellFormed.length <= LONGEST_NAME) return wellFormed;
  // Through a buffer, for a slice would keep all of the text in memory.
  return `${Buffer.from(wellFormed.slice(0, LONGEST_NAME)).toString()}${CUT}`;
}

/** The attribute as a short name; undefined where it is no text. */
export function nameIn(value: AttributeValue | undefined): string | undefined {
  const name = text(value);
  return name === undefined ? undefined : shortName(name);
}

/** Length of the short name of a name of this length. */
export function shortLength(length: number): number {
  return length <= LONGEST_NAME ? length : LONGEST_NAME + CUT.length;
}
