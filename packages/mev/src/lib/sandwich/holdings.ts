import { inChainOrder, type Swap } from "../swaps/swap.ts";
import { appendTo } from "./append-to.ts";
import type { RoundTrip } from "./legs.ts";

/** When some actors received and gave each token, over all pools. */
export class Holdings {
  readonly #moves = new Map<string, Swap[]>();
  readonly #step: (steps: number) => void;

  /** @param swaps In chain order. */
  constructor(
    swaps: readonly Swap[],
    actorOf: Int32Array,
    actors: ReadonlySet<number>,
    step: (steps: number) => void,
  ) {
    this.#step = step;
    for (const [index, swap] of swaps.entries()) {
      if (!actors.has(actorOf[index] ?? -1)) continue;
      for (const token of [swap.tokenIn, swap.tokenOut]) {
        appendTo(this.#moves, `${actorOf[index]} ${token}`, swap);
      }
    }
  }

  /**
   * Whether the actors kept what the front run bought until the back run sold it: at every moment before the
   * first back run they held at least half of what they had bought by then. Otherwise they sold it in another
   * pool and later bought there what they sold here. That is arbitrage between pools, with each leg complete
   * by itself.
   */
  carries(actors: ReadonlySet<number>, { fronts, backs }: RoundTrip): boolean {
    const [first, back] = [fronts[0]?.swap, backs[0]?.swap];
    if (first === undefined || back === undefined) return false;
    const legs = new Set(fronts.map(({ swap }) => swap));
    const token = first.tokenOut;
    let bought = 0n;
    let held = 0n;
    let transaction = first.signature;
    for (const swap of this.#between(actors, token, first, back)) {
      this.#step(1);
      // The swaps of one transaction are one moment.
      if (swap.signature !== transaction && 2n * held < bought) return false;
      transaction = swap.signature;
      if (legs.has(swap)) bought += swap.amountOut;
      held += swap.tokenOut === token ? swap.amountOut : -swap.amountIn;
    }
    return 2n * held >= bought;
  }

  /** The actors' swaps of a token from the first leg until the transaction of the back run. */
  #between(actors: ReadonlySet<number>, token: string, first: Swap, back: Swap): Swap[] {
    const found: Swap[] = [];
    for (const actor of actors) {
      const moves = this.#moves.get(`${actor} ${token}`) ?? [];
      for (let i = firstNotBefore(moves, first); i < moves.length; i++) {
        const swap = moves[i];
        if (swap === undefined || swap.signature === back.signature || inChainOrder(swap, back) >= 0) break;
        found.push(swap);
      }
    }
    return actors.size > 1 ? found.sort(inChainOrder) : found;
  }
}

function firstNotBefore(swaps: readonly Swap[], first: Swap): number {
  let low = 0;
  let high = swaps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const swap = swaps[middle];
    if (swap !== undefined && inChainOrder(swap, first) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
