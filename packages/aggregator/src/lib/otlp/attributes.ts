import { type AttributeType, attribute, semconv, spanAttributes } from "@slipstream/conventions";
import type { Attributes, AttributeValue } from "./model.ts";

/** A scalar as it came over the wire. */
export type RawScalar = string | number | bigint | boolean;

/** How a kept attribute's value is read. */
export interface KeptAttribute {
  readonly name: string;
  /** "any": a name of OpenTelemetry's own, whose value is kept as it came. "url": see `withoutSecrets`. */
  readonly type: AttributeType | "any" | "url";
  /** Whether its texts come again, so that a cache of them is of use. */
  readonly repeats: boolean;
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

const urls: ReadonlySet<string> = new Set([semconv.urlFull, semconv.urlFullOld, semconv.urlPath]);

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
    .map((name) => ({ name, type: urls.has(name) ? ("url" as const) : ("any" as const), repeats: true })),
];

/** More digits than any token amount has (u128: 39); BigInt's cost grows with the square of them. */
const MAX_DIGITS = 40;

const DECIMAL = /^[0-9]+$/;

/** A value as its attribute's type wants it; undefined where it is not of that type: unknown. */
export function coerce(kept: KeptAttribute, value: RawScalar): AttributeValue | undefined {
  switch (kept.type) {
    case "string":
      return typeof value === "string" ? value : String(value);
    case "int":
      if (typeof value === "bigint") return value;
      // JavaScript SDKs send a whole number as either type.
      return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
    case "double":
      if (typeof value === "bigint") return Number(value);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "decimal": {
      const digits = typeof value === "string" ? value : typeof value === "boolean" ? "" : String(value);
      return digits.length <= MAX_DIGITS && DECIMAL.test(digits) ? digits : undefined;
    }
    case "url":
      return typeof value === "string" ? withoutSecrets(value) : undefined;
    case "any":
      return typeof value === "number" && !Number.isFinite(value) ? undefined : value;
  }
}

/** scheme://host/path of a URL: its query, fragment and user part may hold API keys, which are never recorded. */
export function withoutSecrets(url: string): string {
  const cut = url.search(/[?#]/);
  const kept = cut === -1 ? url : url.slice(0, cut);
  return kept.includes("@") ? kept.replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, "$1//") : kept;
}

export type AttributeBag = { -readonly [Name in keyof Attributes]: Attributes[Name] };

/** Of a span without kept attributes. */
export const noAttributes: Attributes = Object.freeze(Object.create(null));
