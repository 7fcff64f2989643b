import { copyWords, hashOf, SLOT_WORDS, sameWords, tailOf } from "../decode/text.ts";

/** A longer text is not remembered. */
export const LONGEST_REMEMBERED: number = 4 * SLOT_WORDS;

/**
 * Texts that were searched and hold no secret: most texts come again and again. Direct mapped: of two that share a slot the newer
 * stays, so it is bounded whatever comes in.
 */
export class CleanTexts {
  readonly #mask: number;
  readonly #lengths: Uint8Array;
  readonly #ways: Uint8Array;
  readonly #tails: Int32Array;
  readonly #words: Int32Array;

  /** `slots` is a power of two; each costs 70 bytes. */
  constructor(slots: number) {
    this.#mask = slots - 1;
    this.#lengths = new Uint8Array(slots);
    this.#ways = new Uint8Array(slots);
    this.#tails = new Int32Array(slots);
    this.#words = new Int32Array(slots * SLOT_WORDS);
  }

  /** @param way in which it is searched: what is clean in one way need not be in another */
  has(view: DataView, start: number, length: number, way: number): boolean {
    const tail = tailOf(view, start, length);
    const slot = hashOf(view, start, length, tail) & this.#mask;
    return (
      this.#lengths[slot] === length &&
      this.#tails[slot] === tail &&
      this.#ways[slot] === way &&
      sameWords(view, start, length, this.#words, slot * SLOT_WORDS)
    );
  }

  add(view: DataView, start: number, length: number, way: number): void {
    const tail = tailOf(view, start, length);
    const slot = hashOf(view, start, length, tail) & this.#mask;
    this.#lengths[slot] = length;
    this.#ways[slot] = way;
    this.#tails[slot] = tail;
    copyWords(view, start, length, this.#words, slot * SLOT_WORDS);
  }
}
