import { mevLabelMetrics, type TradeLabel } from "@slipstream/conventions";
import type { Labels, MetricFamily, NumberSample } from "@slipstream/exposition";
import { type VerdictKind, verdictKinds } from "@slipstream/mev/verdicts";
import type { Saved } from "@slipstream/stats";
import type { EventKind } from "../../event.ts";
import type { VerdictChange } from "../../mev/own-verdicts.ts";
import type { LabelledStatisticValue } from "../../model.ts";
import type { EngineOptions } from "../../options.ts";
import { shareEntry } from "../entries.ts";
import type { Entry, Instant, Statistic } from "../statistic.ts";
import { BEYOND_SUMS } from "../verdict-window.ts";
import { CoarseWindow, coarsePaneMs } from "./coarse-window.ts";
import { Groups } from "./groups.ts";
import { verdictLabelValues } from "./labels.ts";
import { Largest, type Shown } from "./largest.ts";
import { Verdicts } from "./verdicts.ts";

/** In each pane so many times more values have a place of their own. */
const PLACES = 4;

/**
 * Verdicts and losses by the values of a label, over the MEV window. A verdict may change later, so what a value is counted
 * as must not: in each pane the first values have a place of their own. Of the window `maxLabelValues` values are shown,
 * those with the most trades, and the rest is "other", so that the sum over all is that of all trades.
 */
export class MevBy implements Statistic {
  readonly name: string;
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = [];
  // Provisional verdicts are taken back when final ones come.
  readonly needs: readonly string[] = ["verdicts"];
  readonly paneMs: number;
  readonly #label: TradeLabel;
  readonly #window: CoarseWindow<Groups<Verdicts>>;
  readonly #largest: Largest<Verdicts, LabelsOf>;

  constructor(label: TradeLabel, { maxLabelValues, mevWindowSeconds, amendmentSeconds }: EngineOptions) {
    this.name = `mev_by_${label}`;
    this.#label = label;
    this.paneMs = coarsePaneMs(mevWindowSeconds);
    this.#window = new CoarseWindow({
      seconds: mevWindowSeconds,
      paneMs: this.paneMs,
      amendmentSeconds,
      create: () => new Groups(PLACES * maxLabelValues, () => new Verdicts()),
    });
    this.#largest = new Largest({
      most: maxLabelValues,
      sizeOf: ({ all }) => all,
      create: () => new Verdicts(),
      labelsOf: (value) => labelsOf(label, value),
    });
  }

  observeVerdict({ trade, now, before }: VerdictChange): void {
    if (!trade.inWindow) return;
    const pane = this.#window.at(trade.timeMs);
    if (pane === undefined) return;
    const labelOf = verdictLabelValues[this.#label];
    if (before !== undefined) pane.of(labelOf(trade, before)).add(trade, before, -1);
    pane.of(labelOf(trade, now)).add(trade, now, 1);
  }

  advance(timeMs: number): void {
    this.#window.advance(timeMs);
  }

  save(): Saved {
    return this.#window.save();
  }

  load(saved: Saved): void {
    this.#window.load(saved);
  }

  read(instant: Instant): Record<string, Entry> {
    const { shown, seconds } = this.#shown(instant);
    const series = (of: (verdicts: Verdicts) => Omit<LabelledStatisticValue, "labels">): Entry => ({
      series: shown.map(({ labels, of: verdicts }) => ({ labels, ...of(verdicts) })),
    });
    const share = (part: number, all: number, what: string) => shareEntry(part, all, seconds, what, instant);
    const by = `by_${this.#label}`;
    return {
      [`mev_verdicts_${by}`]: {
        series: shown.flatMap(verdictSamples).map((sample) => {
          return { ...sample, unit: "trades", count: sample.value, windowSeconds: seconds };
        }),
      },
      [`mev_detection_rate_${by}`]: series(({ attacked, counts }) =>
        share(attacked, counts.known, "such trades with a verdict"),
      ),
      [`mev_avoidance_rate_${by}`]: series(({ attacked, counts }) =>
        share(counts.avoided, attacked, "attacks on such trades"),
      ),
      [`mev_unknown_rate_${by}`]: series((verdicts) =>
        share(verdicts.of("unknown"), verdicts.all, "such trades"),
      ),
      [`mev_loss_usd_${by}`]: series((verdicts) => money(verdicts.lossUsd, verdicts, seconds)),
      [`mev_mean_loss_usd_${by}`]: series((verdicts) => money(verdicts.meanLossUsd, verdicts, seconds)),
    };
  }

  collect(instant: Instant): MetricFamily[] {
    const { shown } = this.#shown(instant);
    const { verdicts, attacked, unknown, loss, meanLoss, knownLosses } = mevLabelMetrics[this.#label];
    const family = (
      definition: MetricFamily["definition"],
      of: (verdicts: Verdicts) => number | null,
    ): MetricFamily => ({
      definition,
      samples: shown.flatMap(({ labels, of: verdicts }) => {
        const value = of(verdicts);
        return value === null ? [] : [{ labels, value }];
      }),
    });
    return [
      { definition: verdicts, samples: shown.flatMap(verdictSamples) },
      family(attacked, (each) => (each.counts.known === 0 ? null : each.attacked)),
      family(unknown, (each) => each.of("unknown") / each.all),
      family(loss, ({ lossUsd }) => lossUsd),
      family(meanLoss, ({ meanLossUsd }) => meanLossUsd),
      family(knownLosses, ({ counts }) => (counts.known === 0 ? null : counts.losses)),
    ];
  }

  /** Those with the most trades first, "other" last. */
  #shown(instant: Instant): { readonly shown: readonly ShownVerdicts[]; readonly seconds: number } {
    const { all, seconds } = this.#window.before(instant);
    return { shown: this.#largest.of(all.byValue), seconds };
  }
}

interface LabelsOf {
  readonly labels: Labels;
  readonly byVerdict: readonly { readonly verdict: VerdictKind; readonly labels: Labels }[];
}

type ShownVerdicts = Shown<Verdicts, LabelsOf>;

function labelsOf(label: TradeLabel, value: string): LabelsOf {
  const labels = { [label]: value };
  return {
    labels,
    byVerdict: verdictKinds.map((verdict) => ({ verdict, labels: { ...labels, verdict } })),
  };
}

function verdictSamples({ byVerdict, of: verdicts }: ShownVerdicts): NumberSample[] {
  return byVerdict.map(({ verdict, labels }) => ({ labels, value: verdicts.of(verdict) }));
}

function money(
  value: number | null,
  { counts: { known, impacted, losses } }: Verdicts,
  windowSeconds: number,
): Omit<LabelledStatisticValue, "labels"> {
  const entry = { value, unit: "usd", count: losses, windowSeconds };
  if (known === 0) return { ...entry, reason: "no such trade has a verdict other than unknown" };
  if (impacted === 0) return value === null ? { ...entry, reason: "no such trade was impacted" } : entry;
  if (losses === impacted) return value === null ? { ...entry, reason: BEYOND_SUMS } : entry;
  return { ...entry, reason: `the loss of ${impacted - losses} of ${impacted} impacted trades is not known` };
}
