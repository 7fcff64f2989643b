import type { Publication } from "@slipstream/engine";

/** Instants that wait to be written, each once: an amended instant replaces the one that waits. Bounded. */
export class PublicationQueue {
  readonly #limit: number;
  readonly #byTime = new Map<number, Publication>();
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#byTime.size;
  }

  /** Instants dropped at the limit so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Adds instants; past the limit those that have waited longest are dropped.
   * @returns the oldest instant dropped, Unix ms; undefined where none was.
   */
  add(publications: readonly Publication[]): number | undefined {
    for (const publication of publications) this.#byTime.set(publication.timeMs, publication);
    let oldest: number | undefined;
    for (const timeMs of this.#byTime.keys()) {
      if (this.#byTime.size <= this.#limit) break;
      this.#byTime.delete(timeMs);
      this.#dropped += 1;
      oldest = Math.min(timeMs, oldest ?? timeMs);
    }
    return oldest;
  }

  /** The instants that have waited longest, at most `limit`. They stay in the queue until `remove`. */
  peek(limit: number): readonly Publication[] {
    return [...this.#byTime.values()].slice(0, limit);
  }

  /** Removes instants that were written, but for those that were amended meanwhile. */
  remove(written: readonly Publication[]): void {
    for (const publication of written) {
      if (this.#byTime.get(publication.timeMs) === publication) this.#byTime.delete(publication.timeMs);
    }
  }
}
