import { mergeCounts } from "./gather.ts";

/** True verdicts beside those that were told. `none`: no final verdict. */
export type Told = "impacted" | "avoided" | "clean" | "unknown" | "none";
export type Truth = "impacted" | "avoided" | "clean";

export const truths: readonly Truth[] = ["impacted", "avoided", "clean"];
export const tolds: readonly Told[] = ["impacted", "avoided", "clean", "unknown", "none"];

/** Counts by truth and by what was told. */
export class Confusion {
  readonly counts: Map<string, number> = new Map();

  add(truth: Truth, told: Told, count = 1): void {
    const key = `${truth} ${told}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  count(truth: Truth, told: Told): number {
    return this.counts.get(`${truth} ${told}`) ?? 0;
  }

  /** Trades of which this is true. */
  ofTruth(truth: Truth): number {
    return tolds.reduce((sum, told) => sum + this.count(truth, told), 0);
  }

  /** Trades of which this was told. */
  ofTold(told: Told): number {
    return truths.reduce((sum, truth) => sum + this.count(truth, told), 0);
  }

  addAll({ counts }: Pick<Confusion, "counts">): void {
    mergeCounts(this.counts, counts);
  }
}
