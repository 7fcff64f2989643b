/** Disjoint sets of 0 ... size - 1, with path halving: near constant time per call. */
export class UnionFind {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = new Int32Array(size);
    for (let index = 0; index < size; index++) this.#parent[index] = index;
  }

  find(member: number): number {
    const parent = this.#parent;
    let at = member;
    for (;;) {
      const up = parent[at] ?? at;
      if (up === at) return at;
      const next = parent[up] ?? up;
      parent[at] = next;
      at = next;
    }
  }

  union(a: number, b: number): void {
    this.#parent[this.find(a)] = this.find(b);
  }
}
