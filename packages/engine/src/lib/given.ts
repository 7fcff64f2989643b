import { plainWord, type SpanAttribute } from "@slipstream/conventions";
import type { Attributes, AttributeValue } from "@slipstream/otlp/decode";
import { amount, finite } from "./attributes.ts";
import type { Refuse } from "./refuse.ts";

type Ranged = Pick<SpanAttribute, "name"> & { readonly min: number; readonly max: number };
type Worded<Word extends string> = Pick<SpanAttribute, "name"> & { readonly words: readonly Word[] };

const INTEGER = /^-?\d+$/;

/**
 * Reads a span's attributes as their table allows. What it does not allow is refused, and as good as absent. An empty text is
 * absent.
 */
export class Given {
  readonly attributes: Attributes;
  readonly refuse: Refuse;

  constructor(attributes: Attributes, refuse: Refuse) {
    this.attributes = attributes;
    this.refuse = refuse;
  }

  /** A number within the attribute's range. */
  number({ name, min, max }: Ranged): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const number = finite(value);
    if (number !== undefined && number >= min && number <= max) return number + 0;
    this.refuse(name, isNumber(value) ? "implausible" : "wrong_type", value);
    return undefined;
  }

  /** A whole number within the attribute's range. Digits are one too. */
  whole({ name, min, max }: Ranged): number | undefined {
    const value = this.amount({ name });
    if (value === undefined) return undefined;
    const number = Number(value);
    if (number >= min && number <= max) return number;
    this.refuse(name, "implausible", value);
    return undefined;
  }

  /** A whole number >= 0, or the digits of one. */
  amount({ name }: Pick<SpanAttribute, "name">): number | bigint | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const atoms = amount(value);
    if (atoms !== undefined) return atoms;
    const isInteger = typeof value === "string" && INTEGER.test(value);
    this.refuse(name, isNumber(value) || isInteger ? "implausible" : "wrong_type", value);
    return undefined;
  }

  /** Refuses what is no text of attributes that are texts. */
  checkTexts(list: readonly Pick<SpanAttribute, "name">[]): void {
    for (const { name } of list) {
      const value = this.attributes[name];
      if (value !== undefined && typeof value !== "string") this.refuse(name, "wrong_type", value);
    }
  }

  /** One of the attribute's words. Case, spaces and hyphens do not matter. */
  word<Word extends string>({ name, words }: Worded<Word>): Word | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const plain = plainWord(String(value));
    const word = words.find((one) => one === plain);
    if (word === undefined) this.refuse(name, value === null ? "wrong_type" : "unknown_word", value);
    return word;
  }

  #value(name: string): AttributeValue | undefined {
    const value = this.attributes[name];
    return value === "" ? undefined : value;
  }
}

function isNumber(value: AttributeValue): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
