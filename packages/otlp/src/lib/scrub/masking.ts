import { attributesReadApart, secretRanges } from "@slipstream/conventions";
import { fragmentIn } from "./fragments.ts";
import type { Places } from "./places.ts";

const STAR = 0x2a;
/** A text is searched in pieces of about so many bytes. Texts of other programs are shorter, mostly by far. */
const PIECE_BYTES = 32_768;
/** What a text costs apart from its length. */
const EACH_TEXT_BYTES = 64;
/** What stands across two pieces is found if it is no longer than this. */
const OVERLAP_BYTES = 8_192;

/** A body whose secrets are overwritten where they stand: nothing in it changes its length or its place. */
export class Masking {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Whether anything was overwritten. */
  changed = false;
  /** Bytes of texts that were searched. */
  searched = 0;
  #restedAt = 0;
  readonly #odd: Places;

  /** @param odd where secrets may stand that have no fragment in them: see `findOdd` */
  constructor(bytes: Uint8Array, odd: Places) {
    this.#odd = odd;
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The bytes as one letter each: places in the text are places in the body. */
  letters(from: number, to: number): string {
    return this.bytes.toString("latin1", from, to);
  }

  /** Whether there may be a secret in a text. */
  mayHoldSecret(from: number, to: number): boolean {
    return this.isOdd(from, to) || fragmentIn(this.bytes, from, to) >= 0;
  }

  /** Whether there may be one that has no fragment. */
  isOdd(from: number, to: number): boolean {
    return this.#odd.areIn(from, to);
  }

  /** Overwrites a whole value. */
  mask(from: number, to: number, filler: number = STAR): void {
    if (to <= from) return;
    this.bytes.fill(filler, from, to);
    this.changed = true;
  }

  /** Counts a text that is searched. */
  countText(bytes: number): void {
    this.searched += bytes + EACH_TEXT_BYTES;
  }

  /** Whether much was searched since the last step ended. */
  get isTired(): boolean {
    return this.searched - this.#restedAt >= PIECE_BYTES;
  }

  /** Ends a step if much was searched since the last one. */
  *rest(): Generator<void, void, void> {
    if (!this.isTired) return;
    this.#restedAt = this.searched;
    yield;
  }

  /**
   * Calls `search` with the pieces of a text, which overlap.
   *
   * @param align the first place from the given one at which a piece may begin, and where the piece before it begins
   */
  *inPieces(
    from: number,
    to: number,
    search: (from: number, to: number) => void,
    align: (at: number, before: number) => number = (at) => at,
  ): Generator<void, void, void> {
    for (let at = from; ; ) {
      const end = Math.min(at + PIECE_BYTES, to);
      search(at, end);
      this.countText(end - at);
      yield* this.rest();
      if (end === to) return;
      at = align(end - OVERLAP_BYTES, at);
    }
  }

  /** Overwrites the secrets in a text. */
  *search(from: number, to: number, attribute?: string): Generator<void, void, void> {
    yield* this.inPieces(from, to, (start, end) => this.#searchPiece(start, end, attribute));
  }

  #searchPiece(from: number, to: number, attribute?: string): void {
    if (!attributesReadApart.has(attribute ?? "") && !this.mayHoldSecret(from, to)) return;
    for (const [start, end] of secretRanges(this.letters(from, to), attribute))
      this.maskLetters(from + start, from + end, from, to);
  }

  /** Overwrites whole letters: half of one would be no text any more. */
  maskLetters(start: number, end: number, from: number, to: number): void {
    let [first, last] = [start, end];
    while (first > from && isContinuation(this.bytes[first])) first--;
    while (last < to && isContinuation(this.bytes[last])) last++;
    this.mask(first, last);
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
