import type { MevReport } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import type { Estimate } from "@slipstream/mev";
import { fixed, percent, unknown } from "../view/format.ts";

/** Dollars without a sign for what is no gain: $1,234.50. */
export function usd(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown;
  return `${value < 0 ? "-" : ""}$${fixed(Math.abs(value), Math.abs(value) < 100 ? 2 : 0)}`;
}

/** A share in percent with its interval: "5.2 % (95 %: 4.1 to 6.6 %)"; an unknown one with its reason. */
export function shareText({ value, interval, reason }: Estimate): string {
  const [low, high] = endsOf(interval);
  if (value === null) return `unknown: ${reason ?? "not known"}`;
  const ends =
    low === null || high === null ? "" : ` (95 %: ${fixed(100 * low, 1)} to ${fixed(100 * high, 1)} %)`;
  return `${percent(100 * value)}${ends}`;
}

/** "$32.50 ($21.00 to $48.00)". */
export function usdText({ value, interval, reason }: Estimate): string {
  const [low, high] = endsOf(interval);
  if (value === null) return reason ?? unknown;
  return low === null || high === null || low === high
    ? usd(value)
    : `${usd(value)} (${usd(low)} to ${usd(high)})`;
}

/** "4.2 (2.1 to 8.0)", or "more than 4.2" if only the lower end is known. */
export function factorText({ value, interval }: Estimate): string {
  const [low, high] = endsOf(interval);
  if (value === null) return low === null ? unknown : `more than ${fixed(low, 1)}`;
  return low === null || high === null
    ? fixed(value, 1)
    : `${fixed(value, 1)} (${fixed(low, 1)} to ${fixed(high, 1)})`;
}

function endsOf(interval: Estimate["interval"]): [low: number | null, high: number | null] {
  return interval === undefined ? [null, null] : [interval.low, interval.high];
}

export interface TableStyle {
  /** Columns whose cells stand to the left; the others stand to the right. */
  readonly left?: readonly number[];
  /** Between two columns. */
  readonly gap?: string;
}

/** Rows of cells as lines. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { left = [0], gap = "  " }: TableStyle = {},
): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  return all.map((row) =>
    row
      .map((cell, at) => (left.includes(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join(gap)
      .trimEnd(),
  );
}

/** Trades that an answer lacks: a line, if there are any. */
export function missingText({ missing }: Pick<MevReport, "missing">): string[] {
  if (missing === null) return [];
  const { trades, from, to } = missing;
  const what = trades === null ? "An unknown number of trades" : quantity(trades, "trade");
  const between = from === null || to === null ? "" : ` between ${from} and ${to}`;
  return [`${what}${between}: damaged on the disk, so in none of these numbers`];
}
