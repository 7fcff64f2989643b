import type { Publication } from "@slipstream/engine";
import { OWN_DESK } from "@slipstream/engine/storage";
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

/** What was published, desk by desk. */
export function byDesk(
  publications: readonly Publication[],
): readonly (readonly [desk: string, publications: readonly Publication[]])[] {
  const desks: Map<string, Publication[]> = new Map();
  for (const publication of publications) {
    const { desk = OWN_DESK } = publication;
    const known = desks.get(desk);
    if (known === undefined) desks.set(desk, [publication]);
    else known.push(publication);
  }
  return [...desks];
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
