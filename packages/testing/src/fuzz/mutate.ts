import type { FuzzTarget } from "../fuzz-target.ts";

export const MAX_INPUT_BYTES = 4_096;

type Random = () => number;

const INTERESTING = [
  0, 1, 0x7f, 0x80, 0xff, 0x20, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x30, 0x2d,
];

/** Changes inputs in ways that are likely to show what is wrong with who reads them. */
export class Mutator {
  readonly #random: Random;
  readonly #tokens: readonly Buffer[];

  constructor(random: Random, tokens: FuzzTarget["tokens"]) {
    this.#random = random;
    this.#tokens = tokens.map((token) => Buffer.from(token as string));
  }

  /** An input that comes of one of the corpus by one or more changes. */
  next(corpus: readonly Uint8Array[]): Buffer {
    let input: Buffer = Buffer.from(this.#pick(corpus) ?? []);
    for (let changes = 1 + this.#below(5); changes > 0; changes--) input = this.#changed(input, corpus);
    return input.subarray(0, MAX_INPUT_BYTES);
  }

  #changed(input: Buffer, corpus: readonly Uint8Array[]): Buffer {
    const at = this.#below(input.length + 1);
    const to = Math.min(input.length, at + 1 + this.#below(this.#below(4) === 0 ? input.length + 1 : 9));
    switch (this.#below(9)) {
      case 0:
        return this.#set(input, at, (input[at] ?? 0) ^ (1 << this.#below(8)));
      case 1:
        return this.#set(input, at, this.#below(256));
      case 2:
        return this.#set(input, at, this.#pick(INTERESTING) ?? 0);
      case 3:
        return this.#set(input, at, (input[at] ?? 0) + this.#below(9) - 4);
      case 4:
        return Buffer.concat([input.subarray(0, at), input.subarray(to)]);
      case 5:
        return spliced(input, at, at, input.subarray(at, to));
      case 6:
        return spliced(input, at, at, this.#pick(this.#tokens) ?? Buffer.of(this.#below(256)));
      case 7:
        return spliced(input, at, to, this.#pick(this.#tokens) ?? Buffer.alloc(0));
      default: {
        const other = Buffer.from(this.#pick(corpus) ?? []);
        const from = this.#below(other.length + 1);
        return spliced(input, at, to, other.subarray(from, from + 1 + this.#below(other.length + 1)));
      }
    }
  }

  #set(input: Buffer, at: number, byte: number): Buffer {
    if (at < input.length) input[at] = byte;
    return input;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[this.#below(from.length)];
  }
}

function spliced(input: Buffer, from: number, to: number, middle: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, from), middle, input.subarray(to)]);
}
