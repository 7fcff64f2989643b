import { dashboardKeys, dashboardSeriesKey } from "@slipstream/conventions";
import { currentEntries, decodePoint, encodePoint } from "../dashboards/dashboard-codec.ts";
import { newestPoint, touchedDays } from "../dashboards/dashboard-point.ts";
import { currentTtlSeconds, type DashboardPoint, type WritableDashboards } from "../dashboards/dashboards.ts";
import { dayExpiry, dayMs, daysBetween, oldestRetained } from "../dashboards/retention.ts";
import type { RedisClient, RedisTransaction } from "./redis-client.ts";

export interface RedisDashboardsOptions {
  readonly client: RedisClient;
  /** Resolves when the client has tried to connect; until then, reads and writes wait. */
  readonly tried?: Promise<void>;
  /** Unix ms. */
  readonly now?: () => number;
}

/** Days before the oldest retained one whose series is deleted if it is there: more than an aggregator stays away. */
const sweptDays = 30;

/**
 * The dashboard's values in Redis, as other programs read them: nine keys that expire after 30 s, and for each UTC day a
 * sorted set of instants. Each write is one transaction, sent as one pipeline. The client is its owner's to close.
 */
export function createRedisDashboards({
  client,
  tried,
  now = Date.now,
}: RedisDashboardsOptions): WritableDashboards {
  /** A client that holds commands back while it is not connected would send old values later as if they were new. */
  async function assertReady(): Promise<void> {
    await tried;
    if (client.status !== undefined && client.status !== "ready") {
      throw new Error(`Redis is not connected (${client.status}).`);
    }
  }

  return {
    name: "redis",
    async write(points, { current }) {
      await assertReady();
      const transaction = client.multi();
      const newest = newestPoint(points);
      if (current && newest !== undefined) writeCurrent(transaction, newest);
      for (const point of points) writePoint(transaction, point);
      const days = touchedDays(points);
      for (const day of days) transaction.expireat(dashboardSeriesKey(day), dayExpiry(day) / 1000);
      transaction.del(...outdatedSeriesKeys(Math.max(now(), newest?.timeMs ?? 0)));
      for (const day of days) transaction.zcard(dashboardSeriesKey(day));
      const counts = succeeded(await transaction.exec()).slice(-days.length);
      return days.map((day, index) => ({ dayMs: day, instants: Number(counts[index]) }));
    },
    async current() {
      await assertReady();
      const values = await client.mget(...dashboardKeys);
      const known = dashboardKeys.flatMap((key, index) => {
        const value = values[index];
        return value === null || value === undefined ? [] : [[key, value] as const];
      });
      return Object.fromEntries(known);
    },
    async series(fromMs, toMs) {
      await assertReady();
      const points: DashboardPoint[] = [];
      // No day outside these can hold anything, however wide a range is asked for.
      const newest = Math.min(toMs, now() + dayMs);
      for (const day of daysBetween(Math.max(fromMs, oldestRetained(now())), newest)) {
        const members = await client.zrangebyscore(dashboardSeriesKey(day), fromMs, newest);
        points.push(...members.map(decodePoint).filter((point) => point !== undefined));
      }
      return points;
    },
    async count(day) {
      await assertReady();
      return client.zcard(dashboardSeriesKey(day));
    },
  };
}

function writeCurrent(transaction: RedisTransaction, { values }: DashboardPoint): void {
  const unknown: string[] = [];
  for (const [key, value] of currentEntries(values)) {
    if (value === undefined) unknown.push(key);
    else transaction.set(key, value, "EX", currentTtlSeconds);
  }
  if (unknown.length > 0) transaction.del(...unknown);
}

function writePoint(transaction: RedisTransaction, point: DashboardPoint): void {
  const key = dashboardSeriesKey(point.timeMs);
  transaction.zremrangebyscore(key, point.timeMs, point.timeMs);
  transaction.zadd(key, point.timeMs, encodePoint(point));
}

function outdatedSeriesKeys(newestMs: number): readonly string[] {
  const oldest = oldestRetained(newestMs);
  return Array.from({ length: sweptDays }, (_, index) => dashboardSeriesKey(oldest - (index + 1) * dayMs));
}

/** The values of a transaction's replies. @throws Error on the first reply that is one, or where nothing was executed. */
function succeeded(replies: Awaited<ReturnType<RedisTransaction["exec"]>>): readonly unknown[] {
  if (replies === null) throw new Error("Redis did not execute the transaction.");
  return replies.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}
