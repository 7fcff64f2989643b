import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily, NumberSample } from "@slipstream/exposition";
import type { Saved } from "@slipstream/stats";
import type { PointEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { byService, GaugeWindow } from "./gauge-window.ts";
import { gauge } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/** Positions that the desk's processes hold open, together. */
export class Positions implements Statistic {
  readonly name = "positions";
  readonly onDashboard = true;
  readonly #window: GaugeWindow;

  constructor(options: EngineOptions) {
    this.#window = new GaugeWindow(serviceMetrics.openPositions.name, options);
  }

  observePoint(point: PointEvent): void {
    this.#window.observeProcess(point);
    if (point.name === serviceMetrics.openPositions.name) this.#window.observe(point);
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
    const entry = { unit: "positions", windowSeconds: this.#window.seconds };
    const series = this.#services(instant).map((sample) => ({ ...sample, ...entry }));
    return { active_positions: this.#sum(instant), active_positions_by_service: { series } };
  }

  collect(instant: Instant): MetricFamily[] {
    const { value } = this.#sum(instant);
    return [
      gauge(serviceMetrics.openPositions, typeof value === "number" ? value : null),
      { definition: aggregatorMetrics.positionsByService, samples: this.#services(instant) },
    ];
  }

  #services(instant: Instant): (NumberSample & { readonly count: number })[] {
    return Array.from(byService(this.#window.read(instant)), ([service, values]) => ({
      labels: { service },
      value: values.reduce((sum, value) => sum + value, 0),
      count: values.length,
    }));
  }

  #sum(instant: Instant): StatisticValue {
    const { values, reason } = this.#window.read(instant);
    const entry = { unit: "positions", count: values.size, windowSeconds: this.#window.seconds };
    if (reason !== undefined) return { value: null, ...entry, reason };
    return { value: [...values.values()].reduce((sum, value) => sum + value, 0), ...entry };
  }
}
