import type {
  MetricPoint,
  MetricsBatch,
  Refusal,
  Resource,
  Span,
  TracesBatch,
} from "@slipstream/otlp/decode";
import { OWN_DESK } from "./desk-name.ts";

/** What a service sent. */
export type DeskBatch = TracesBatch | MetricsBatch;

/** The desk that a resource's data belongs to. */
export type DeskOf = (resource: Resource) => string;

/** Whether all of a batch is the own desk's, as it mostly is. Resources are shared, so most of it costs one comparison. */
export function isOwn(batch: DeskBatch, deskOf: DeskOf): boolean {
  const items = batch.kind === "traces" ? batch.spans : batch.points;
  let last: Resource | undefined;
  for (const { resource } of items) {
    if (resource === last) continue;
    if (deskOf(resource) !== OWN_DESK) return false;
    last = resource;
  }
  if (batch.kind === "metrics" && batch.resources.some((one) => deskOf(one) !== OWN_DESK)) return false;
  return batch.refusals.every(({ resource }) => deskOf(resource) === OWN_DESK);
}

/** A batch in parts, one for each desk that it has anything of, in the order of their first items. */
export function splitBatch(batch: DeskBatch, deskOf: DeskOf): ReadonlyMap<string, DeskBatch> {
  return batch.kind === "traces" ? splitTraces(batch, deskOf) : splitMetrics(batch, deskOf);
}

interface Traces {
  readonly kind: "traces";
  readonly spans: Span[];
  readonly refusals: Refusal[];
}

function splitTraces({ spans, refusals }: TracesBatch, deskOf: DeskOf): ReadonlyMap<string, TracesBatch> {
  const parts = new Parts<Traces>(deskOf, () => ({ kind: "traces", spans: [], refusals: [] }));
  for (const span of spans) parts.of(span.resource).spans.push(span);
  for (const refusal of refusals) parts.of(refusal.resource).refusals.push(refusal);
  return parts.all;
}

interface Metrics {
  readonly kind: "metrics";
  readonly points: MetricPoint[];
  readonly resources: Resource[];
  readonly refusals: Refusal[];
}

function splitMetrics(batch: MetricsBatch, deskOf: DeskOf): ReadonlyMap<string, MetricsBatch> {
  const empty = (): Metrics => ({ kind: "metrics", points: [], resources: [], refusals: [] });
  const parts = new Parts<Metrics>(deskOf, empty);
  for (const point of batch.points) parts.of(point.resource).points.push(point);
  for (const resource of batch.resources) parts.of(resource).resources.push(resource);
  for (const refusal of batch.refusals) parts.of(refusal.resource).refusals.push(refusal);
  return parts.all;
}

class Parts<Part> {
  readonly all: Map<string, Part> = new Map();
  readonly #deskOf: DeskOf;
  readonly #empty: () => Part;
  #last: Resource | undefined;
  #part: Part | undefined;

  constructor(deskOf: DeskOf, empty: () => Part) {
    this.#deskOf = deskOf;
    this.#empty = empty;
  }

  of(resource: Resource): Part {
    if (this.#part !== undefined && resource === this.#last) return this.#part;
    const desk = this.#deskOf(resource);
    const part = this.all.get(desk) ?? this.#empty();
    this.all.set(desk, part);
    this.#last = resource;
    this.#part = part;
    return part;
  }
}
