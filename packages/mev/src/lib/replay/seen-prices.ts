import { addedInput, type FeeRule } from "./constant-product.ts";
import { afterSwap, isForward, type PoolState, type Window } from "./pool-states.ts";

/** The prices that a pool's swaps passed through. Within one range, a reserve determines the price. */
export class SeenPrices {
  readonly #least: bigint;
  readonly #most: bigint;

  /** @param states Before each swap. */
  constructor(rule: FeeRule, window: Window, states: readonly PoolState[]) {
    const reserves = states.map(({ money }) => money);
    const [last, before] = [window.swaps.at(-1), states.at(-1)];
    if (last !== undefined && before !== undefined) {
      const added = addedInput(rule, last.amountIn);
      reserves.push(afterSwap(before, isForward(window, last), added, last.amountOut).money);
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
