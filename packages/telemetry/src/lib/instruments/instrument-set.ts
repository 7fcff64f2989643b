import { type MetricDefinition, serviceMetrics } from "@slipstream/conventions";
import { CounterHandle, GaugeHandle, type Handle, HistogramHandle } from "./handles.ts";
import type { Instruments } from "./instruments.ts";
import type { HistogramPoint, MetricSnapshot, NumberPoint } from "./snapshot.ts";

/** One metric with the handles of its label values. */
export interface InstrumentRow {
  readonly definition: MetricDefinition;
  readonly cells: readonly { readonly labels: Readonly<Record<string, string>>; readonly handle: Handle }[];
}

/** The service's instruments, from which readers of any kind collect. */
export class InstrumentSet {
  readonly handles: Instruments;
  readonly rows: readonly InstrumentRow[];
  /** When counting began, as Unix time in ms: the start time of cumulative values. */
  readonly startMs: number;
  readonly #beforeCollect: (() => void)[] = [];
  readonly #beforeRead: (() => void)[] = [];

  constructor(startMs: number = Date.now()) {
    this.startMs = startMs;
    const beforeRead = () => {
      for (const count of this.#beforeRead) count();
    };
    const made = Object.entries(serviceMetrics).map(
      ([key, definition]) => [key, makeRow(definition, beforeRead)] as const,
    );
    this.rows = made.map(([, row]) => row);
    this.handles = Object.fromEntries(made.map(([key, row]) => [key, bound(row)])) as unknown as Instruments;
  }

  /** Registers `measure`, which is called at each collection to set measured gauges. It must not throw. */
  beforeCollect(measure: () => void): void {
    this.#beforeCollect.push(measure);
  }

  /**
   * Registers `count`, which is called before a counter or a histogram is read, and counts what has happened by then. It
   * must not throw.
   */
  beforeRead(count: () => void): void {
    this.#beforeRead.push(count);
  }

  /** Sets the measured gauges, and counts what has happened. `collect` calls this itself. */
  measure(): void {
    for (const count of this.#beforeRead) count();
    for (const measure of this.#beforeCollect) measure();
  }

  /** The current points of every metric that has any. */
  collect(): MetricSnapshot[] {
    this.measure();
    return this.rows.map(snapshot).filter(({ points }) => points.length > 0);
  }
}

function makeRow(definition: MetricDefinition, beforeRead: () => void): InstrumentRow {
  const label = Object.entries(definition.labels ?? {})[0];
  if (label === undefined)
    return { definition, cells: [{ labels: {}, handle: makeHandle(definition, beforeRead) }] };
  const [name, values] = label;
  const known = values === "open" ? [] : values;
  return {
    definition,
    cells: known.map((value) => ({ labels: { [name]: value }, handle: makeHandle(definition, beforeRead) })),
  };
}

function makeHandle({ kind, buckets = [] }: MetricDefinition, beforeRead: () => void): Handle {
  if (kind === "histogram") return new HistogramHandle(buckets, beforeRead);
  return kind === "counter" ? new CounterHandle(beforeRead) : new GaugeHandle();
}

function bound({ definition, cells }: InstrumentRow): Handle | Record<string, Handle> | undefined {
  if (definition.labels === undefined) return cells[0]?.handle;
  return Object.fromEntries(cells.map(({ labels, handle }) => [Object.values(labels)[0] ?? "", handle]));
}

function snapshot({ definition, cells }: InstrumentRow): MetricSnapshot {
  if (definition.kind === "histogram") {
    return {
      kind: "histogram",
      definition,
      points: cells.flatMap(({ labels, handle }): HistogramPoint[] =>
        handle instanceof HistogramHandle ? [histogramPoint(labels, handle)] : [],
      ),
    };
  }
  return {
    kind: definition.kind,
    definition,
    points: cells.flatMap(({ labels, handle }): NumberPoint[] => {
      const value = handle instanceof HistogramHandle ? undefined : handle.value;
      return value === undefined ? [] : [{ labels, value }];
    }),
  };
}

function histogramPoint(
  labels: Readonly<Record<string, string>>,
  { histogram }: HistogramHandle,
): HistogramPoint {
  return {
    labels,
    bounds: [...histogram.bounds],
    counts: [...histogram.counts],
    sum: histogram.sum,
    count: histogram.count,
  };
}
