import { ucumUnit } from "@slipstream/conventions";
import { type Handle, HistogramHandle, type RecordTap } from "./handles.ts";
import type { InstrumentSet } from "./instrument-set.ts";

type Attributes = Readonly<Record<string, string>>;
interface Observation {
  observe(value: number, attributes?: Attributes): void;
}
interface Observable {
  addCallback(callback: (observation: Observation) => void): void;
  removeCallback(callback: (observation: Observation) => void): void;
}
interface InstrumentOptions {
  description: string;
  unit: string;
  advice?: { explicitBucketBoundaries: number[] };
}

/** The part of an OpenTelemetry Meter that is used. */
export interface LeastMeter {
  createObservableCounter(name: string, options: InstrumentOptions): Observable;
  createObservableGauge(name: string, options: InstrumentOptions): Observable;
  createHistogram(
    name: string,
    options: InstrumentOptions,
  ): { record(value: number, attributes?: Attributes): void };
}

/** The part of an OpenTelemetry MeterProvider that is used. */
export interface MeterSource {
  getMeter(name: string): LeastMeter;
}

const BUFFERED_RECORDS = 1_024;

/**
 * Counters and gauges are observed when the provider collects. OpenTelemetry has no observable histogram, so
 * records are buffered and passed on at each collection, or when the buffer is full. Earlier values are not
 * included.
 */
export function exposeOnMeter(set: InstrumentSet, provider: MeterSource): () => void {
  const meter = provider.getMeter("@slipstream/telemetry");
  const undo: (() => void)[] = [];
  const taps: BufferedTap[] = [];
  for (const { definition, cells } of set.rows) {
    const { name, kind, help, unit, buckets = [] } = definition;
    const options = { description: help, unit: ucumUnit[unit] };
    if (kind === "histogram") {
      const target = meter.createHistogram(name, {
        ...options,
        advice: { explicitBucketBoundaries: [...buckets] },
      });
      for (const { labels, handle } of cells) {
        if (!(handle instanceof HistogramHandle)) continue;
        const tap = new BufferedTap((value) => target.record(value, labels));
        taps.push(tap);
        handle.tap = tap;
        undo.push(() => {
          handle.tap = undefined;
        });
      }
      continue;
    }
    const observable =
      kind === "counter"
        ? meter.createObservableCounter(name, options)
        : meter.createObservableGauge(name, options);
    const callback = (observation: Observation): void => {
      set.measure();
      for (const tap of taps) tap.drain();
      for (const { labels, handle } of cells) observe(observation, handle, labels);
    };
    observable.addCallback(callback);
    undo.push(() => observable.removeCallback(callback));
  }
  return () => {
    for (const end of undo) end();
  };
}

function observe(observation: Observation, handle: Handle, labels: Attributes): void {
  if (handle instanceof HistogramHandle) return;
  if (handle.value !== undefined) observation.observe(handle.value, labels);
}

class BufferedTap implements RecordTap {
  readonly #values: Float64Array = new Float64Array(BUFFERED_RECORDS);
  readonly #record: (value: number) => void;
  #length = 0;

  constructor(record: (value: number) => void) {
    this.#record = record;
  }

  push(value: number): void {
    this.#values[this.#length] = value;
    this.#length += 1;
    if (this.#length === BUFFERED_RECORDS) this.drain();
  }

  drain(): void {
    const length = this.#length;
    this.#length = 0;
    for (let i = 0; i < length; i += 1) this.#record(this.#values[i] as number);
  }
}
