const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/**
 * Addresses and signatures of a world. They look like the chain's base58, but are made from a counter, so
 * they are unique and need no 512-bit division. 43 characters starting from "6" are 32 bytes, 87 starting
 * from "3" are 64.
 */
export class Names {
  readonly #addressTail: string;
  readonly #signatureTail: string;
  readonly #salt: number;
  #addresses = 0;
  #signatures = 0;

  /** @param draw Source of random numbers for the base58 characters that end every name of this world. */
  constructor(seed: number, draw: () => number) {
    this.#salt = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    const tail = (length: number): string => Array.from({ length }, () => digit(draw() * 58)).join("");
    this.#addressTail = tail(28);
    this.#signatureTail = tail(72);
  }

  address(): string {
    return this.#name(5, this.#addresses++) + this.#addressTail;
  }

  signature(): string {
    return this.#name(2, this.#signatures++) + this.#signatureTail;
  }

  /**
   * Signature of a filler transaction, a vote at a position in a block. The same position always has the same
   * signature.
   */
  fillerSignature(slot: number, txIndex: number): string {
    return this.#name(2, 2 ** 40 + slot * 1024 + txIndex) + this.#signatureTail;
  }

  /** 15 characters: six that look random, and nine that encode the number. */
  #name(least: number, number: number): string {
    let mixed = mix((number ^ this.#salt) >>> 0);
    let text = digit(least + (mixed % (58 - least)));
    for (let i = 0; i < 5; i++) {
      mixed = Math.floor(mixed / 7);
      text += digit(mixed % 58);
    }
    let rest = number;
    for (let i = 0; i < 9; i++) {
      text += digit(rest % 58);
      rest = Math.floor(rest / 58);
    }
    return text;
  }
}

function digit(value: number): string {
  return ALPHABET.charAt(Math.floor(value));
}

/** The finalizer of MurmurHash3 (Austin Appleby): close inputs give distant outputs. */
export function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
