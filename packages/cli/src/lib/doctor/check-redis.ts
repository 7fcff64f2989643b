import { type Lease, leaseOf, WRITER_KEY } from "@slipstream/aggregator";
import { assertRedisTarget, connectRedis, plainRedisError, redisAddress } from "@slipstream/aggregator/redis";
import type { Finding } from "./check.ts";
import { storeNotNamed } from "./store-not-named.ts";
import { writerFinding } from "./writer-finding.ts";

const check = "Redis";

export interface RedisFinding {
  readonly finding: Finding;
  /** Who has its lease, if anybody has. */
  readonly lease?: Lease | undefined;
  /** Redis's own clock, Unix ms, and ours at that moment. */
  readonly clocks?: { readonly theirMs: number; readonly ourMs: number };
}

export interface RedisTarget {
  readonly url: string | undefined;
  readonly prefix: string | undefined;
  /** The id in the data folder; undefined if there is none yet. */
  readonly instance: string | undefined;
  /** Whether the aggregator that answers writes to a Redis. */
  readonly isWritten: boolean;
}

export async function checkRedis({ url, prefix, instance, isWritten }: RedisTarget): Promise<RedisFinding> {
  if (url === undefined) {
    const redis = { check, option: "--redis (REDIS_URL)", holds: "the dashboards" } as const;
    return { finding: storeNotNamed(redis, isWritten) };
  }
  const redis = connectRedis(url, { commandTimeoutMs: 3_000 });
  const host = redisAddress(url)
    .hosts.map(({ host, port }) => `${host}:${port}`)
    .join(", ");
  try {
    assertRedisTarget(url, prefix);
    await redis.tried;
    const fault = redis.fault();
    if (fault !== undefined) throw new Error(fault);
    const [seconds, microseconds] = await redis.client.time();
    const lease = leaseOf(await redis.client.hgetall(`${prefix ?? ""}${WRITER_KEY}`));
    return {
      finding: writerFinding(check, `${host} answers`, lease, instance),
      lease,
      clocks: { theirMs: Number(seconds) * 1_000 + Number(microseconds) / 1_000, ourMs: Date.now() },
    };
  } catch (error) {
    const text = `${host} cannot be used: ${plainRedisError(error).message}`;
    const remedy = "start it, correct --redis (REDIS_URL), or go on without: the embedded store works";
    return { finding: { check, outcome: "bad", text, remedy } };
  } finally {
    await redis.close();
  }
}
