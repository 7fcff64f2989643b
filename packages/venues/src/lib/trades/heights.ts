/** Heights that are kept, in the order in which they came. At two in a second, more than a blockhash lives. */
const MOST = 512;

/** How high the chain was, and when that was known. */
export class Heights {
  readonly #seen: { readonly height: number; readonly atMs: number }[] = [];

  add(height: number, atMs: number): void {
    this.#seen.push({ height, atMs });
    if (this.#seen.length > MOST) this.#seen.shift();
  }

  /** When the chain was first known to be above a height; undefined if it is not. */
  passedMs(height: number): number | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const seen of this.#seen) if (seen.height > height && seen.atMs < first) first = seen.atMs;
    return Number.isFinite(first) ? first : undefined;
  }
}
