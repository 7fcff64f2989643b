/** What a metric's values are counted in. */
export type Unit =
  | "seconds"
  | "bytes"
  | "percent"
  | "ratio"
  | "lamports"
  | "usd"
  | "trades"
  | "spans"
  | "connections"
  | "positions"
  | "items"
  | "notifications"
  | "state";

export type MetricKind = "counter" | "gauge" | "histogram";

/** The values a label may take, or "open" where they come from the data (and are bounded by the code that counts). */
export type LabelValues = readonly string[] | "open";

/** One row of the table from which instruments, `/metrics`, docs and rule checks are made. */
export interface MetricDefinition {
  /** Exposition name, written exactly so: no suffix is added, none dropped. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: Unit;
  readonly help: string;
  readonly labels?: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram's buckets in `unit`, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** The name is taken and nothing emits it yet. */
  readonly reserved?: true;
}

/** The unit as OpenTelemetry writes it (UCUM). */
export const ucumUnit: Readonly<Record<Unit, string>> = {
  seconds: "s",
  bytes: "By",
  percent: "%",
  ratio: "1",
  lamports: "{lamport}",
  usd: "{USD}",
  trades: "{trade}",
  spans: "{span}",
  connections: "{connection}",
  positions: "{position}",
  items: "{item}",
  notifications: "{notification}",
  state: "1",
};

/**
 * The unit for an OpenMetrics UNIT line: allowed only where the family's name ends with it; undefined elsewhere, and for
 * a state, whose numbers stand for words and are counted in nothing.
 */
export function metricUnitSuffix({ name, unit }: MetricDefinition): string | undefined {
  return unit !== "state" && name.endsWith(`_${unit}`) ? unit : undefined;
}
