import { bucketOf, sizeBounds } from "../statistics/dimensions.ts";
import { isJudged } from "./attack-model.ts";
import type { FeeTrial } from "./fee-trial.ts";

interface Counts {
  trades: number;
  hits: number;
}

const none: Readonly<Counts> = { trades: 0, hits: 0 };

/**
 * Landed trades of one protection with a verdict, and how many were sandwiched: in total, and by pair and
 * size bucket.
 */
export class AttackCounts {
  readonly #cells = new Map<string, Counts>();
  readonly all: Counts = { ...none };

  constructor(trials: readonly FeeTrial[]) {
    for (const trial of trials) {
      if (!isJudged(trial)) continue;
      const key = keyOf(trial);
      const cell = this.#cells.get(key) ?? { ...none };
      this.#cells.set(key, cell);
      for (const counts of [this.all, cell]) {
        counts.trades++;
        if (trial.verdict === "impacted") counts.hits++;
      }
    }
  }

  of(trade: Pick<FeeTrial, "pair" | "sizeUsd">): Readonly<Counts> {
    return this.#cells.get(keyOf(trade)) ?? none;
  }
}

function keyOf({ pair, sizeUsd }: Pick<FeeTrial, "pair" | "sizeUsd">): string {
  return `${bucketOf(sizeUsd, sizeBounds)} ${pair}`;
}
