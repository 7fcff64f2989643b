import { microUsd } from "@slipstream/conventions";
import type { VerdictKind } from "@slipstream/mev";
import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import type { MevTrade } from "../../mev/own-trade.ts";
import type { CountedVerdict } from "../../mev/own-verdicts.ts";
import { usd } from "../../money.ts";
import { countsOf, noVerdicts, type VerdictCounts } from "../verdict-window.ts";

const FIELDS = ["known", "avoided", "impacted", "losses", "lossMicroUsd"] as const;

/** Verdicts of some trades. */
export class Verdicts implements Mergeable<Verdicts>, Savable {
  readonly counts: VerdictCounts = noVerdicts();
  /** Trades, those among them whose verdict is unknown. */
  all = 0;

  /** @param sign 1: it is true from now on; -1: no longer */
  add(trade: MevTrade, verdict: CountedVerdict, sign: 1 | -1): void {
    const counts = countsOf(trade, verdict);
    for (const field of FIELDS) this.counts[field] += sign * counts[field];
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
    for (const field of FIELDS) this.counts[field] += counts[field];
    this.all += all;
  }

  save(): Saved {
    return Float64Array.from([this.all, ...FIELDS.map((field) => this.counts[field])]);
  }

  load(saved: Saved): void {
    const [all = 0, ...counts] = new SavedFields("saved verdicts of a label", { counts: saved }).doubles(
      "counts",
      1 + FIELDS.length,
    );
    this.all = all;
    for (const [i, field] of FIELDS.entries()) this.counts[field] = counts[i] ?? 0;
  }
}
