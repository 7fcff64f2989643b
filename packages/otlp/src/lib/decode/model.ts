/**
 * Value of an attribute. An int64 that a double cannot hold exactly is a bigint. null: an array, a map, bytes, what cannot be
 * read, or two values that differ. One of Slipstream's own attributes may have a value of the wrong type, so that whoever reads it can report it.
 */
export type AttributeValue = string | number | boolean | bigint | null;

/**
 * Only attributes named in `@slipstream/conventions` are kept; others are skipped unread. Read them by name: they may
 * be getters that read the body only then, so what outlives the span's `apply` is to be copied out of it.
 */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Who sent a span or a metric point. One object is shared by all items of a ResourceSpans / ResourceMetrics. */
export interface Resource {
  /** `service.name`, else "unknown_service". */
  readonly service: string;
  /** `service.instance.id`, else "". `slipstream.seq` counts per instance. */
  readonly instance: string;
  /** `slipstream.desk`, else "". */
  readonly desk: string;
}

/**
 * A span as the engine needs it. Ids are kept as words of 32 bits, signed: those are integers to the engine of
 * JavaScript, and others would each be an object of its own. Formatting them is left to the few who need text.
 */
export interface Span {
  readonly resource: Resource;
  readonly name: string;
  /** OTLP SpanKind, 0 to 5 (3 = client). */
  readonly kind: number;
  /** Trace id, big-endian words. */
  readonly trace0: number;
  readonly trace1: number;
  readonly trace2: number;
  readonly trace3: number;
  /** Span id, big-endian words. */
  readonly span0: number;
  readonly span1: number;
  readonly hasParent: boolean;
  /** Parent span id, big-endian words; 0 and 0 where there is none. */
  readonly parent0: number;
  readonly parent1: number;
  /** End of the span, Unix ms with a fraction: the event's time. */
  readonly endMs: number;
  /** End - start, exact to the nanosecond up to 104 days. Negative if its clock was set back meanwhile. */
  readonly durationSeconds: number;
  /** OTLP status code: 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly attributes: Attributes;
}

/** Items of a good batch that were refused, for OTLP's partial success and the service's count. */
export interface Refusal {
  readonly resource: Resource;
  readonly count: number;
  /** Why the first of them was refused, for the sender to read. */
  readonly reason: string;
}

export interface TracesBatch {
  readonly kind: "traces";
  readonly spans: readonly Span[];
  readonly refusals: readonly Refusal[];
}

/**
 * What a metric is if its value is no level: the change since the point before, a count that only rises, or a histogram or
 * summary.
 */
export type NoLevel = "delta" | "monotonic" | "distribution";

/** A point of a metric. */
export interface MetricPoint {
  readonly resource: Resource;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly timeMs: number;
  /** It may be NaN or infinite. undefined: the point has none, or none that can be read. */
  readonly value: number | undefined;
  /** Absent: the value is a level, as a gauge's. */
  readonly noLevel?: NoLevel;
}

export interface MetricsBatch {
  readonly kind: "metrics";
  /** Only points of metrics that the aggregator learns from metrics (see contracts); others are skipped. */
  readonly points: readonly MetricPoint[];
  /** Every resource that sent anything, points kept or not: a sign of life. */
  readonly resources: readonly Resource[];
  readonly refusals: readonly Refusal[];
}

export type Batch = TracesBatch | MetricsBatch;

export type OtlpFormat = "protobuf" | "json";
