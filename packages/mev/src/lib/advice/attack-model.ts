import { bucketOf, sizeBounds } from "../statistics/dimensions.ts";
import type { FeeTrial } from "./fee-trial.ts";

/** Trades that a rate of a kind is held to the wider kind's by, as if so many more were known. */
const heldBy = 30;
const lossHeldBy = 10;

interface Counts {
  trades: number;
  hits: number;
  /** Sum and number of known loss ratios. */
  loss: number;
  known: number;
}

/** How often landed trades of one protection are sandwiched, and what they lose, by pair and size bucket. */
export class AttackModel {
  readonly #cells = new Map<string, Counts>();

  constructor(trials: readonly FeeTrial[]) {
    for (const trial of trials) {
      if (!isJudged(trial)) continue;
      for (const key of keysOf(trial)) this.#add(key, trial);
    }
  }

  /** Landed trades whose verdict is known. */
  get trades(): number {
    return this.#at("").trades;
  }

  /** Of the pair and size bucket. */
  countsOf(pair: string, sizeUsd: number): { readonly trades: number; readonly hits: number } {
    return this.#at(keysOf({ pair, sizeUsd })[3]);
  }

  /**
   * P(sandwiched | landed): the pair's and bucket's own rate, held to what pair and bucket together let expect, and these to the
   * rate of all.
   */
  rateOf(pair: string, sizeUsd: number): number {
    const [all, ofPair, ofSize, own] = keysOf({ pair, sizeUsd }).map((key) => this.#at(key));
    const overall = shrunk(all, 0.5 / Math.max(1, all?.trades ?? 0), 1);
    if (overall === 0) return 0;
    const expected = (shrunk(ofPair, overall) * shrunk(ofSize, overall)) / overall;
    return Math.min(1, shrunk(own, Math.min(1, expected)));
  }

  /** Loss / output of a sandwiched trade. */
  lossOf(pair: string, sizeUsd: number): number {
    const [all, , ofSize, own] = keysOf({ pair, sizeUsd }).map((key) => this.#at(key));
    const overall = all === undefined || all.known === 0 ? 0 : all.loss / all.known;
    const bySize = heldLoss(ofSize, overall);
    return heldLoss(own, bySize);
  }

  #at(key: string): Counts {
    return this.#cells.get(key) ?? { trades: 0, hits: 0, loss: 0, known: 0 };
  }

  #add(key: string, { verdict, lossRatio }: FeeTrial): void {
    const cell = this.#at(key);
    cell.trades++;
    if (verdict === "impacted") {
      cell.hits++;
      if (lossRatio !== null) {
        cell.loss += lossRatio;
        cell.known++;
      }
    }
    this.#cells.set(key, cell);
  }
}

export function isJudged({ outcome, verdict }: FeeTrial): boolean {
  return outcome === "landed" && verdict !== null && verdict !== "unknown";
}

function keysOf({ pair, sizeUsd }: Pick<FeeTrial, "pair" | "sizeUsd">): [string, string, string, string] {
  const size = bucketOf(sizeUsd, sizeBounds);
  return ["", `pair ${pair}`, `size ${size}`, `pair ${pair} size ${size}`];
}

function shrunk(counts: Counts | undefined, towards: number, by: number = heldBy): number {
  const { hits, trades } = counts ?? { hits: 0, trades: 0 };
  return (hits + by * towards) / (trades + by);
}

function heldLoss(counts: Counts | undefined, towards: number): number {
  const { loss, known } = counts ?? { loss: 0, known: 0 };
  return (loss + lossHeldBy * towards) / (known + lossHeldBy);
}
