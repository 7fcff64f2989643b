import { type Attributes, type AttributeValue, diag } from "@opentelemetry/api";
import type { EncodableSpan } from "@slipstream/otlp/encode";

/** What OpenTelemetry allows by default, and what this package allows of a text. */
export const MOST_ATTRIBUTES = 128;
export const MOST_EVENTS = 128;
export const MOST_LINKS = 128;
export const LONGEST_ATTRIBUTE = 16_384;

/**
 * The value as it is kept: a text is cut to its limit, and an array is copied, because its owner may change it.
 * Undefined for what is no attribute: then OpenTelemetry's log says so.
 */
export function keptValue(key: unknown, value: unknown): AttributeValue | undefined {
  if (typeof key !== "string" || key === "") {
    diag.warn(`Invalid attribute key: ${String(key)}`);
    return undefined;
  }
  switch (typeof value) {
    case "string":
      return value.length <= LONGEST_ATTRIBUTE ? value : value.slice(0, LONGEST_ATTRIBUTE);
    case "number":
    case "boolean":
      return value;
  }
  if (Array.isArray(value) && isHomogeneous(value)) {
    return value.map((item: unknown) =>
      typeof item === "string" ? item.slice(0, LONGEST_ATTRIBUTE) : item,
    ) as AttributeValue;
  }
  diag.warn(`Invalid attribute value set for key: ${key}`);
  return undefined;
}

export interface KeptAttributes {
  readonly attributes: Attributes;
  readonly dropped: number;
  /** About how much memory they need. */
  readonly size: number;
}

/** The attributes of an event or of a link. Unlike a span, these keep an attribute that is null. */
export function keptAttributes(given: Attributes | undefined): KeptAttributes {
  // Without a prototype: a key may be "__proto__".
  const attributes: Record<string, AttributeValue | undefined> = Object.create(null);
  let count = 0;
  let dropped = 0;
  let size = 0;
  if (typeof given !== "object" || given === null) return { attributes, dropped, size };
  for (const key of Object.keys(given)) {
    const value = given[key];
    const kept = value === undefined || value === null ? value : keptValue(key, value);
    if (key === "" || (kept === undefined && value !== undefined)) continue;
    if (count >= MOST_ATTRIBUTES) {
      dropped += 1;
      continue;
    }
    count += 1;
    attributes[key] = kept;
    size += key.length + sizeOf(kept);
  }
  return { attributes, dropped, size };
}

/** About how many bytes a value needs. */
export function sizeOf(value: AttributeValue | null | undefined): number {
  if (typeof value === "string") return value.length;
  if (!Array.isArray(value)) return 8;
  return (value as unknown[]).reduce<number>(
    (sum, item) => sum + (typeof item === "string" ? item.length : 8),
    8,
  );
}

/** About how many bytes a span of the SDK needs. */
export function sizeOfSdkSpan({ name, attributes, events, links }: EncodableSpan): number {
  let size = 100 + name.length + sizeOfAll(attributes);
  for (const event of events) size += 40 + event.name.length + sizeOfAll(event.attributes);
  for (const link of links) size += 60 + sizeOfAll(link.attributes);
  return size;
}

function sizeOfAll(attributes: Attributes | undefined): number {
  let size = 0;
  for (const key in attributes) size += key.length + sizeOf(attributes[key]);
  return size;
}

/** Items that are null do not count. */
function isHomogeneous(values: readonly unknown[]): boolean {
  let type: string | undefined;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    type ??= typeof value;
    if (typeof value !== type || (type !== "string" && type !== "number" && type !== "boolean")) return false;
  }
  return true;
}
