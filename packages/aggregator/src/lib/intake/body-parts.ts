/** Smaller parts are copied together as they come: as buffers of their own, single bytes take hundreds of times their size. */
const SMALL_BYTES = 512;
const JOINED_BYTES = 4 * 1024;

/** So many parts of few bytes come from no exporter: each costs as much as a kilobyte. */
const MANY_PARTS = 10_000;
const FEW_BYTES = 64;

/** The parts of a body, in little more memory than its length. */
export class BodyParts {
  length = 0;
  readonly #parts: Buffer[] = [];
  /** Small parts, joined. */
  #joined: Buffer | undefined;
  #used = 0;
  #count = 0;

  get areTooSmall(): boolean {
    return this.#count > MANY_PARTS && this.length < this.#count * FEW_BYTES;
  }

  add(part: Buffer): void {
    this.length += part.length;
    this.#count += 1;
    // Most bodies are one part, however small.
    if (part.length >= SMALL_BYTES || this.#parts.length === 0) {
      this.#closeJoined();
      this.#parts.push(part);
      return;
    }
    if (this.#joined === undefined || this.#used + part.length > JOINED_BYTES) {
      this.#closeJoined();
      this.#joined = Buffer.allocUnsafe(JOINED_BYTES);
    }
    this.#used += part.copy(this.#joined, this.#used);
  }

  /** The whole body. */
  whole(): Buffer {
    this.#closeJoined();
    const [first] = this.#parts;
    return this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.length);
  }

  #closeJoined(): void {
    if (this.#joined !== undefined) this.#parts.push(this.#joined.subarray(0, this.#used));
    this.#joined = undefined;
    this.#used = 0;
  }
}
