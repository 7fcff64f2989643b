import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { Saved } from "@slipstream/stats";
import type { PointEvent } from "../event.ts";
import type { StatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { byService, GaugeWindow } from "./gauge-window.ts";
import { gauge } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

const CLOSED = 0;
const OPEN = 1;
const HALF_OPEN = 2;
const WORDS = ["closed", "open", "half_open"] as const;
const WORST_FIRST = [OPEN, HALF_OPEN, CLOSED];

/** The worst state of the desk's circuit breakers: open, then half-open, then closed. */
export class Breaker implements Statistic {
  readonly name = "circuit_breaker";
  readonly onDashboard = true;
  readonly #window: GaugeWindow;

  constructor(options: EngineOptions) {
    this.#window = new GaugeWindow(serviceMetrics.circuitBreakerState.name, options);
  }

  observePoint(point: PointEvent): void {
    this.#window.observeProcess(point);
    if (point.name === serviceMetrics.circuitBreakerState.name) this.#window.observe(point);
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
    const { state, count, reason } = this.#worst(instant);
    const entry = { unit: "state", count, windowSeconds: this.#window.seconds };
    const word = state === undefined ? undefined : WORDS[state];
    const value = word === undefined ? { value: null, ...entry, reason } : { value: word, ...entry };
    const services = Array.from(this.#byService(instant), ([service, { state, count }]) => {
      const entry = { unit: "state", count, windowSeconds: this.#window.seconds };
      return { labels: { service }, value: WORDS[state] ?? null, ...entry };
    });
    return {
      circuit_breaker_state: value as StatisticValue,
      circuit_breaker_state_by_service: { series: services },
    };
  }

  collect(instant: Instant): MetricFamily[] {
    const samples = Array.from(this.#byService(instant), ([service, { state }]) => ({
      labels: { service },
      value: state,
    }));
    return [
      gauge(serviceMetrics.circuitBreakerState, this.#worst(instant).state),
      { definition: aggregatorMetrics.breakerByService, samples },
    ];
  }

  /** The worst state of each service. */
  #byService(instant: Instant): ReadonlyMap<string, { readonly state: number; readonly count: number }> {
    const found = new Map<string, { readonly state: number; readonly count: number }>();
    for (const [service, states] of byService(this.#window.read(instant))) {
      const state = WORST_FIRST.find((candidate) => states.includes(candidate)) ?? CLOSED;
      found.set(service, { state, count: states.length });
    }
    return found;
  }

  #worst(instant: Instant): { state: number | undefined; count: number; reason: string } {
    const { values, reason = "" } = this.#window.read(instant);
    const states = new Set(values.values());
    // An open breaker is the worst whatever those say that could not be held.
    const state = WORST_FIRST.find((candidate) => states.has(candidate));
    const known = reason === "" || state === OPEN;
    return { state: known ? state : undefined, count: values.size, reason };
  }
}
