import { coerce, type KeptAttribute, keptAttributes } from "./attributes.ts";
import type { Attributes, AttributeValue } from "./model.ts";
import { textOf } from "./text.ts";

/** A text's place in the body is kept as place * 128 + length: below 16 MiB a small integer, which costs no memory. */
const LENGTHS = 128;

const COUNT: number = keptAttributes.length;

/**
 * A span's attributes: the kept ones' values in an array, behind a getter for each name. All have one shape, whatever
 * was sent in whatever order, which makes filling them several times as fast as adding properties one by one.
 * Texts that do not come again (ids, signatures, amounts) are read from the body when they are asked for: most never
 * are. So whoever keeps a span keeps the body it came in; what must last is to be copied out of it.
 */
export class AttributeValues {
  private readonly values: (AttributeValue | undefined)[] = new Array<AttributeValue | undefined>(COUNT);
  private body: Buffer | undefined = undefined;

  set(kept: KeptAttribute, value: AttributeValue): void {
    this.values[kept.index] = value;
  }

  /** Sets a value that `kept` says does not repeat, which so is no number, to a text of less than 128 bytes. */
  setText(kept: KeptAttribute, body: Buffer, at: number, length: number): void {
    this.body = body;
    this.values[kept.index] = at * LENGTHS + length;
  }

  get(kept: KeptAttribute): AttributeValue | undefined {
    const value = this.values[kept.index];
    if (typeof value !== "number" || kept.repeats || this.body === undefined) return value;
    const text = coerce(kept, textOf(this.body, Math.floor(value / LENGTHS), value % LENGTHS));
    this.values[kept.index] = text;
    return text;
  }

  /** To be read by name: `attributes["trade.id"]`. */
  get byName(): Attributes {
    return this as object as Attributes;
  }

  /** The names are getters of the class, so JSON would not see them. */
  toJSON(): Attributes {
    const own: Record<string, AttributeValue> = {};
    for (const kept of keptAttributes) {
      const value = this.get(kept);
      if (value !== undefined) own[kept.name] = value;
    }
    return own;
  }
}

for (const kept of keptAttributes) {
  Object.defineProperty(AttributeValues.prototype, kept.name, {
    enumerable: true,
    get(this: AttributeValues) {
      return this.get(kept);
    },
  });
}

/** Of a span without kept attributes. */
export const noAttributes: AttributeValues = new AttributeValues();
