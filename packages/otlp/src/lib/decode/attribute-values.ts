import { type AttributeReader, defineGetters, plainAttributes } from "./attribute-getters.ts";
import { isOwn, type KeptAttribute, keptAttributes } from "./attributes.ts";
import type { Attributes, AttributeValue } from "./model.ts";

const COUNT: number = keptAttributes.length;

/**
 * A span's attributes, read already: the kept ones' values in an array, behind a getter for each name. All have one shape,
 * whatever was sent in whatever order, which makes filling them several times as fast as adding properties one by one.
 */
export class AttributeValues implements AttributeReader {
  readonly #values: (AttributeValue | undefined)[] = new Array<AttributeValue | undefined>(COUNT);

  set(kept: KeptAttribute, value: AttributeValue): void {
    const known = this.#values[kept.index];
    const differs = isOwn(kept) && known !== undefined && !Object.is(known, value);
    this.#values[kept.index] = differs ? null : value;
  }

  get(kept: KeptAttribute): AttributeValue | undefined {
    return this.#values[kept.index];
  }

  /** To be read by name: `attributes["trade.id"]`. */
  get byName(): Attributes {
    return this as object as Attributes;
  }

  toJSON(): Attributes {
    return plainAttributes(this);
  }
}

defineGetters(AttributeValues.prototype);
