import { secretRanges } from "@slipstream/conventions";

const STAR = 0x2a;

/** A body whose secrets are overwritten where they stand: nothing in it changes its length or its place. */
export class Masking {
  readonly bytes: Buffer;
  /** Whether anything was overwritten. */
  changed = false;
  /** Bytes of texts that were searched. */
  searched = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The bytes as one letter each: places in the text are places in the body. */
  letters(from: number, to: number): string {
    return this.bytes.toString("latin1", from, to);
  }

  /** Overwrites a whole value. */
  mask(from: number, to: number, filler: number = STAR): void {
    if (to <= from) return;
    this.bytes.fill(filler, from, to);
    this.changed = true;
  }

  /** Overwrites the secrets in a text. */
  search(from: number, to: number, attribute?: string): void {
    this.searched += to - from;
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
