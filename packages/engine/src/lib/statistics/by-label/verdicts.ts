import { microUsd } from "@slipstream/conventions";
import type { VerdictKind } from "@slipstream/mev";
import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { MevTrade } from "../../mev/own-trade.ts";
import type { CountedVerdict } from "../../mev/own-verdicts.ts";
import { usd } from "../../money.ts";
import { addVerdicts, countsOf, noVerdicts, type VerdictCounts, verdictFields } from "../verdict-window.ts";

/** Verdicts of some trades. */
export class Verdicts implements Mergeable<Verdicts>, Savable {
  readonly counts: VerdictCounts = noVerdicts();
  /** Trades, those among them whose verdict is unknown. */
  all = 0;

  /** @param sign 1: it is true from now on; -1: no longer */
  add(trade: MevTrade, verdict: CountedVerdict, sign: 1 | -1): void {
    addVerdicts(this.counts, countsOf(trade, verdict), sign);
    this.all += sign;
  }

  of(verdict: VerdictKind): number {
    const { known, avoided, impacted } = this.counts;
    if (verdict === "unknown") return this.all - known;
    return verdict === "clean" ? known - avoided - impacted : this.counts[verdict];
  }

  get attacked(): number {
    return this.counts.avoided + this.counts.impacted;
  }

  /** Dollars; null if nothing is known of it. */
  get lossUsd(): number | null {
    const { known, impacted, losses, lossMicroUsd } = this.counts;
    if (known === 0 || (losses === 0 && impacted > 0)) return null;
    // Else the sum is no longer exact.
    return Number.isSafeInteger(lossMicroUsd) ? usd(microUsd(BigInt(lossMicroUsd))) : null;
  }

  /** Dollars; null if no loss is known. */
  get meanLossUsd(): number | null {
    const { losses } = this.counts;
    return this.lossUsd === null || losses === 0 ? null : this.lossUsd / losses;
  }

  merge({ counts, all }: Verdicts): void {
    addVerdicts(this.counts, counts, 1);
    this.all += all;
  }

  save(): Saved {
    return Float64Array.from([this.all, ...verdictFields.map((field) => this.counts[field])]);
  }

  load(saved: Saved): void {
    const [all = 0, ...counts] = new SavedFields("saved verdicts of a label", { counts: saved }).doubles(
      "counts",
      1 + verdictFields.length,
    );
    this.all = all;
    for (const [i, field] of verdictFields.entries()) this.counts[field] = counts[i] ?? 0;
  }
}
