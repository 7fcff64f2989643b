/** So much of all bodies together is worked on at a time. A larger one is worked on alone. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Smaller bodies wait for nobody. */
const SMALL_BYTES = 64 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

/**
 * Bounds what is worked on at the same time. From decompression to the log a body is held several times over, and with it every
 * item that it holds; as long as it waits it is only what came in.
 */
export class AtWork {
  #bytes = 0;
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];

  /**
   * Does the work when it is its turn.
   * @param bytes of the body when it is decompressed
   * @param work gets how many of them are bounded by this
   */
  async do<T>(bytes: number, work: (counted: number) => Promise<T>): Promise<T> {
    if (bytes <= SMALL_BYTES) return work(0);
    await new Promise<void>((begin) => {
      this.#waiting.push({ bytes, begin });
      this.#go();
    });
    try {
      return await work(bytes);
    } finally {
      this.#bytes -= bytes;
      this.#go();
    }
  }

  #go(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#bytes > 0 && this.#bytes + next.bytes > MOST_BYTES) return;
      this.#waiting.shift();
      this.#bytes += next.bytes;
      next.begin();
    }
  }
}
