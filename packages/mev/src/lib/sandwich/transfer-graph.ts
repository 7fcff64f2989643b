import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import { inChainOrder, type Swap } from "../swaps/swap.ts";
import { appendTo } from "./append-to.ts";
import { UnionFind } from "./union-find.ts";

/** Maximum number of swaps and transfers that are followed to name the transfers of a link. */
const mostFollowed = 256;

/** Swaps, by index, and transfers, by number of swaps + index, and which of them passed the same amount. */
export class TransferGraph {
  readonly #swaps: readonly Swap[];
  readonly #transfers: readonly OwnerTransfer[];
  readonly #next = new Map<number, number[]>();

  constructor(swaps: readonly Swap[], transfers: readonly OwnerTransfer[]) {
    this.#swaps = swaps;
    this.#transfers = transfers;
  }

  join(one: number, other: number): void {
    appendTo(this.#next, one, other);
    appendTo(this.#next, other, one);
  }

  /** Each swap that is linked to others, with the first of its group. */
  pairs(): (readonly [number, number])[] {
    const groups = new UnionFind(this.#swaps.length + this.#transfers.length);
    for (const [node, others] of this.#next) for (const other of others) groups.union(node, other);
    const first = new Map<number, number>();
    const pairs: (readonly [number, number])[] = [];
    for (const node of [...this.#next.keys()].sort((a, b) => a - b)) {
      if (node >= this.#swaps.length) continue;
      const group = groups.find(node);
      const known = first.get(group);
      if (known === undefined) first.set(group, node);
      else pairs.push([known, node]);
    }
    return pairs;
  }

  /** The transfers on the shortest way from some of the swaps to others, in chain order. */
  between(some: readonly number[], others: readonly number[]): OwnerTransfer[] {
    const wanted = new Set(others);
    const cameFrom = new Map<number, number>(some.map((node) => [node, node]));
    const queue = [...some];
    for (let at = 0; at < queue.length && cameFrom.size < mostFollowed; at++) {
      const node = queue[at] ?? 0;
      for (const next of this.#next.get(node) ?? []) {
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, node);
        if (wanted.has(next)) return this.#wayTo(next, cameFrom);
        queue.push(next);
      }
    }
    return [];
  }

  #wayTo(end: number, cameFrom: ReadonlyMap<number, number>): OwnerTransfer[] {
    const way: OwnerTransfer[] = [];
    for (let node = end; ; ) {
      const transfer = this.#transfers[node - this.#swaps.length];
      if (transfer !== undefined) way.push(transfer);
      const before = cameFrom.get(node) ?? node;
      if (before === node) return way.sort(inChainOrder);
      node = before;
    }
  }
}
