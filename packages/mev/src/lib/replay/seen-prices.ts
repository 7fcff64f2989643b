import type { FeeRule } from "./constant-product.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { stateAfter } from "./replay-error.ts";

/** The prices that a pool's swaps passed through. Within one range, a reserve determines the price. */
export class SeenPrices {
  readonly #least: bigint;
  readonly #most: bigint;

  /** @param states Before each swap. */
  constructor(rule: FeeRule, window: Window, states: readonly PoolState[]) {
    const reserves = states.map(({ money }) => money);
    const [last, before] = [window.swaps.at(-1), states.at(-1)];
    if (last !== undefined && before !== undefined) {
      reserves.push(stateAfter(rule, window, last, before).money);
    }
    const sorted = reserves.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
    this.#least = sorted[0] ?? 0n;
    this.#most = sorted.at(-1) ?? 0n;
  }

  /** Whether a state lies between them. At the ends, as precisely as reserves are inferred. */
  hold({ money }: PoolState): boolean {
    const margin = (this.#most - this.#least) / 1_000_000n + 2n;
    return money >= this.#least - margin && money <= this.#most + margin;
  }
}
