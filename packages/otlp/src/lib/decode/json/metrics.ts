import { learnedLabels, learnedMetrics } from "../learned-metrics.ts";
import type { DecodeLimits } from "../limits.ts";
import type { MetricPoint, MetricsBatch, NoLevel, Refusal, Resource } from "../model.ts";
import { makePoint, noLevelOf, PointDraft } from "../point.ts";
import type { RefusalCount } from "../refusals.ts";
import type { Steps } from "../steps.ts";
import { AttributesReader } from "./attributes.ts";
import { FieldNames, messageFields } from "./fields.ts";
import { JsonReader } from "./reader.ts";
import { readRequest } from "./request.ts";
import { readDouble, readEnum, readInteger, readTime } from "./scalars.ts";
import { LATER, type ObjectFields, readList, readNow, readObject, skipValue } from "./structure.ts";

const NAME = 0;
const SUM = 2;
/** After the name, each kind of data. */
const metricFields = ["name", "gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;
const metricNames = messageFields(metricFields);
const dataNames = messageFields(["dataPoints", "aggregationTemporality", "isMonotonic"]);
const TEMPORALITIES = ["UNSPECIFIED", "DELTA", "CUMULATIVE"].map((name) => `AGGREGATION_TEMPORALITY_${name}`);
const pointNames = messageFields(["timeUnixNano", "asInt", "asDouble", "flags", "attributes"]);
const learned = new FieldNames([...learnedMetrics.keys()].map((name) => [name, name] as const));
const labels = new FieldNames([...learnedLabels].map((label) => [label, label] as const));

const WHERE = "resourceMetrics.scopeMetrics.metrics";

/** Reads an ExportMetricsServiceRequest in OTLP/JSON. */
export function* readMetricsJson(body: Uint8Array, limits: DecodeLimits): Steps<MetricsBatch> {
  const reader = new JsonReader(body, limits);
  const points: MetricPoint[] = [];
  const resources: Resource[] = [];
  const refusals: Refusal[] = [];
  const metric = new MetricReader(reader, points);
  yield* readRequest(reader, {
    path: ["resourceMetrics", "scopeMetrics", "metrics"],
    items: points,
    resources,
    refusals,
    readItem: (resource, refused) => metric.read(resource, refused),
  });
  return { kind: "metrics", points, resources, refusals };
}

class MetricReader {
  readonly #reader: JsonReader;
  readonly #points: MetricPoint[];
  readonly #point: PointReader;

  constructor(reader: JsonReader, points: MetricPoint[]) {
    this.#reader = reader;
    this.#points = points;
    this.#point = new PointReader(reader);
  }

  /** Reads the points of a metric that is learned. Its name may stand behind them. */
  read(resource: Resource, refused: RefusalCount): Steps<void> {
    const reader = this.#reader;
    const mark = this.#points.length;
    const before = refused.copy();
    let name: string | undefined;
    let hasName = false;
    return readObject(reader, {
      names: metricNames,
      read: (field) => {
        if (field !== NAME) {
          if (!hasName) return LATER;
          if (name === undefined) return skipValue(reader);
          return this.#readData(field, name, resource, refused);
        }
        if (reader.kind() === "string") {
          hasName = true;
          name = reader.known(learned);
          return undefined;
        }
        reader.wrong(`${WHERE}.name`, "a string");
        return skipValue(reader);
      },
      forget: () => {
        name = undefined;
        hasName = false;
        this.#points.length = mark;
        refused.become(before);
      },
    });
  }

  *#readData(kind: number, name: string, resource: Resource, refused: RefusalCount): Steps<void> {
    const reader = this.#reader;
    const points = this.#points;
    const where = `${WHERE}.${metricFields[kind]}`;
    if (reader.kind() !== "object") {
      reader.wrong(where, "an object");
      yield* skipValue(reader);
      return;
    }
    const mark = points.length;
    const before = refused.copy();
    let temporality = 0;
    let isMonotonic = false;
    yield* readObject(reader, {
      names: dataNames,
      read: (field) => {
        if (field === 0)
          return readList(reader, `${where}.dataPoints`, () => this.#readPoint(name, resource, refused));
        if (field === 1) temporality = readEnum(reader, TEMPORALITIES);
        else {
          isMonotonic = reader.kind() === "true";
          reader.skip();
        }
        return undefined;
      },
      forget: () => {
        points.length = mark;
        refused.become(before);
        temporality = 0;
        isMonotonic = false;
      },
    });
    let noLevel: NoLevel | undefined;
    if (kind === SUM) noLevel = noLevelOf(temporality, isMonotonic);
    else if (kind > SUM) noLevel = "distribution";
    if (noLevel === undefined) return;
    for (let at = mark; at < points.length; at++) points[at] = { ...(points[at] as MetricPoint), noLevel };
  }

  #readPoint(name: string, resource: Resource, refused: RefusalCount): undefined {
    const point = makePoint(this.#point.read(), name, resource);
    if (typeof point === "string") refused.add(point);
    else if (point !== undefined) this.#points.push(point);
  }
}

class PointReader {
  readonly #reader: JsonReader;
  readonly #draft = new PointDraft();
  readonly #fields: ObjectFields;

  constructor(reader: JsonReader) {
    this.#reader = reader;
    const draft = this.#draft;
    const attributes = new AttributesReader(reader, labels, "dataPoints.attributes", (label, value) => {
      const { scalar } = value;
      if (scalar !== undefined) draft.attributes[label] = String(scalar);
    });
    let isInteger = false;
    this.#fields = {
      names: pointNames,
      read: (field) => {
        if (field === 0) readTime(reader, draft.time);
        else if (field === 1) {
          const value = readInteger(reader);
          if (value === undefined) return undefined;
          draft.value = Number(value);
          isInteger = true;
        } else if (field === 2) {
          const value = readDouble(reader);
          if (!isInteger) draft.value = value;
        } else if (field === 3) draft.flags = Number(readInteger(reader) ?? 0);
        else attributes.readList();
        return undefined;
      },
      forget: () => {
        draft.clear();
        isInteger = false;
      },
    };
  }

  /** Reads the point that comes next. The draft holds until the next one. */
  read(): PointDraft {
    this.#reader.enter("point");
    readNow(this.#reader, this.#fields);
    this.#reader.leave();
    return this.#draft;
  }
}
