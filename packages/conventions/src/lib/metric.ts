/** The unit of a metric's values. */
export type Unit =
  | "seconds"
  | "bytes"
  | "percent"
  | "ratio"
  | "lamports"
  | "usd"
  | "trades"
  | "spans"
  | "desks"
  | "connections"
  | "positions"
  | "items"
  | "notifications"
  | "state";

export type MetricKind = "counter" | "gauge" | "histogram";

/**
 * The values a label may take. "open" means that they come from the data; the code that counts limits their
 * number.
 */
export type LabelValues = readonly string[] | "open";

/** One metric. Instruments, `/metrics`, the docs and rule checks are derived from these definitions. */
export interface MetricDefinition {
  /** Exposition name, used exactly as written: no suffix is added or removed. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: Unit;
  readonly help: string;
  readonly labels?: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of the histogram's buckets in `unit`, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** The least and the most that a service's gauge may be. A value beyond is not counted, but reported. */
  readonly range?: readonly [least: number, most: number];
  /** Only whole numbers: the codes of states. */
  readonly whole?: true;
  /** The name is reserved; nothing emits it yet. */
  readonly reserved?: true;
  /** Name and kind are fixed from outside, so it keeps its type on `/metrics` even if the name lacks `_total`. */
  readonly fixed?: true;
}

/** The type of a family on `/metrics`: OpenMetrics calls "untyped" "unknown". */
export type ExposedType = MetricKind | "untyped";

/**
 * The type that a metric has on `/metrics`. A counter whose name lacks `_total`, and a gauge with a label `quantile`, are
 * untyped: the conventions of Prometheus, which `promtool check metrics` checks, have no other type for such a name.
 */
export function exposedType({ name, kind, labels = {}, fixed }: MetricDefinition): ExposedType {
  const breaksConvention =
    (kind === "counter" && !name.endsWith("_total")) || (kind === "gauge" && "quantile" in labels);
  return breaksConvention && fixed !== true ? "untyped" : kind;
}

/** The unit in OpenTelemetry's notation (UCUM). */
export const ucumUnit: Readonly<Record<Unit, string>> = {
  seconds: "s",
  bytes: "By",
  percent: "%",
  ratio: "1",
  lamports: "{lamport}",
  usd: "{USD}",
  trades: "{trade}",
  spans: "{span}",
  desks: "{desk}",
  connections: "{connection}",
  positions: "{position}",
  items: "{item}",
  notifications: "{notification}",
  state: "1",
};

/**
 * The unit for an OpenMetrics UNIT line, which is allowed only if the family's name ends with it. Otherwise
 * undefined. Also undefined for states: their numbers are codes, not quantities.
 */
export function metricUnitSuffix({ name, unit }: MetricDefinition): string | undefined {
  return unit !== "state" && name.endsWith(`_${unit}`) ? unit : undefined;
}
