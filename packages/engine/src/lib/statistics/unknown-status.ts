import { aggregatorMetrics } from "@slipstream/conventions";
import type { Labels, MetricFamily } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EventKind, SpanEvent } from "../event.ts";
import type { Entry, Statistic } from "./statistic.ts";

/**
 * Trades whose status is not known, by service: they are in no rate. It counts by itself since when: versions before took such
 * trades for successful ones.
 */
export class UnknownStatus implements Statistic {
  readonly name = "trades_unknown_status";
  readonly onDashboard = false;
  readonly kinds: readonly EventKind[] = ["trade"];
  // As many as there are names of services, which are bounded.
  readonly #services: Map<string, { readonly labels: Labels; count: number }> = new Map();

  observe({ trade }: SpanEvent): void {
    if (trade?.status === "unknown") this.#of(trade.service).count += 1;
  }

  read(): Record<string, Entry> {
    const total = { unit: "trades", windowSeconds: null };
    const series = Array.from(this.#services.values(), ({ labels, count }) => {
      return { labels, value: count, count, ...total };
    });
    return { trades_unknown_status: { series } };
  }

  collect(): MetricFamily[] {
    const samples = Array.from(this.#services.values(), ({ labels, count }) => ({ labels, value: count }));
    return [{ definition: aggregatorMetrics.unknownStatus, samples }];
  }

  save(): Saved {
    return {
      services: [...this.#services.keys()],
      counts: Float64Array.from(this.#services.values(), ({ count }) => count),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved trades of unknown status", saved);
    const services = fields.texts("services");
    const counts = fields.doubles("counts", services.length);
    for (const [i, service] of services.entries()) this.#of(service).count = counts[i] ?? 0;
  }

  #of(service: string): { readonly labels: Labels; count: number } {
    let known = this.#services.get(service);
    if (known === undefined) {
      known = { labels: { service }, count: 0 };
      this.#services.set(service, known);
    }
    return known;
  }
}
