import { aggregatorMetrics, microUsd as inMicroUsd, type MicroUsd } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter } from "../boundaries.ts";
import type { EventKind, SpanEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import { assertPlausible, ExactSum, MOST_MICRO_USD, usd } from "../money.ts";
import type { EngineOptions } from "../options.ts";
import { gauge } from "./ratio-families.ts";
import type { Instant, Statistic } from "./statistic.ts";
import { Window } from "./window.ts";

/** Profit of some trades. */
class Profit implements Mergeable<Profit>, Savable {
  readonly microUsd: ExactSum<MicroUsd<number | bigint>> = new ExactSum();
  trades = 0;

  add(microUsd: MicroUsd<number | bigint>): void {
    this.microUsd.add(microUsd);
    this.trades += 1;
  }

  merge(other: Profit): void {
    this.microUsd.merge(other.microUsd);
    this.trades += other.trades;
  }

  save(): Saved {
    return { microUsd: this.microUsd.save(), trades: this.trades };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved profit", saved);
    this.microUsd.load(fields.any("microUsd"));
    this.trades = fields.number("trades");
  }
}

/**
 * Profit and loss since the log began, in dollars and as a share of the capital. At an instant it is the sum of what
 * ended up to it: the total without the panes after it, so that an instant read late has the value it had in time.
 */
export class Pnl implements Statistic {
  readonly name = "pnl";
  readonly onDashboard = true;
  readonly kinds: readonly EventKind[] = ["trade"];
  readonly #capitalUsd: number | undefined;
  readonly #total: Profit = new Profit();
  readonly #recent: Window<Profit>;
  #newestMs: number = Number.NEGATIVE_INFINITY;

  constructor({ capitalUsd, amendmentSeconds }: EngineOptions) {
    this.#capitalUsd = capitalUsd;
    this.#recent = new Window({ seconds: BOUNDARY_MS / 1_000, amendmentSeconds, create: () => new Profit() });
  }

  observe(event: SpanEvent): void {
    const microUsd = event.trade?.pnlMicroUsd;
    if (microUsd === undefined) return;
    this.#total.add(microUsd);
    this.#recent.paneOf(event)?.add(microUsd);
    if (event.live) this.#newestMs = Math.max(this.#newestMs, event.timeMs);
  }

  advance(timeMs: number): void {
    this.#recent.advance(timeMs);
  }

  save(): Saved {
    return { total: this.#total.save(), recent: this.#recent.save(), newestMs: this.#newestMs };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved profit and loss", saved);
    this.#total.load(fields.any("total"));
    const { microUsd, trades } = this.#total;
    assertPlausible("the profit in micro-dollars", microUsd.value, trades, MOST_MICRO_USD);
    this.#recent.load(fields.any("recent"));
    this.#newestMs = fields.number("newestMs");
  }

  read(instant: Instant): Record<string, StatisticValue> {
    const { dollars, count } = this.#upTo(instant);
    const entry = { count, windowSeconds: null };
    const unknown = count === 0 ? "no trade has a profit or loss (trade.pnl_usd)" : undefined;
    return {
      total_pnl: this.#share(dollars, count, unknown),
      total_pnl_usd:
        unknown === undefined
          ? { value: dollars, unit: "usd", ...entry }
          : { value: null, unit: "usd", ...entry, reason: unknown },
    };
  }

  collect(instant: Instant): MetricFamily[] {
    const { dollars, count } = this.#upTo(instant);
    return [gauge(aggregatorMetrics.pnl, count === 0 ? null : dollars)];
  }

  #upTo({ boundaryMs, newest }: Instant): { readonly dollars: number; readonly count: number } {
    const { microUsd, trades } = this.#total;
    if (newest) return { dollars: usd(microUsd.value), count: trades };
    const later = this.#recent.between(boundaryMs, boundaryAtOrAfter(this.#newestMs));
    return { dollars: usd(inMicroUsd(microUsd.value - later.microUsd.value)), count: trades - later.trades };
  }

  #share(dollars: number, count: number, unknown: string | undefined): StatisticValue {
    const entry = { unit: "%", count, windowSeconds: null };
    if (this.#capitalUsd === undefined)
      return { value: null, ...entry, reason: "capitalUsd is not configured" };
    if (unknown !== undefined) return { value: null, ...entry, reason: unknown };
    return { value: (100 * dollars) / this.#capitalUsd, ...entry };
  }
}
