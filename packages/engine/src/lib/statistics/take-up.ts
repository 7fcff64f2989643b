import type { Statistic } from "./statistic.ts";

/**
 * Has a statistic go on from what the same one knows under other options. If its panes are of another length now, it begins with
 * nothing.
 *
 * @param begin called for one that begins with nothing although it may be told what changes
 */
export function takeUp(statistic: Statistic, before: Statistic, begin: (statistic: Statistic) => void): void {
  if (statistic.paneMs === before.paneMs) statistic.load(before.save());
  else begin(statistic);
}
