import type { Bps } from "@slipstream/conventions";
import { bucketOf, sizeBounds, toleranceBounds } from "../statistics/dimensions.ts";
import type { Exposed } from "./attack-model.ts";
import type { FeeTrial } from "./fee-trial.ts";

/**
 * Weight of the prior: a mean is shrunk to the mean of a wider group as if this many more attacks were known.
 */
const heldBy = 10;

interface Mean {
  sum: number;
  count: number;
}

/**
 * Loss / output of a sandwiched trade: the mean by tolerance if that is known, otherwise by pair and size.
 */
export class LossModel {
  readonly #means = new Map<string, Mean>();

  constructor(trials: readonly FeeTrial[]) {
    for (const trial of trials) {
      const { verdict, lossRatio, toleranceBps } = trial;
      if (verdict !== "impacted" || lossRatio === null) continue;
      for (const key of [all, pairKey(trial), sizeKey(trial), cellKey(trial)]) this.#add(key, lossRatio);
      if (toleranceBps === undefined || toleranceBps === null || toleranceBps <= 0) continue;
      // Attackers push a victim at most to its tolerance, so what they take is a share of it.
      for (const key of [ofTolerance, toleranceKey(toleranceBps)])
        this.#add(key, lossRatio / (toleranceBps / 1e4));
    }
  }

  of(exposed: Exposed): number {
    const { toleranceBps } = exposed;
    const told = toleranceBps !== undefined && toleranceBps !== null && this.#means.has(ofTolerance);
    if (told)
      return (this.#held(toleranceKey(toleranceBps), this.#held(ofTolerance, 0, 0)) * toleranceBps) / 1e4;
    const overall = this.#held(all, 0, 0);
    if (overall === 0) return 0;
    const [ofPair, ofSize] = [pairKey(exposed), sizeKey(exposed)].map((key) => this.#held(key, overall));
    return this.#held(cellKey(exposed), Math.min(1, ((ofPair ?? 0) * (ofSize ?? 0)) / overall));
  }

  #held(key: string, towards: number, by: number = heldBy): number {
    const { sum, count } = this.#means.get(key) ?? { sum: 0, count: 0 };
    return count + by === 0 ? 0 : (sum + by * towards) / (count + by);
  }

  #add(key: string, value: number): void {
    const mean = this.#means.get(key) ?? { sum: 0, count: 0 };
    mean.sum += value;
    mean.count++;
    this.#means.set(key, mean);
  }
}

const all = "all";
const ofTolerance = "of tolerance";

function pairKey({ pair }: Pick<Exposed, "pair">): string {
  return `pair ${pair}`;
}

function sizeKey({ sizeUsd }: Pick<Exposed, "sizeUsd">): string {
  return `size ${bucketOf(sizeUsd, sizeBounds)}`;
}

function cellKey({ pair, sizeUsd }: Pick<Exposed, "pair" | "sizeUsd">): string {
  return `${sizeKey({ sizeUsd })} of ${pair}`;
}

function toleranceKey(toleranceBps: Bps): string {
  return `tolerance ${bucketOf(toleranceBps, toleranceBounds)}`;
}
