import { appendTo } from "./append-to.ts";
import type { Pair } from "./passed-amounts.ts";

/**
 * Chains of transfers that passed on the same atoms, and the swaps at their ends. Swaps are numbered from 0, transfers after
 * them, each in chain order.
 */
export class Chains {
  readonly #swaps: number;
  readonly #transfers: number;
  readonly #before = new Map<number, number[]>();
  readonly #after = new Map<number, number[]>();
  readonly #origins: Map<number, number>;
  readonly #destinations: Map<number, number>;

  constructor(swaps: number, transfers: number, pairs: readonly Pair[]) {
    this.#swaps = swaps;
    this.#transfers = transfers;
    for (const pair of pairs) {
      appendTo(this.#before, pair.out.node, pair.in.node);
      appendTo(this.#after, pair.in.node, pair.out.node);
    }
    this.#origins = this.#ends(this.#before, false);
    this.#destinations = this.#ends(this.#after, true);
  }

  /** A swap whose output the transfer passed on; undefined if none is known. */
  originOf(transfer: number): number | undefined {
    return this.#origins.get(transfer);
  }

  /** A swap that used what the transfer brought. */
  destinationOf(transfer: number): number | undefined {
    return this.#destinations.get(transfer);
  }

  isFirst(transfer: number): boolean {
    return !this.#before.has(transfer);
  }

  isLast(transfer: number): boolean {
    return !this.#after.has(transfer);
  }

  /** A chain ends, or begins, at a swap of another amount. */
  end(transfer: number, swap: number): void {
    if (this.isLast(transfer)) this.#destinations.set(transfer, swap);
    if (this.isFirst(transfer)) this.#origins.set(transfer, swap);
  }

  /** The parts of chains that have a swap at both ends: a swap or transfer, and the next one. */
  complete(): (readonly [number, number])[] {
    const origins = this.#ends(this.#before, false, this.#origins);
    const destinations = this.#ends(this.#after, true, this.#destinations);
    const parts: (readonly [number, number])[] = [];
    for (const [node, afters] of this.#after) {
      if (node >= this.#swaps && !origins.has(node)) continue;
      for (const after of afters)
        if (after < this.#swaps || destinations.has(after)) parts.push([node, after]);
    }
    return parts;
  }

  /** The swap at the end of each transfer's chain. Each transfer comes after those that are nearer to that end. */
  #ends(
    next: ReadonlyMap<number, readonly number[]>,
    isReversed: boolean,
    known: ReadonlyMap<number, number> = new Map(),
  ): Map<number, number> {
    const ends = new Map(known);
    for (let count = 0; count < this.#transfers; count++) {
      const transfer = this.#swaps + (isReversed ? this.#transfers - 1 - count : count);
      for (const node of next.get(transfer) ?? []) {
        const end = node < this.#swaps ? node : ends.get(node);
        if (end !== undefined && !ends.has(transfer)) ends.set(transfer, end);
      }
    }
    return ends;
  }
}
