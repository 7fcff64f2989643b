import type { HistoryRow } from "@slipstream/engine/storage";
import { FilterKeys, hashOf } from "./filter.ts";
import { blockColumns, isFiltered } from "./layout.ts";

const NUMBER = 0;
const TEXT = 1;
const WORD = 2;

/** What is done with each column. */
const kinds: Uint8Array = Uint8Array.from(blockColumns, ({ type }) =>
  type === "symbol" ? WORD : type === "text" ? TEXT : NUMBER,
);
const filtered: readonly boolean[] = blockColumns.map(isFiltered);
const NULL_BYTES = Math.ceil(blockColumns.length / 8);

const FIRST_BYTES = 4_096;

/** Encodes rows into the bytes of a block, one after the other. */
export class BlockWriter {
  #bytes: Buffer<ArrayBuffer> = Buffer.from(new ArrayBuffer(FIRST_BYTES));
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;
  /** The block's words, each with its number. */
  readonly #words: Map<string, number> = new Map();
  readonly #keys: FilterKeys = new FilterKeys();
  #rows = 0;
  #fromUs = Number.POSITIVE_INFINITY;
  #toUs = Number.NEGATIVE_INFINITY;

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#at;
  }

  get fromUs(): number {
    return this.#fromUs;
  }

  get toUs(): number {
    return this.#toUs;
  }

  add({ values }: HistoryRow): void {
    this.#reserve(NULL_BYTES);
    const nulls = this.#at;
    for (let i = 0; i < NULL_BYTES; i += 1) this.#bytes[nulls + i] = 0;
    this.#at += NULL_BYTES;
    for (let column = 0; column < kinds.length; column += 1) {
      const value = values[column];
      if (value === null || value === undefined) {
        const byte = nulls + (column >> 3);
        this.#bytes[byte] = (this.#bytes[byte] as number) | (1 << (column & 7));
      } else if (typeof value === "number") this.#number(value);
      else if (kinds[column] === WORD) this.#word(value);
      else {
        const hash = this.#text(value);
        if (filtered[column]) this.#keys.add(hash);
      }
    }
    const timeUs = values[0] as number;
    if (timeUs < this.#fromUs) this.#fromUs = timeUs;
    if (timeUs > this.#toUs) this.#toUs = timeUs;
    this.#rows += 1;
  }

  /** What was encoded, and its filter. The writer begins again with nothing. */
  take(): { readonly data: Uint8Array<ArrayBuffer>; readonly filter: Uint8Array<ArrayBuffer> } {
    // With a buffer of its own: handing it to another thread copies all of its buffer.
    const data = new Uint8Array(this.#bytes.subarray(0, this.#at));
    const filter = this.#keys.take();
    this.#at = 0;
    this.#rows = 0;
    this.#words.clear();
    this.#fromUs = Number.POSITIVE_INFINITY;
    this.#toUs = Number.NEGATIVE_INFINITY;
    return { data, filter };
  }

  #number(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  #word(word: string): void {
    const known = this.#words.get(word);
    this.#reserve(5);
    this.#varint(known ?? this.#words.size);
    if (known !== undefined) return;
    this.#words.set(word, this.#words.size);
    this.#keys.add(this.#text(word));
  }

  /** @returns the hash of the text */
  #text(text: string): number {
    const { length } = text;
    this.#reserve(5 + 3 * length);
    const start = this.#at;
    this.#varint(length);
    const bytes = this.#bytes;
    let at = this.#at;
    let hash = FilterKeys.BEGIN;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        // Rare, and of another length in bytes.
        this.#at = start;
        this.#varint(Buffer.byteLength(text));
        this.#at += bytes.write(text, this.#at);
        return hashOf(text);
      }
      bytes[at] = code;
      at += 1;
      hash = FilterKeys.step(hash, code);
    }
    this.#at = at;
    return hash;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at] = (rest & 127) | 128;
      this.#at += 1;
      rest >>>= 7;
    }
    this.#bytes[this.#at] = rest;
    this.#at += 1;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = Buffer.from(new ArrayBuffer(2 * this.#bytes.length + count));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
