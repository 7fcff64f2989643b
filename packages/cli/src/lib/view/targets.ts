import { spanName } from "@slipstream/conventions";
import type { StatisticValue } from "@slipstream/engine";
import type { Piece } from "./style.ts";

/** What a desk aims at: highest 99th percentile in ms by operation. */
const MOST_P99_MS: Readonly<Record<string, number>> = {
  [spanName.tradeExecute]: 100,
  [spanName.solanaRpc]: 200,
};

/** In percent. */
const LEAST: Readonly<Record<string, number>> = {
  success_rate: 90,
  slippage_accuracy: 90,
  mev_avoidance_rate: 80,
};
const MOST: Readonly<Record<string, number>> = { node_error_rate: 1 };

/** Whether a 99th percentile is beyond the operation's target. */
export function isSlow(operation: string, p99Ms: number): boolean {
  return p99Ms > (MOST_P99_MS[operation] ?? Number.POSITIVE_INFINITY);
}

/** Whether a share in percent is beyond the statistic's target. */
export function isBeyondTarget(statistic: string, percent: number): boolean {
  return (
    percent < (LEAST[statistic] ?? Number.NEGATIVE_INFINITY) ||
    percent > (MOST[statistic] ?? Number.POSITIVE_INFINITY)
  );
}

/** A value in its column. One beyond its target has a mark too: not everyone sees colours. */
export function cell(text: string, width: number, beyond: boolean): Piece {
  return beyond ? { text: `!${text}`.padStart(width), style: "bad" } : text.padStart(width);
}

/** Follows a percentile: a star if it rests on so few samples that it is the largest value seen. */
export function starOf(entry: StatisticValue | undefined): string {
  return typeof entry?.value === "number" && entry.reason !== undefined ? "*" : " ";
}
