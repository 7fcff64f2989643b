import { fieldBits, tagOf } from "./fields.ts";
import { learnedLabels, learnedMetrics } from "./learned-metrics.ts";
import type { DecodeLimits } from "./limits.ts";
import type { MetricPoint, MetricsBatch, Refusal, Resource } from "./model.ts";
import { makePoint, noLevelOf, PointDraft } from "./point.ts";
import { KeyValueReader } from "./protobuf-attributes.ts";
import { pause, readOfResource } from "./protobuf-resource.ts";
import { BYTES, FIXED64, ProtoReader, VARINT } from "./reader.ts";
import type { RefusalCount } from "./refusals.ts";
import type { Steps } from "./steps.ts";
import { NameTable } from "./text.ts";
import { setTime } from "./time.ts";

// opentelemetry/proto/collector/metrics/v1/metrics_service.proto and opentelemetry/proto/metrics/v1/metrics.proto
const RESOURCE_METRICS = tagOf(1, BYTES);
const METRICS = tagOf(2, BYTES);

const NAME = tagOf(1, BYTES);
const GAUGE = tagOf(5, BYTES);
const SUM = tagOf(7, BYTES);
const HISTOGRAM = tagOf(9, BYTES);
const EXPONENTIAL_HISTOGRAM = tagOf(10, BYTES);
const SUMMARY = tagOf(11, BYTES);
const DISTRIBUTIONS: readonly number[] = [HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY];
const DATA: ReadonlySet<number> = new Set([GAUGE, SUM, ...DISTRIBUTIONS]);
const METRIC_FIELDS = fieldBits(1, 5, 7, 9, 10, 11);

const DATA_POINTS = tagOf(1, BYTES);
// Of a sum.
const TEMPORALITY = tagOf(2, VARINT);
const MONOTONIC = tagOf(3, VARINT);

const TIME = tagOf(3, FIXED64);
const AS_DOUBLE = tagOf(4, FIXED64);
const AS_INT = tagOf(6, FIXED64);
const ATTRIBUTES = tagOf(7, BYTES);
const FLAGS = tagOf(8, VARINT);
const POINT_FIELDS = fieldBits(3, 4, 6, 7, 8);

const names = new NameTable([...learnedMetrics.keys()].map((name) => [name, name]));
const pointKeys = new KeyValueReader(
  [...learnedLabels].map((label) => [label, { label, repeats: true }] as const),
);

const draft = new PointDraft();

/** Reads an ExportMetricsServiceRequest. */
export function* readMetrics(body: Uint8Array, limits: DecodeLimits): Steps<MetricsBatch> {
  const reader = new ProtoReader(body, limits);
  const points: MetricPoint[] = [];
  const resources: Resource[] = [];
  const refusals: Refusal[] = [];
  const readScope = (resource: Resource, refused: RefusalCount): Steps<void> =>
    readScopeMetrics(reader, resource, points, refused);
  const where = "ExportMetricsServiceRequest";
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === RESOURCE_METRICS) {
      resources.push(yield* readOfResource(reader, "ResourceMetrics", readScope, refusals));
    } else reader.skip(tag, fieldBits(1), where);
  }
  return { kind: "metrics", points, resources, refusals };
}

function* readScopeMetrics(
  reader: ProtoReader,
  resource: Resource,
  points: MetricPoint[],
  refused: RefusalCount,
): Steps<void> {
  const where = "ScopeMetrics";
  const outer = reader.enterItem(where);
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === METRICS) yield* readMetric(reader, resource, points, refused);
    else reader.skip(tag, fieldBits(2), where);
  }
  reader.leave(outer);
}

function* readMetric(
  reader: ProtoReader,
  resource: Resource,
  points: MetricPoint[],
  refused: RefusalCount,
): Steps<void> {
  const where = "Metric";
  const outer = reader.enterItem(where);
  const start = reader.pos;
  // The name decides whether the points are read, and may stand behind them.
  let name: string | undefined;
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === NAME) {
      const length = reader.length(where);
      name = names.find(reader.view, reader.pos, length);
      reader.pos += length;
    } else reader.skip(tag, DATA.has(tag) ? 0 : METRIC_FIELDS, where);
  }
  if (name !== undefined) {
    reader.pos = start;
    reader.resume();
    while (reader.pos < reader.end) {
      if (reader.isDue) yield* pause(reader);
      const tag = reader.tag(where);
      if (DATA.has(tag)) yield* readPoints(reader, tag, name, resource, points, refused);
      else reader.skip(tag, 0, where);
    }
  }
  reader.leave(outer);
}

function* readPoints(
  reader: ProtoReader,
  kind: number,
  name: string,
  resource: Resource,
  points: MetricPoint[],
  refused: RefusalCount,
): Steps<void> {
  const where = "Metric.data";
  const outer = reader.enter(where);
  const first = points.length;
  const isDistribution = DISTRIBUTIONS.includes(kind);
  // A gauge has neither.
  let temporality = 0;
  let isMonotonic = false;
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === DATA_POINTS) {
      if (isDistribution) readDistributionPoint(reader);
      else readPoint(reader);
      const point = makePoint(draft, name, resource);
      if (typeof point === "string") refused.add(point);
      else if (point !== undefined) points.push(point);
    } else if (tag === TEMPORALITY) temporality = reader.uint32(where);
    else if (tag === MONOTONIC) isMonotonic = reader.uint32(where) !== 0;
    else reader.skip(tag, fieldBits(1, 2, 3), where);
  }
  reader.leave(outer);
  const noLevel = isDistribution ? "distribution" : noLevelOf(temporality, isMonotonic);
  if (noLevel === undefined) return;
  for (let at = first; at < points.length; at++) points[at] = { ...(points[at] as MetricPoint), noLevel };
}

function readPoint(reader: ProtoReader): void {
  const where = "NumberDataPoint";
  const outer = reader.enterItem(where);
  reader.countFields();
  draft.clear();
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    switch (tag) {
      case TIME:
        readTime(reader, where);
        break;
      case AS_DOUBLE:
        draft.value = reader.double(where);
        break;
      case AS_INT:
        draft.value = Number(reader.sfixed64(where));
        break;
      case ATTRIBUTES: {
        const kept = pointKeys.next(reader, "NumberDataPoint.attributes");
        const value = kept === undefined ? undefined : pointKeys.scalar(reader);
        if (kept !== undefined && value !== undefined) draft.attributes[kept.label] = String(value);
        break;
      }
      case FLAGS:
        draft.flags = reader.uint32(where);
        break;
      default:
        reader.skip(tag, POINT_FIELDS, where);
    }
  }
  reader.countNoFields();
  reader.leave(outer);
}

/** Only its time, which is the same field in each of them. */
function readDistributionPoint(reader: ProtoReader): void {
  const where = "DataPoint";
  const outer = reader.enterItem(where);
  reader.countFields();
  draft.clear();
  while (reader.pos < reader.end) {
    const tag = reader.tag(where);
    if (tag === TIME) readTime(reader, where);
    else reader.skip(tag, fieldBits(3), where);
  }
  reader.countNoFields();
  reader.leave(outer);
}

function readTime(reader: ProtoReader, where: string): void {
  const at = reader.take(8, where);
  setTime(draft.time, reader.view.getUint32(at + 4, true), reader.view.getUint32(at, true));
}
