import { aggregatorMetrics, serviceMetrics } from "@slipstream/conventions";
import type { MetricFamily, NumberSample } from "@slipstream/exposition";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { PointEvent } from "../event.ts";
import type { LabelledStatisticValue } from "../model.ts";
import type { EngineOptions } from "../options.ts";
import { processOf } from "../process-key.ts";
import { type FreshValues, GaugeWindow } from "./gauge-window.ts";
import { gauge } from "./ratio-families.ts";
import type { Entry, Instant, Statistic } from "./statistic.ts";

/**
 * Memory and CPU of the desk's processes. The families of the services' names have no label that tells processes apart, and a sum over
 * machines, or of limits that processes share, would be no one's number. So each is that of one process, the one in
 * the greatest need: for memory and its limit the process that is nearest to its limit (both numbers are that one's, so
 * that their quotient is true; where no limit is known, the largest); for CPU the busiest.
 */
export class Processes implements Statistic {
  readonly name = "processes";
  readonly onDashboard = false;
  readonly #memory: GaugeWindow;
  readonly #limit: GaugeWindow;
  readonly #cpu: GaugeWindow;
  readonly #byName: ReadonlyMap<string, GaugeWindow>;

  constructor(options: EngineOptions) {
    this.#memory = new GaugeWindow(serviceMetrics.memoryUsage.name, options);
    this.#limit = new GaugeWindow(serviceMetrics.memoryLimit.name, options);
    this.#cpu = new GaugeWindow(serviceMetrics.cpuUsage.name, options);
    this.#byName = new Map([
      [serviceMetrics.memoryUsage.name, this.#memory],
      [serviceMetrics.memoryLimit.name, this.#limit],
      [serviceMetrics.cpuUsage.name, this.#cpu],
    ]);
  }

  observePoint(point: PointEvent): void {
    for (const window of this.#byName.values()) window.observeProcess(point);
    this.#byName.get(point.name)?.observe(point);
  }

  advance(timeMs: number): void {
    for (const window of this.#byName.values()) window.advance(timeMs);
  }

  save(): Saved {
    return Object.fromEntries(Array.from(this.#byName, ([name, window]) => [name, window.save()]));
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved gauges", saved);
    for (const [name, window] of this.#byName) window.load(fields.any(name));
  }

  read(instant: Instant): Record<string, Entry> {
    const series = (window: GaugeWindow, unit: string): Entry => ({
      series: samplesOf(window, instant).map(({ labels, value }) => {
        return { labels, value, unit, count: 1, windowSeconds: window.seconds };
      }),
    });
    return {
      memory_usage_by_process: series(this.#memory, "bytes"),
      cpu_usage_by_process: series(this.#cpu, "%"),
      memory_used: { series: this.#used(instant) },
    };
  }

  /** Of its limit, for each process that reports its memory. */
  #used(instant: Instant): LabelledStatisticValue[] {
    const limits = this.#limit.read(instant).values;
    return Array.from(this.#memory.read(instant).values, ([key, memory]) => {
      const { service, instance } = processOf(key);
      const limit = limits.get(key) || undefined;
      const entry = {
        labels: { service, process: instance },
        unit: "%",
        count: 1,
        windowSeconds: this.#memory.seconds,
      };
      if (limit !== undefined) return { ...entry, value: (100 * memory) / limit };
      return { ...entry, value: null, reason: `it reports no ${serviceMetrics.memoryLimit.name}` };
    });
  }

  collect(instant: Instant): MetricFamily[] {
    const { memory, limit } = nearestItsLimit(this.#memory.read(instant), this.#limit.read(instant));
    const busiest = this.#cpu.read(instant);
    const cpu = busiest.reason === undefined ? Math.max(...busiest.values.values()) : undefined;
    return [
      gauge(serviceMetrics.memoryUsage, memory),
      gauge(serviceMetrics.memoryLimit, limit),
      gauge(serviceMetrics.cpuUsage, cpu),
      { definition: aggregatorMetrics.memoryByProcess, samples: samplesOf(this.#memory, instant) },
      { definition: aggregatorMetrics.cpuByProcess, samples: samplesOf(this.#cpu, instant) },
    ];
  }
}

function samplesOf(window: GaugeWindow, instant: Instant): NumberSample[] {
  return Array.from(window.read(instant).values, ([key, value]) => {
    const { service, instance } = processOf(key);
    return { labels: { service, process: instance }, value };
  });
}

interface Memory {
  readonly memory: number | undefined;
  readonly limit: number | undefined;
}

function nearestItsLimit(memories: FreshValues, limits: FreshValues): Memory {
  let worst: Memory = { memory: undefined, limit: undefined };
  if (memories.reason !== undefined) return worst;
  for (const [process, memory] of memories.values) {
    const limit = limits.values.get(process) || undefined;
    if (isNearer({ memory, limit }, worst)) worst = { memory, limit };
  }
  return worst;
}

// Any share of a limit goes before a number without one.
function isNearer(a: Memory, b: Memory): boolean {
  const share = ({ memory = -1, limit }: Memory): number => (limit === undefined ? -1 : memory / limit);
  if (share(a) !== share(b)) return share(a) > share(b);
  return (a.memory ?? -1) > (b.memory ?? -1);
}
