import { leaseOf, WRITER_KEY } from "@slipstream/aggregator";
import { Redis } from "ioredis";
import type { Finding } from "./check.ts";
import { writerFinding } from "./writer-finding.ts";

const check = "Redis";

export interface RedisFinding {
  readonly finding: Finding;
  /** Redis's own clock, Unix ms, and ours at that moment. */
  readonly clocks?: { readonly theirMs: number; readonly ourMs: number };
}

export interface RedisTarget {
  readonly url: string | undefined;
  readonly prefix: string | undefined;
  /** The id in the data folder; undefined if there is none yet. */
  readonly instance: string | undefined;
}

export async function checkRedis({ url, prefix, instance }: RedisTarget): Promise<RedisFinding> {
  if (url === undefined) {
    return {
      finding: { check, outcome: "ok", text: "not configured; the embedded store holds the dashboards" },
    };
  }
  const { host } = new URL(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason = "";
  redis.on("error", (error: Error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
    // Such as a database that Redis does not have: the client would go on with another one.
    if (reason !== "") throw new Error(reason);
    const [seconds, microseconds] = await redis.time();
    const lease = await redis.hgetall(`${prefix ?? ""}${WRITER_KEY}`);
    return {
      finding: writerFinding(check, `${host} answers`, leaseOf(lease), instance),
      clocks: { theirMs: Number(seconds) * 1_000 + Number(microseconds) / 1_000, ourMs: Date.now() },
    };
  } catch (error) {
    const text = `${host} cannot be used: ${reason || (error instanceof Error ? error.message : String(error))}`;
    const remedy = "start it, correct --redis (REDIS_URL), or go on without: the embedded store works";
    return { finding: { check, outcome: "bad", text, remedy } };
  } finally {
    redis.disconnect();
  }
}
