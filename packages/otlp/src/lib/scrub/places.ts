/** Where in a body secrets may stand. */
export class Places {
  readonly #all: readonly number[] | undefined;
  #next = 0;

  /** @param all ascending; undefined: anywhere */
  constructor(all: readonly number[] | undefined) {
    this.#all = all;
  }

  /** Whether one of them lies there. Quickly, if it lies near what was asked before. */
  areIn(from: number, to: number): boolean {
    const all = this.#all;
    if (all === undefined) return true;
    if (all.length === 0) return false;
    while (this.#next > 0 && (all[this.#next - 1] as number) >= from) this.#next--;
    while (this.#next < all.length && (all[this.#next] as number) < from) this.#next++;
    const place = all[this.#next];
    return place !== undefined && place < to;
  }
}
