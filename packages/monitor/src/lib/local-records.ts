import { randomBytes } from "node:crypto";
import { type CurrentStatistics, Engine, type HistoryRecorder, type Publication } from "@slipstream/engine";
import type { MetricsBatch, Resource, Span } from "@slipstream/otlp/decode";
import type { EngineSettings, LocalData, LocalPoint, LocalSpan } from "./messages.ts";

/** Every span is told once, so the memory for recognising repeats can be small. */
const dedupeSpans = 4_096;

/** The aggregator's engine, fed with what one process measured of itself. */
export class LocalEngine {
  readonly #engine: Engine;
  readonly #resource: Resource;
  // The rest of an id counts spans; this tells them from those of other processes in the history.
  readonly #high: number = randomBytes(4).readUInt32BE();
  #spans = 0;

  constructor(
    { service, desk, engine }: Pick<EngineSettings, "service" | "desk" | "engine">,
    history?: HistoryRecorder,
  ) {
    this.#engine = new Engine({ ...engine, dedupeSpans }, { history });
    this.#resource = { service, desk, instance: "" };
  }

  /** @param receivedMs Unix ms. */
  apply({ spans, points }: LocalData, receivedMs: number): readonly Publication[] {
    const publications: Publication[] = [];
    if (spans.length > 0) {
      const batch = { kind: "traces", spans: spans.map((span) => this.#span(span)), refusals: [] } as const;
      publications.push(...this.#engine.apply({ receivedMs, batch }));
    }
    if (points.length > 0)
      publications.push(...this.#engine.apply({ receivedMs, batch: this.#metrics(points) }));
    return publications;
  }

  tick(nowMs: number): readonly Publication[] {
    return this.#engine.apply({ receivedMs: nowMs, batch: { kind: "tick" } });
  }

  /** Unix ms; undefined before the first event. */
  get watermarkMs(): number | undefined {
    return this.#engine.watermarkMs;
  }

  current(): CurrentStatistics {
    return this.#engine.current();
  }

  #span({ name, endMs, durationSeconds, failed, attributes }: LocalSpan): Span {
    this.#spans += 1;
    const high = Math.floor(this.#spans / 2 ** 32);
    const low = this.#spans | 0;
    return {
      resource: this.#resource,
      name,
      kind: 1,
      trace0: this.#high,
      trace1: high,
      trace2: 0,
      trace3: low,
      span0: high,
      span1: low,
      hasParent: false,
      parent0: 0,
      parent1: 0,
      endMs,
      durationSeconds,
      statusCode: failed ? 2 : 0,
      attributes,
    };
  }

  #metrics(points: readonly LocalPoint[]): MetricsBatch {
    const resource = this.#resource;
    return {
      kind: "metrics",
      points: points.map((point) => ({ ...point, resource, attributes: {} })),
      resources: [resource],
      refusals: [],
    };
  }
}
