import { type KeptAttribute, keptAttributes } from "./attributes.ts";
import type { Attributes, AttributeValue } from "./model.ts";

/**
 * A span's attributes: the kept ones' values in an array, behind a getter for each name. All have one shape, whatever
 * was sent in whatever order, which makes filling them several times as fast as adding properties one by one.
 */
export class AttributeValues {
  private readonly values: (AttributeValue | undefined)[] = new Array<AttributeValue | undefined>(COUNT);

  set(kept: KeptAttribute, value: AttributeValue): void {
    this.values[kept.index] = value;
  }

  /** To be read by name: `attributes["trade.id"]`. */
  get byName(): Attributes {
    return this as object as Attributes;
  }

  /** The names are getters of the class, so JSON would not see them. */
  toJSON(): Attributes {
    const own: Record<string, AttributeValue> = {};
    for (const { name, index } of keptAttributes) {
      const value = this.values[index];
      if (value !== undefined) own[name] = value;
    }
    return own;
  }
}

const COUNT = keptAttributes.length;

for (const { name, index } of keptAttributes) {
  Object.defineProperty(AttributeValues.prototype, name, {
    enumerable: true,
    get(this: AttributeValues) {
      // biome-ignore lint/complexity/useLiteralKeys: the getters stand outside of the class
      return this["values"][index];
    },
  });
}

/** Of a span without kept attributes. */
export const noAttributes: AttributeValues = new AttributeValues();
