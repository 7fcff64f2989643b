import { durationText } from "../rule/duration.ts";

/** Series of a metric, by labels that are the same in all of them. */
export interface Series {
  /** As Prometheus has it: of a histogram with `_bucket` or `_count`. */
  readonly metric: string;
  readonly chosen?: Readonly<Record<string, string>>;
}

/** A text in PromQL, or a label's value. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A number without an exponent's or a division's noise. */
export function plain(value: number): string {
  return String(Number(value.toPrecision(12)));
}

export function selector({ metric, chosen = {} }: Series, matchers: readonly string[]): string {
  const own = Object.entries(chosen).map(
    ([label, value]) => `${label}${value.startsWith("~") ? "=~" : "="}${quoted(value.replace(/^~/, ""))}`,
  );
  return `${metric}{${[...matchers, ...own].join(",")}}`;
}

export function ranged(
  call: "rate" | "increase" | "last_over_time",
  selected: string,
  seconds: number,
): string {
  return `${call}(${selected}[${durationText(seconds)}])`;
}

export function combined(
  operation: "sum" | "min" | "count",
  labels: readonly string[],
  inner: string,
): string {
  return labels.length === 0 ? `${operation}(${inner})` : `${operation} by (${labels.join(", ")}) (${inner})`;
}

/** The label of a bucket: Prometheus writes a whole bound as "1" or "1.0", depending on how it came. */
export function bucketLabel(bound: number): string {
  return Number.isInteger(bound) ? `~${bound}|${bound}[.]0` : String(bound);
}

/** Lines that belong into the brackets before and after them. */
export function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
