import { type KeptAttribute, keptAttributes } from "./attributes.ts";
import type { Attributes, AttributeValue } from "./model.ts";

/** A span's attributes, by what is known of each name beforehand. */
export interface AttributeReader {
  get(kept: KeptAttribute): AttributeValue | undefined;
}

/** Gives a class's objects a getter for each kept attribute, so that they can be read by name: `attributes["trade.id"]`. */
export function defineGetters(prototype: AttributeReader): void {
  for (const kept of keptAttributes) {
    Object.defineProperty(prototype, kept.name, {
      enumerable: true,
      get(this: AttributeReader) {
        return this.get(kept);
      },
    });
  }
}

/** Those that are known, as properties of their own: JSON does not see the getters of a class. */
export function plainAttributes(reader: AttributeReader): Attributes {
  const own: Record<string, AttributeValue> = {};
  for (const kept of keptAttributes) {
    const value = reader.get(kept);
    if (value !== undefined) own[kept.name] = value;
  }
  return own;
}
