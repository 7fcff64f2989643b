import { dashboardKeys, dashboardSeriesKey, serviceMetrics } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { type RedisServer, startRedis } from "@slipstream/testing/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sendByJavaScript, sendByPython } from "../../testing/otlp-clients.ts";
import { nearestRank, planTrades } from "../../testing/span-plan.ts";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { decodePoint } from "../dashboards/dashboard-codec.ts";
import type { DashboardPoint } from "../dashboards/dashboards.ts";
import { IN_MEMORY } from "../data-folder.ts";

const capitalUsd = 10_000;
const gauges = [
  { name: serviceMetrics.circuitBreakerState.name, value: 2, attributes: {} },
  { name: serviceMetrics.openPositions.name, value: 4, attributes: {} },
];
/** The rate of avoided attacks is unknown: nothing here gives verdicts. */
const knownKeys = dashboardKeys.filter((key) => key !== "dashboard:mev_avoidance_rate").sort();

let redis: RedisServer;
let aggregator: Aggregator;
let feeding: { stop(): Promise<void> } | undefined;

beforeEach(async () => {
  redis = await startRedis({ started: false });
  aggregator = await createAggregator({
    dataDir: IN_MEMORY,
    port: 0,
    redis: redis.url,
    capitalUsd,
  });
});
afterEach(async () => {
  await feeding?.stop();
  feeding = undefined;
  await aggregator.close();
  await redis.close();
});

const keys = async () => ((await redis.command("keys", "dashboard:*")) as string[]).sort();
const read = async (key: string) => (await redis.command("get", key)) as string | null;

/** The series of the days around now, as Redis holds it. */
async function series(): Promise<DashboardPoint[]> {
  const points: DashboardPoint[] = [];
  for (const key of new Set([-86_400_000, 0].map((ms) => dashboardSeriesKey(Date.now() + ms)))) {
    const members = (await redis.command("zrange", key, 0, -1)) as string[];
    points.push(...members.map(decodePoint).filter((point) => point !== undefined));
  }
  return points;
}

async function embeddedSeries(): Promise<readonly DashboardPoint[]> {
  return aggregator.dashboard.series(0, Date.now() + 60_000);
}

/** Sends one trade after the other, so that there is something to publish for each period. */
function feed(): { stop(): Promise<void> } {
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      const { spans } = planTrades(1, Date.now());
      await sendByJavaScript({ endpoint: aggregator.url, service: "feed", gzip: false, spans });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const running = run();
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

test("its status follows the connection, though nothing is published", async () => {
  const status = () => aggregator.sinks().redis;
  await eventually("Redis is reported as away", () => status()?.up === false);
  expect(status()?.lastError).toContain("ECONNREFUSED");
  await redis.restart();
  await eventually("the fault is gone", () => status()?.lastError === undefined);
  expect(status()?.up).not.toBe(false);
  await redis.kill();
  await eventually("Redis is reported as away again", () => status()?.up === false);
});

test("Redis comes up after the aggregator and holds the true values within a period", async () => {
  const { spans, truth } = planTrades(900, Date.now());
  await sendByPython({ endpoint: aggregator.url, service: "desk", gzip: true, spans, gauges });
  await eventually("the sink sees that Redis is away", () => aggregator.sinks().redis?.up === false);
  await redis.restart();
  // Trades and gauges were sent one after the other, and may belong to two instants.
  await eventually("all that was sent is on the dashboard", async () => {
    expect((await keys()).filter((key) => !key.includes("timeseries"))).toEqual(knownKeys);
    return Number(await read("dashboard:trades_per_minute")) >= 900;
  });
  for (const key of knownKeys) {
    const ttl = await redis.command("ttl", key);
    expect(ttl, key).toBeGreaterThan(0);
    expect(ttl, key).toBeLessThanOrEqual(30);
  }
  const accurate = truth.slippage.filter((error) => error <= 0.005).length;
  const exact = {
    "dashboard:trade_latency_p99": 1000 * nearestRank(truth.tradeLatency, 0.99),
    "dashboard:node_latency_p99": 1000 * nearestRank(truth.nodeLatency, 0.99),
    "dashboard:success_rate": (100 * truth.succeeded) / 900,
    "dashboard:slippage_accuracy": (100 * accurate) / truth.succeeded,
    "dashboard:total_pnl": (100 * truth.pnlUsd) / capitalUsd,
  };
  for (const [key, value] of Object.entries(exact)) {
    const ratio = Number(await read(key)) / value;
    expect(ratio, key).toBeGreaterThan(0.995);
    expect(ratio, key).toBeLessThan(1.005);
  }
  expect(await read("dashboard:circuit_breaker_state")).toBe("half_open");
  expect(await read("dashboard:active_positions")).toBe("4");
  expect(aggregator.current().services.desk?.received).toBe(truth.spans);
});

test.each([
  ["is killed and comes back empty", () => redis.kill(), () => redis.restart()],
  ["hangs and goes on", async () => redis.pause(), async () => redis.resume()],
])("Redis %s: intake goes on, the dashboards resume and lack no instant", async (_, breakIt, mendIt) => {
  await redis.restart();
  feeding = feed();
  await eventually("two periods", async () => (await series()).length >= 2);
  await breakIt();
  await eventually("the sink sees it", () => aggregator.sinks().redis?.up === false);
  const before = aggregator.current().services.feed?.received ?? 0;
  const held = (await embeddedSeries()).length;
  await eventually("intake and the embedded store go on", async () => {
    const received = aggregator.current().services.feed?.received ?? 0;
    return received > before && (await embeddedSeries()).length > held;
  });
  expect((await fetch(`${aggregator.url}/readyz`)).status).toBe(200);
  await mendIt();
  await eventually("the keys are back", async () => (await read("dashboard:trades_per_minute")) !== null);
  await eventually("the series is whole", async () => {
    const [inRedis, embedded] = [await series(), await embeddedSeries()];
    expect(inRedis.slice(0, embedded.length)).toEqual(embedded.slice(0, inRedis.length));
    return inRedis.length >= embedded.length;
  });
  const times = (await series()).map(({ timeMs }) => timeMs);
  expect(times.every((timeMs, index) => index === 0 || timeMs - (times[index - 1] ?? 0) === 5000)).toBe(true);
  await eventually("the sink says so", () => aggregator.sinks().redis?.up === true);
  expect(aggregator.sinks().redis?.dropped).toBe(0);
});

test("with nothing more to say, the keys are gone and the series stays", async () => {
  await redis.restart();
  const { spans } = planTrades(5, Date.now());
  await sendByJavaScript({ endpoint: aggregator.url, service: "desk", gzip: false, spans });
  await eventually("written", async () => (await read("dashboard:trades_per_minute")) !== null);
  await aggregator.close();
  const ttls = await Promise.all(
    (await keys()).map(async (key) => [key, await redis.command("ttl", key)] as const),
  );
  for (const [key, ttl] of ttls) {
    if (key.includes("timeseries")) expect(ttl).toBeGreaterThan(7 * 86_400);
    else expect(ttl).toBeLessThanOrEqual(30);
  }
});
