import { giveBack } from "./give-back.ts";

/** Parts after the first are copied into blocks as they come: as buffers of their own, single bytes take hundreds of times their size. */
const LEAST_BLOCK_BYTES = 4 * 1024;
/** A block is as large as what there is already, up to this. To copy one takes well below a millisecond. */
const MOST_BLOCK_BYTES = 1024 * 1024;

/** A first part that is larger is copied as well: what comes of this is the caller's own, unless it is small. */
const MOST_SHARED_BYTES = 64 * 1024;

/** So many parts of few bytes come from no exporter: each costs as much as a kilobyte. */
const MANY_PARTS = 10_000;
const FEW_BYTES = 64;

/** The parts of a body, in little more memory than its length. */
export class BodyParts {
  length = 0;
  /** Most bodies are one part, however small. It is not ours. */
  #first: Buffer | undefined;
  readonly #blocks: Buffer[] = [];
  /** Bytes of the last block that are taken. */
  #used = 0;
  #count = 0;

  get areTooSmall(): boolean {
    return this.#count > MANY_PARTS && this.length < this.#count * FEW_BYTES;
  }

  add(part: Buffer): void {
    this.#count += 1;
    if (this.#count === 1) {
      this.#first = part;
      this.length = part.length;
      return;
    }
    for (let from = 0; from < part.length; ) {
      let block = this.#blocks.at(-1);
      if (block === undefined || this.#used === block.length) {
        const bytes = Math.min(Math.max(this.length, LEAST_BLOCK_BYTES), MOST_BLOCK_BYTES);
        block = Buffer.allocUnsafeSlow(bytes);
        this.#blocks.push(block);
        this.#used = 0;
      }
      const copied = part.copy(block, this.#used, from);
      this.#used += copied;
      this.length += copied;
      from += copied;
    }
  }

  /** Gives back what there is of a body that will not be whole. */
  discard(): void {
    for (const block of this.#blocks) giveBack(block);
    this.#blocks.length = 0;
    this.#used = 0;
    this.#first = undefined;
  }

  /**
   * The whole body, put together step by step. It takes little more memory than the parts, which are given back meanwhile. To be
   * called once.
   */
  *whole(): Generator<void, Buffer> {
    const first = this.#first ?? Buffer.alloc(0);
    this.#first = undefined;
    if (this.#blocks.length === 0 && first.length <= MOST_SHARED_BYTES) return first;
    const whole = Buffer.allocUnsafeSlow(this.length);
    let at = first.copy(whole);
    for (const block of this.#blocks) {
      at += block.copy(whole, at);
      giveBack(block);
      yield;
    }
    this.#blocks.length = 0;
    return whole;
  }
}
