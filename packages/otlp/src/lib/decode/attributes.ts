import {
  type AttributeType,
  attribute,
  semconv,
  spanAttributes,
  urlAttributes,
} from "@slipstream/conventions";
import type { AttributeValue } from "./model.ts";

/** A scalar as it came over the wire. */
export type RawScalar = string | number | bigint | boolean;

/** A value as it came over the wire. null: it is no scalar, or cannot be read. */
export type RawValue = RawScalar | null;

/** The scalar, if it can stand in a text: NaN and the infinities cannot. */
export function printable(value: RawValue | undefined): RawScalar | undefined {
  if (value === null) return undefined;
  return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
}

/** How a kept attribute's value is read. */
export interface KeptAttribute {
  readonly name: string;
  /** "any": a name of OpenTelemetry's own, whose value is kept as it came. "url": see `withoutSecrets`. */
  readonly type: AttributeType | "any" | "url";
  /** Whether its texts come again, so that a cache of them is of use. */
  readonly repeats: boolean;
  /** Place in `keptAttributes`. */
  readonly index: number;
}

/** Whether it is Slipstream's own, and not OpenTelemetry's. */
export function isOwn({ type }: KeptAttribute): boolean {
  return type !== "any" && type !== "url";
}

/** These differ from span to span. */
const unique: ReadonlySet<string> = new Set([
  attribute.tradeId,
  attribute.tradeQuotedOut,
  attribute.tradeActualOut,
  attribute.tradeMinOut,
  attribute.solanaSignature,
  attribute.jitoBundleId,
]);

/** Read from the resource, not from spans. */
const ofResource: ReadonlySet<string> = new Set([
  semconv.serviceName,
  semconv.serviceInstanceId,
  semconv.desk,
]);

/** Every attribute of a span that is kept. */
export const keptAttributes: readonly KeptAttribute[] = [
  ...Object.values(spanAttributes).map(({ name, type }) => ({ name, type, repeats: !unique.has(name) })),
  ...Object.values(semconv)
    .filter((name) => !ofResource.has(name))
    .map((name) => ({
      name,
      type: urlAttributes.has(name) ? ("url" as const) : ("any" as const),
      repeats: true,
    })),
].map((kept, index) => ({ ...kept, index }));

/** 2^256 has 78 digits, and no token's amount more; BigInt's cost grows with the square of them. */
const MAX_DIGITS = 78;

function isDecimal(digits: string): boolean {
  const { length } = digits;
  if (length === 0 || length > MAX_DIGITS) return false;
  for (let at = 0; at < length; at++) {
    const code = digits.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/**
 * A value as its attribute's type wants it. One that is not of the type stays as it is if the attribute is Slipstream's own, so
 * that whoever reads it can report it; else it is undefined.
 */
export function coerce({ type }: KeptAttribute, value: RawValue): AttributeValue | undefined {
  // The usual cases first: this runs for every value.
  if (typeof value === "string") {
    if (type === "url") return withoutSecrets(value);
    return type === "boolean" ? booleanOf(value) : value;
  }
  if (type === "any") return printable(value);
  if (type === "url") return undefined;
  if (value === null || type === "int") return value;
  if (type === "boolean") return booleanOf(value);
  if (type === "double") return typeof value === "bigint" ? Number(value) : value;
  if (typeof value === "number" && !Number.isFinite(value)) return value;
  const text = String(value);
  return type === "string" || isDecimal(text) ? text : value;
}

/** Some SDKs' users set a text or a number. What is neither true nor false stays as it is, to be reported. */
function booleanOf(value: RawScalar): AttributeValue {
  const word = String(value).trim().toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : value;
}

/** scheme://host/path of a URL: its query, fragment and user part may hold API keys, which are never recorded. */
export function withoutSecrets(url: string): string {
  const cut = url.search(/[?#]/);
  const kept = cut === -1 ? url : url.slice(0, cut);
  return kept.includes("@") ? kept.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, "$1//") : kept;
}
