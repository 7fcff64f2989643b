import { plainWord, type SpanAttribute } from "@slipstream/conventions";
import type { Attributes } from "@slipstream/otlp/decode";
import { amount, finite } from "./attributes.ts";
import type { Refuse } from "./refuse.ts";

type Ranged = Pick<SpanAttribute, "name"> & { readonly min: number; readonly max: number };
type Worded<Word extends string> = Pick<SpanAttribute, "name"> & { readonly words: readonly Word[] };

/** Reads a span's attributes as their table allows. What it does not allow is refused, and as good as absent. */
export class Given {
  readonly attributes: Attributes;
  readonly refuse: Refuse;

  constructor(attributes: Attributes, refuse: Refuse) {
    this.attributes = attributes;
    this.refuse = refuse;
  }

  /** A number within the attribute's range. */
  number({ name, min, max }: Ranged): number | undefined {
    const value = this.attributes[name];
    if (value === undefined) return undefined;
    const number = finite(value);
    if (number !== undefined && number >= min && number <= max) return number + 0;
    this.refuse(name, "implausible", value);
    return undefined;
  }

  /** A whole number within the attribute's range. Digits are one too. */
  whole({ name, min, max }: Ranged): number | undefined {
    const value = this.attributes[name];
    if (value === undefined) return undefined;
    const number = Number(amount(value) ?? Number.NaN);
    if (number >= min && number <= max) return number;
    this.refuse(name, "implausible", value);
    return undefined;
  }

  /** One of the attribute's words. Case, spaces and hyphens do not matter. */
  word<Word extends string>({ name, words }: Worded<Word>): Word | undefined {
    const value = this.attributes[name];
    if (value === undefined || value === "") return undefined;
    const plain = plainWord(String(value));
    const word = words.find((one) => one === plain);
    if (word === undefined) this.refuse(name, "unknown_word", value);
    return word;
  }
}
