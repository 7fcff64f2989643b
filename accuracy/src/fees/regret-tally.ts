import type { BidWorth } from "./bid-worth.ts";

export const fixedShares: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/** What bids on trades of held-out days are worth, USD in all. What is not sent is worth 0. */
export interface Regret {
  readonly asked: number;
  /** Questions that were answered with "not enough data": they count for nobody. */
  readonly abstained: number;
  /** What the best bids on those would have been worth. */
  readonly leftUsd: number;
  readonly advisedUsd: number;
  /** Of the best bid by the market's true odds for who is told what the advice is told. */
  readonly oracleUsd: number;
  /** The same bids, each in the situation that its trade truly was in. */
  readonly ownAdvisedUsd: number;
  readonly ownOracleUsd: number;
  /** Of the best bid for who knows that situation. */
  readonly seerUsd: number;
  /** Of the best of the fixed percentiles of earlier bids. */
  readonly fixedUsd: number;
  readonly fixedShare: number;
  /** The same where what would lose is left out by who knows it: the best that a fixed percentile can be. */
  readonly sievedUsd: number;
  /** Of what the desk did offer. */
  readonly deskUsd: number;
}

export interface Asked {
  /** To who is told what the question tells; and in the situation that it truly is in. */
  readonly worth: BidWorth;
  readonly own: BidWorth;
  /** Lamports: what is advised; null: not to send; undefined: no advice. */
  readonly advised: number | null | undefined;
  /** At `fixedShares` of those learned from. */
  readonly percentiles: readonly number[];
  readonly offered: number;
}

export class RegretTally {
  readonly #sums = {
    asked: 0,
    abstained: 0,
    leftUsd: 0,
    advisedUsd: 0,
    oracleUsd: 0,
    ownAdvisedUsd: 0,
    ownOracleUsd: 0,
    seerUsd: 0,
    deskUsd: 0,
  };
  readonly #fixed = fixedShares.map(() => 0);
  readonly #sieved = fixedShares.map(() => 0);

  add({ worth, own, advised, percentiles, offered }: Asked): void {
    const sums = this.#sums;
    sums.asked++;
    const best = worth.of(worth.best);
    if (advised === undefined) {
      sums.abstained++;
      sums.leftUsd += best;
      return;
    }
    sums.advisedUsd += worth.of(advised ?? undefined);
    sums.oracleUsd += best;
    sums.ownAdvisedUsd += own.of(advised ?? undefined);
    sums.ownOracleUsd += own.of(worth.best);
    sums.seerUsd += own.of(own.best);
    sums.deskUsd += worth.of(offered);
    for (const [index, bid] of percentiles.entries()) {
      const usd = worth.of(bid);
      this.#fixed[index] = (this.#fixed[index] ?? 0) + usd;
      this.#sieved[index] = (this.#sieved[index] ?? 0) + Math.max(0, usd);
    }
  }

  end(): Regret {
    const fixedUsd = Math.max(...this.#fixed);
    const fixedShare = fixedShares[this.#fixed.indexOf(fixedUsd)] ?? 0;
    return { ...this.#sums, fixedUsd, fixedShare, sievedUsd: Math.max(...this.#sieved) };
  }
}
