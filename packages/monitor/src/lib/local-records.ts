import { randomBytes } from "node:crypto";
import type { EngineRecord } from "@slipstream/engine";
import type { MetricsBatch, Resource, Span } from "@slipstream/otlp/decode";
import type { LocalData, LocalPoint, LocalSpan } from "./messages.ts";

/** Makes records for the engine of what one process measured of itself. */
export class LocalRecords {
  readonly #resource: Resource;
  // The rest of an id counts spans; this tells them from those of other processes in the history.
  readonly #high: number = randomBytes(4).readUInt32BE();
  #spans = 0;

  constructor(service: string, desk: string) {
    this.#resource = { service, desk, instance: "" };
  }

  /** @param receivedMs Unix ms. */
  of({ spans, points }: LocalData, receivedMs: number): readonly EngineRecord[] {
    const records: EngineRecord[] = [];
    if (spans.length > 0) {
      const batch = { kind: "traces", spans: spans.map((span) => this.#span(span)), refusals: [] } as const;
      records.push({ receivedMs, batch });
    }
    if (points.length > 0) records.push({ receivedMs, batch: this.#metrics(points) });
    return records;
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
      points: points.map((point) => ({ ...point, resource })),
      resources: [resource],
      refusals: [],
    };
  }
}
