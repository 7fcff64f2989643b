import type { DashboardPoint } from "./dashboards.ts";
import { dayStart } from "./retention.ts";

/** The point of the newest instant; undefined where there is none. */
export function newestPoint<T extends DashboardPoint>(points: readonly T[]): T | undefined {
  let newest: T | undefined;
  for (const point of points) {
    if (newest === undefined || point.timeMs >= newest.timeMs) newest = point;
  }
  return newest;
}

/** First milliseconds of the UTC days that points lie in, each once. */
export function touchedDays(points: readonly DashboardPoint[]): readonly number[] {
  return [...new Set(points.map(({ timeMs }) => dayStart(timeMs)))];
}

/** The nine keys are not written while the watermark is further behind the clock: the values would not be current. */
const CATCHING_UP_MS = 30_000;

/** Whether the aggregator works on a backlog, so that its newest values are not those of now. Both in Unix ms. */
export function isCatchingUp(nowMs: number, watermarkMs: number): boolean {
  return nowMs - watermarkMs > CATCHING_UP_MS;
}
