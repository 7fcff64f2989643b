import { printable } from "../attributes.ts";
import { learnedLabels, learnedMetrics } from "../learned-metrics.ts";
import type { MetricPoint, MetricsBatch, NoLevel, Refusal, Resource } from "../model.ts";
import { makePoint, noLevelOf, PointDraft } from "../point.ts";
import { RefusalCount } from "../refusals.ts";
import {
  doubleOf,
  enumOf,
  field,
  forEachAttribute,
  forEachIn,
  integerOf,
  type JsonObject,
  objectField,
  parseJson,
  resourceOf,
  scalarOf,
  setTimeField,
  textField,
} from "./plain-json.ts";

const TEMPORALITIES = ["UNSPECIFIED", "DELTA", "CUMULATIVE"].map((name) => `AGGREGATION_TEMPORALITY_${name}`);

/** Reads an ExportMetricsServiceRequest in OTLP/JSON. */
export function readMetricsJson(body: Uint8Array): MetricsBatch {
  const points: MetricPoint[] = [];
  const resources: Resource[] = [];
  const refusals: Refusal[] = [];
  const draft = new PointDraft();
  forEachIn(parseJson(body), "", ["resourceMetrics", "resource_metrics"], (resourceMetrics, where) => {
    const resource = resourceOf(resourceMetrics, where);
    resources.push(resource);
    const refused = new RefusalCount();
    forEachIn(resourceMetrics, where, ["scopeMetrics", "scope_metrics"], (scopeMetrics, within) => {
      forEachIn(scopeMetrics, within, ["metrics", "metrics"], (metric, at) => {
        const name = textField(metric, at, "name");
        if (!learnedMetrics.has(name)) return;
        for (const kind of ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]) {
          const snake = kind === "exponentialHistogram" ? "exponential_histogram" : kind;
          const data = objectField(metric, at, kind, snake);
          if (data === undefined) continue;
          const noLevel = noLevelIn(kind, data);
          forEachIn(data, `${at}.${kind}`, ["dataPoints", "data_points"], (item, pointAt) => {
            readPoint(item, pointAt, draft);
            const point = makePoint(draft, name, resource);
            if (typeof point === "string") refused.add(point);
            else if (point !== undefined) points.push(noLevel === undefined ? point : { ...point, noLevel });
          });
        }
      });
    });
    refused.report(resource, refusals);
  });
  return { kind: "metrics", points, resources, refusals };
}

function noLevelIn(kind: string, data: JsonObject): NoLevel | undefined {
  if (kind === "gauge") return undefined;
  if (kind !== "sum") return "distribution";
  const temporality = enumOf(field(data, "aggregationTemporality", "aggregation_temporality"), TEMPORALITIES);
  return noLevelOf(temporality, field(data, "isMonotonic", "is_monotonic") === true);
}

function readPoint(item: JsonObject, where: string, draft: PointDraft): void {
  draft.clear();
  setTimeField(draft.time, item, "timeUnixNano", "time_unix_nano");
  const integer = integerOf(field(item, "asInt", "as_int"));
  draft.value = integer === undefined ? doubleOf(field(item, "asDouble", "as_double")) : Number(integer);
  draft.flags = Number(integerOf(field(item, "flags")) ?? 0);
  forEachAttribute(item, where, (key, any) => {
    const value = learnedLabels.has(key) ? printable(scalarOf(any)) : undefined;
    if (value !== undefined) draft.attributes[key] = String(value);
  });
}
