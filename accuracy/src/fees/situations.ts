import type { MevWorld } from "@slipstream/simulator";
import { groupBy } from "@slipstream/testing/group-by";
import { BidWorth } from "./bid-worth.ts";
import { contextOf, type SentTrade } from "./sent-trade.ts";

/** Situations that a trade may be in, as far as is known before: those of so many trades. */
const SITUATIONS = 64;

/**
 * Pool, hour, congestion and, where it is not told, tolerance, of a trade of which pair, size, urgency and protection are told: as
 * likely those of each of the trades of its pair nearest in size.
 */
export class Situations {
  readonly #world: MevWorld;
  readonly #bySize: ReadonlyMap<string, SentTrade[]>;

  constructor(world: MevWorld, trades: readonly SentTrade[]) {
    this.#world = world;
    this.#bySize = groupBy(trades, ({ truth }) => truth.pair);
    for (const own of this.#bySize.values()) own.sort((a, b) => a.truth.sizeUsd - b.truth.sizeUsd);
  }

  /** @param told Whether its tolerance is told too. */
  worthOf(trade: SentTrade, told: { readonly tolerance: boolean }): BidWorth {
    const { sizeUsd, urgency, protection, toleranceBps } = trade.truth;
    const { solUsd } = trade.sent;
    const known = { sizeUsd, urgency, protection, ...(told.tolerance ? { toleranceBps } : {}) };
    return new BidWorth(
      this.#near(trade).map(({ truth, sent }) =>
        contextOf(this.#world, { truth: { ...truth, ...known }, sent: { ...sent, solUsd } }),
      ),
    );
  }

  #near({ truth: { pair, sizeUsd } }: SentTrade): SentTrade[] {
    const sorted = this.#bySize.get(pair) ?? [];
    const away = (one: SentTrade | undefined): number =>
      one === undefined ? Number.POSITIVE_INFINITY : Math.abs(Math.log(one.truth.sizeUsd / sizeUsd));
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((sorted[middle]?.truth.sizeUsd ?? 0) < sizeUsd) from = middle + 1;
      else to = middle;
    }
    while (to - from < SITUATIONS && (from > 0 || to < sorted.length)) {
      if (away(sorted[from - 1]) < away(sorted[to])) from--;
      else to++;
    }
    return sorted.slice(from, to);
  }
}
