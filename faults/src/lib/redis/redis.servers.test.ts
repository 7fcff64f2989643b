import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import type { RedisServer } from "@slipstream/testing/redis-server";
import { startedRedis } from "@slipstream/testing/started";
import { expect, onTestFinished, test } from "vitest";
import { readServed } from "../aggregator/read.ts";
import { rssMiB } from "../aggregator/rss.ts";
import { readStoredSeries, type Series } from "../aggregator/stored-series.ts";
import { differences } from "../compare/differences.ts";
import { verify } from "../crash/verify.ts";
import type { Batch } from "../load/batch.ts";
import { bulkTrades } from "../load/bulk.ts";
import { backlogLoad } from "../load/loads.ts";
import { post, Sender } from "../sender.ts";
import { supervised } from "../testing/supervised.ts";
import { redisSeries } from "./series.ts";

/** Waits until Redis holds what the embedded store holds, each instant with its last values. */
async function repaired(redis: RedisServer, data: string): Promise<Series> {
  let found: readonly string[] = [];
  const compare = async (): Promise<Series | false> => {
    const stored = readStoredSeries(data);
    found = differences(stored, await redisSeries(redis.url));
    return found.length === 0 && stored;
  };
  return eventually("Redis holds the series", compare, 60_000).catch((error: Error) => {
    throw new Error(`${error.message}: ${found.slice(0, 10).join("; ")}`);
  });
}

test.each([31, 32, 33])(
  "Redis and the aggregator killed in turn under load: Redis holds every instant in the end (seed %i)",
  async (seed) => {
    const data = join(testFolder(), "data");
    const redis = await startedRedis();
    const supervisor = supervised(data, { REDIS_URL: redis.url });
    const load = backlogLoad(seed, 140);
    const sender = new Sender({ load, url: () => supervisor.url() });
    const kill = { afterMs: 0, acknowledged: 0, signal: "SIGKILL", startKills: [], changes: {} } as const;
    const sending = sender.run();
    await sender.reached(20);
    await redis.kill();
    await sender.reached(40);
    await redis.restart();
    await supervisor.interrupt(kill);
    await sender.reached(60);
    await Promise.all([redis.kill(), supervisor.interrupt(kill)]);
    await sender.reached(90);
    await redis.restart();
    await sender.reached(110);
    await supervisor.interrupt(kill);
    await sending;
    await repaired(redis, data);
    const served = await readServed(await supervisor.url());
    await supervisor.end("SIGTERM");
    expect(await verify({ data, sent: load.made, served, backlog: true })).toEqual([]);
    expect(differences(readStoredSeries(data), await redisSeries(redis.url))).toEqual([]);
  },
);

interface RedisSink {
  readonly up: boolean | null;
  readonly queueItems: number;
  readonly dropped: number;
}

async function redisSink(url: string): Promise<RedisSink> {
  const { sinks } = (await (await fetch(`${url}/readyz`)).json()) as { sinks: { redis: RedisSink } };
  return sinks.redis;
}

/** Event time until a waiting queue of 720 instants runs over, and some more. */
const SPARSE_MS = 80 * 60_000;
const TRADES = 500;

test("Redis hangs for 10 minutes of 100 trades a second and 80 quiet ones: memory bounded, intake unaffected, full repair", async () => {
  const data = join(testFolder(), "data");
  const redis = await startedRedis();
  const supervisor = supervised(data, { REDIS_URL: redis.url });
  const url = await supervisor.url();
  const startMs = Date.now() - 6 * 3_600_000;
  const sent: Batch[] = [];
  let first = 0;
  const send = async (fromMs: number, trades: number, stepMs: number): Promise<void> => {
    const batch = bulkTrades({ index: sent.length, first, trades, fromMs, stepMs });
    sent.push(batch);
    first += trades;
    expect(await post(url, batch)).toBe(200);
  };

  // Two minutes as they should be, for what follows to be compared with.
  let timeMs = startMs;
  for (; timeMs < startMs + 120_000; timeMs += 5_000) await send(timeMs, TRADES, 10);
  await repaired(redis, data);
  const before = rssMiB(supervisor.pid);

  redis.pause();
  onTestFinished(() => redis.resume());
  for (; timeMs < startMs + 720_000; timeMs += 5_000) await send(timeMs, TRADES, 10);
  const busy = rssMiB(supervisor.pid);
  for (const endMs = timeMs + SPARSE_MS; timeMs < endMs; timeMs += 5_000) await send(timeMs, 1, 0);
  const hung = await redisSink(url);
  console.log(
    `Redis hung: RSS ${before.toFixed(0)} MiB before, ${busy.toFixed(0)} after 10 busy minutes, ` +
      `${rssMiB(supervisor.pid).toFixed(0)} at the end; ${hung.queueItems} instants waited, ${hung.dropped} were dropped`,
  );
  expect(hung).toMatchObject({ up: false });
  expect(hung.queueItems).toBeLessThanOrEqual(720);
  expect(busy - before).toBeLessThan(128);

  redis.resume();
  const series = await repaired(redis, data);
  expect(series.size).toBeGreaterThanOrEqual((720_000 + SPARSE_MS) / 5_000 - 3);
  const served = await readServed(url);
  await supervisor.end("SIGTERM");
  expect(await verify({ data, sent, served, backlog: true })).toEqual([]);
});
