import { aggregatorMetrics } from "@slipstream/conventions";
import type { MetricFamily, NumberSample } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../event.ts";
import type { Entry, Statistic } from "./statistic.ts";

const REASONS = aggregatorMetrics.tradeFailures.labels.reason;
type Reason = (typeof REASONS)[number];
// Kept, for whoever writes `/metrics` looks whether the labels are still the same.
const LABELS = REASONS.map((reason) => ({ reason }));

/** Why trades failed: how many of each reason. Together they are the failed trades. */
export class TradeFailures implements Statistic {
  readonly name = "trade_failures";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #counts: Map<Reason, number> = new Map();

  observe({ trade }: SpanEvent): void {
    const reason = trade?.failure;
    if (reason !== undefined) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  read(): Record<string, Entry> {
    const total = { unit: "trades", windowSeconds: null };
    const series = this.#samples().map(({ labels, value }) => ({ labels, value, count: value, ...total }));
    return { trade_failures: { series } };
  }

  collect(): MetricFamily[] {
    return [{ definition: aggregatorMetrics.tradeFailures, samples: this.#samples() }];
  }

  save(): Saved {
    return Object.fromEntries(REASONS.map((reason) => [reason, this.#counts.get(reason) ?? 0]));
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved failures", saved);
    for (const reason of REASONS) this.#counts.set(reason, fields.number(reason));
  }

  #samples(): NumberSample[] {
    return LABELS.map((labels) => ({ labels, value: this.#counts.get(labels.reason) ?? 0 }));
  }
}
