import { elapsedText } from "@slipstream/alerts";
import { aggregatorMetrics, microUsd, quantity } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind } from "../event.ts";
import type { MevTrade } from "../mev/own-trade.ts";
import type { CountedVerdict, VerdictChange } from "../mev/own-verdicts.ts";
import type { StatisticValue } from "../model.ts";
import { usd } from "../money.ts";
import type { EngineOptions } from "../options.ts";
import { shareEntry } from "./entries.ts";
import { MevTotals } from "./mev-totals.ts";
import { gauge, ratioFamilies } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";
import { BEYOND_SUMS, countsOf, type VerdictCounts, VerdictWindow } from "./verdict-window.ts";

const NO_VERDICTS = "no MEV verdicts yet";
const AVOIDANCE = {
  ratio: aggregatorMetrics.mevAvoidance,
  low: aggregatorMetrics.mevAvoidanceLow,
  high: aggregatorMetrics.mevAvoidanceHigh,
  samples: aggregatorMetrics.mevAvoidanceSamples,
};
const DETECTION = {
  ratio: aggregatorMetrics.mevDetection,
  low: aggregatorMetrics.mevDetectionLow,
  high: aggregatorMetrics.mevDetectionHigh,
  samples: aggregatorMetrics.mevDetectionSamples,
};

/**
 * What MEV does to the desk: rates and money lost over the MEV window, by the verdicts as they stand, provisional ones among
 * them; totals since the log began. What takes longer to compute is made from the history when it is asked for.
 */
export class Mev implements Statistic {
  readonly name = "mev";
  readonly onDashboard = true;
  readonly kinds: readonly EventKind[] = [];
  // Provisional verdicts are taken back when final ones come.
  readonly needs: readonly string[] = ["verdicts"];
  readonly #totals: MevTotals = new MevTotals();
  readonly #window: VerdictWindow;

  constructor({ mevWindowSeconds, amendmentSeconds }: EngineOptions) {
    this.#window = new VerdictWindow(mevWindowSeconds, amendmentSeconds);
  }

  observeVerdict({ trade, now, before }: VerdictChange): void {
    if (before !== undefined) this.#count(trade, before, -1);
    this.#count(trade, now, 1);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  read(instant: Instant): Record<string, Entry> {
    const counts = this.#window.before(instant);
    return {
      mev_avoidance_rate: this.#avoidance(counts, instant),
      mev_detection_rate: this.#detection(counts, instant),
      mev_loss_usd: this.#loss(counts),
      mev_trades: { series: this.#totals.entries() },
    };
  }

  collect(instant: Instant): MetricFamily[] {
    const counts = this.#window.before(instant);
    const { value: loss } = this.#loss(counts);
    return [
      gauge(aggregatorMetrics.mevAttacksAvoided, this.#totals.final("avoided")),
      gauge(aggregatorMetrics.mevAttacksImpacted, this.#totals.final("impacted")),
      { definition: aggregatorMetrics.mevTrades, samples: this.#totals.samples() },
      ...ratioFamilies(AVOIDANCE, this.#avoidance(counts, instant)),
      ...ratioFamilies(DETECTION, this.#detection(counts, instant)),
      gauge(aggregatorMetrics.mevLoss, typeof loss === "number" ? loss : null),
    ];
  }

  save(): Saved {
    return { totals: this.#totals.save(), window: this.#window.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved MEV statistics", saved);
    this.#totals.load(fields.any("totals"));
    this.#window.load(fields.any("window"));
  }

  #count(trade: MevTrade, verdict: CountedVerdict, sign: 1 | -1): void {
    this.#totals.add(trade, verdict, sign);
    if (trade.inWindow) this.#window.add(trade.timeMs, countsOf(trade, verdict), sign);
  }

  #avoidance({ avoided, impacted, known }: VerdictCounts, instant: Instant): StatisticValue {
    const attacks = avoided + impacted;
    const entry = shareEntry(avoided, attacks, this.#window.seconds, "attacks", instant);
    if (attacks > 0) return entry;
    const none = `no attack on ${quantity(known, "trade")} with a verdict in the last ${elapsedText(this.#window.seconds)}`;
    return { ...entry, reason: this.#totals.isEmpty ? NO_VERDICTS : none };
  }

  #detection({ avoided, impacted, known }: VerdictCounts, instant: Instant): StatisticValue {
    const { seconds } = this.#window;
    const entry = shareEntry(avoided + impacted, known, seconds, "verdicts", instant);
    return known > 0 ? entry : { ...entry, reason: this.#noneKnown() };
  }

  #loss({ known, impacted, losses, lossMicroUsd }: VerdictCounts): StatisticValue {
    const entry = { unit: "usd", count: losses, windowSeconds: this.#window.seconds };
    if (known === 0) return { value: null, ...entry, reason: this.#noneKnown() };
    if (!Number.isSafeInteger(lossMicroUsd)) return { value: null, ...entry, reason: BEYOND_SUMS };
    const value = usd(microUsd(BigInt(lossMicroUsd)));
    if (losses === impacted) return { value, ...entry };
    const reason = `the loss of ${impacted - losses} of ${quantity(impacted, "impacted trade")} is not known`;
    return losses === 0 ? { value: null, ...entry, reason } : { value, ...entry, reason };
  }

  #noneKnown(): string {
    if (this.#totals.isEmpty) return NO_VERDICTS;
    return `no verdict other than unknown in the last ${elapsedText(this.#window.seconds)}`;
  }
}
