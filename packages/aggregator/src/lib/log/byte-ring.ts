interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Where there is room before it, writing begins anew after this many bytes: memory that is in the processor's cache. */
const SOFT_END = 4 * 1024 * 1024;

/** So many bytes are copied in a step. */
export const STEP_BYTES: number = 256 * 1024;

/**
 * Memory that one thread fills and another reads, given back in the order in which it was taken. A bound on what waits, and
 * one copy where a message would need two.
 */
export class ByteRing {
  readonly memory: SharedArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #pieces: Piece[] = [];
  /** Where the next piece begins, if it fits. */
  #head = 0;
  /** Bytes taken at present. */
  taken = 0;

  constructor(capacity: number) {
    this.memory = new SharedArrayBuffer(capacity);
    this.#bytes = new Uint8Array(this.memory);
  }

  /** Takes room for so many bytes and returns where it begins; undefined if there is not so much at present. */
  take(bytes: number): number | undefined {
    // An empty piece takes a byte, so that no two begin at the same place.
    const length = Math.max(1, bytes);
    const start = this.#place(length);
    if (start === undefined) return undefined;
    this.#head = start + length;
    this.#pieces.push({ start, end: this.#head });
    this.taken += length;
    return start;
  }

  /** Copies bytes to where there is room for them, step by step: 20 MiB take some milliseconds. */
  *fill(start: number, bytes: Uint8Array): Generator<void, void> {
    for (let at = 0; at < bytes.byteLength; at += STEP_BYTES) {
      if (at > 0) yield;
      this.#bytes.set(bytes.subarray(at, at + STEP_BYTES), start + at);
    }
  }

  /** Gives back the oldest piece. */
  release(): void {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.taken -= piece.end - piece.start;
  }

  #place(length: number): number | undefined {
    const oldest = this.#pieces[0];
    const newest = this.#pieces.at(-1);
    if (oldest === undefined || newest === undefined) return length <= this.#bytes.length ? 0 : undefined;
    const wrapped = newest.start < oldest.start;
    if (wrapped) return this.#head + length <= oldest.start ? this.#head : undefined;
    if (this.#head >= SOFT_END && length <= oldest.start) return 0;
    if (this.#head + length <= this.#bytes.length) return this.#head;
    return length <= oldest.start ? 0 : undefined;
  }
}
