import { dashboardKeys, dashboardSeriesKey } from "@slipstream/conventions";
import { currentEntries, decodePoint, encodePoint } from "../dashboards/dashboard-codec.ts";
import { newestPoint, touchedDays } from "../dashboards/dashboard-point.ts";
import { currentTtlSeconds, type DashboardPoint, type WritableDashboards } from "../dashboards/dashboards.ts";
import { dayExpiry, dayMs, daysBetween, oldestRetained } from "../dashboards/retention.ts";
import { plainRedisError } from "./plain-error.ts";
import { assertReady, type RedisClient, type RedisCommand, type RedisReadiness } from "./redis-client.ts";
import type { RedisLease } from "./redis-lease.ts";

export interface RedisDashboardsOptions extends RedisReadiness {
  readonly client: RedisClient;
  /** Of the same prefix. */
  readonly lease: Pick<RedisLease, "write" | "assertMayWrite">;
  /** Comes before every key; default: nothing. */
  readonly prefix?: string | undefined;
  /** Unix ms. */
  readonly now?: () => number;
}

/** Days before the oldest retained one whose series is deleted if it is there: more than an aggregator stays away. */
const sweptDays = 30;

/**
 * The dashboard's values in Redis, as other programs read them: nine keys that expire after 30 s, and for each UTC day a
 * sorted set of instants. Each write is one step, which Redis carries out only if this process has the lease. The client and the
 * lease are their owner's to close.
 */
export function createRedisDashboards(options: RedisDashboardsOptions): WritableDashboards {
  const { client, lease, prefix = "", now = Date.now } = options;
  const seriesKey = (timeMs: number): string => `${prefix}${dashboardSeriesKey(timeMs)}`;

  async function read<T>(ask: () => Promise<T>): Promise<T> {
    await assertReady(options);
    try {
      return await ask();
    } catch (error) {
      throw plainRedisError(error, options.fault);
    }
  }

  function currentCommands({ values }: DashboardPoint): readonly RedisCommand[] {
    return currentEntries(values).map(([key, value]) =>
      value === undefined
        ? ["DEL", `${prefix}${key}`]
        : ["SET", `${prefix}${key}`, value, "EX", currentTtlSeconds],
    );
  }

  function pointCommands(point: DashboardPoint): readonly RedisCommand[] {
    const key = seriesKey(point.timeMs);
    return [
      ["ZREMRANGEBYSCORE", key, point.timeMs, point.timeMs],
      ["ZADD", key, point.timeMs, encodePoint(point)],
    ];
  }

  function sweepCommands(newestMs: number): readonly RedisCommand[] {
    const oldest = oldestRetained(newestMs);
    return Array.from({ length: sweptDays }, (_, index) => ["DEL", seriesKey(oldest - (index + 1) * dayMs)]);
  }

  return {
    name: "redis",
    async write(points, { current }) {
      await assertReady(options);
      const newest = newestPoint(points);
      const days = touchedDays(points);
      const replies = await lease.write([
        ...(current && newest !== undefined ? currentCommands(newest) : []),
        ...points.flatMap(pointCommands),
        ...days.map((day): RedisCommand => ["EXPIREAT", seriesKey(day), dayExpiry(day) / 1000]),
        ...sweepCommands(Math.max(now(), newest?.timeMs ?? 0)),
        ...days.map((day): RedisCommand => ["ZCARD", seriesKey(day)]),
      ]);
      const counts = replies.slice(replies.length - days.length);
      return days.map((day, index) => ({ dayMs: day, instants: Number(counts[index]) }));
    },
    async current() {
      const values = await read(() => client.mget(...dashboardKeys.map((key) => `${prefix}${key}`)));
      const known = dashboardKeys.flatMap((key, index) => {
        const value = values[index];
        return value === null || value === undefined ? [] : [[key, value] as const];
      });
      return Object.fromEntries(known);
    },
    async series(fromMs, toMs) {
      const points: DashboardPoint[] = [];
      // No day outside these can hold anything, however wide a range is asked for.
      const newest = Math.min(toMs, now() + dayMs);
      for (const day of daysBetween(Math.max(fromMs, oldestRetained(now())), newest)) {
        const members = await read(() => client.zrangebyscore(seriesKey(day), fromMs, newest));
        points.push(...members.map(decodePoint).filter((point) => point !== undefined));
      }
      return points;
    },
    async count(day) {
      await assertReady(options);
      // Who only compares has nothing to write, and yet must learn that it may not or cannot.
      await lease.assertMayWrite();
      return read(() => client.zcard(seriesKey(day)));
    },
  };
}
