type Labels = Readonly<Record<string, string>>;

/**
 * Finds what belongs to a series by its labels, in whatever order and object they come. A look-up allocates nothing: most
 * series have no alert, and are looked up some times a second.
 */
export class SeriesIndex<T extends { readonly series: Labels }> {
  readonly #byHash: Map<number, T[]> = new Map();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(labels: Labels): T | undefined {
    const found = this.#byHash.get(hashOf(labels));
    if (found === undefined) return undefined;
    for (const item of found) if (sameLabels(item.series, labels)) return item;
    return undefined;
  }

  /** It must not be there yet. */
  add(item: T): void {
    const hash = hashOf(item.series);
    const others = this.#byHash.get(hash);
    if (others === undefined) this.#byHash.set(hash, [item]);
    else others.push(item);
    this.#size += 1;
  }

  delete(item: T): void {
    const hash = hashOf(item.series);
    const left = this.#byHash.get(hash)?.filter((other) => other !== item) ?? [];
    if (left.length === 0) this.#byHash.delete(hash);
    else this.#byHash.set(hash, left);
    this.#size -= 1;
  }

  *values(): IterableIterator<T> {
    for (const items of this.#byHash.values()) yield* items;
  }
}

/** Of the values alone, and the same in whatever order they come: the series of one statistic have the same names. */
function hashOf(labels: Labels): number {
  let sum = 0;
  for (const name in labels) {
    const value = labels[name] ?? "";
    let hash = 0x811c9dc5;
    for (let i = 0; i < value.length; i += 1) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193);
    sum = (sum + hash) | 0;
  }
  return sum;
}

function sameLabels(a: Labels, b: Labels): boolean {
  let names = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    names += 1;
  }
  for (const _name in b) names -= 1;
  return names === 0;
}
