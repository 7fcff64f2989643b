import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { Sender } from "@questdb/nodejs-client";
import { dashboardKeys } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { startedQuestDb, startedRedis } from "@slipstream/testing/started";
import { Redis } from "ioredis";
import { expect, it, onTestFinished } from "vitest";
import { PerformanceMonitor } from "./performance-monitor.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function startRedis(port: number): () => void {
  const server = spawn("redis-server", ["--port", String(port), "--save", "", "--appendonly", "no"], {
    cwd: testFolder(),
    stdio: "ignore",
  });
  const end = (): void => void server.kill("SIGKILL");
  onTestFinished(end);
  return end;
}

delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

it.each(["URL", "client"])(
  "a monitor by itself writes Redis (given as %s), also one that comes late and dies",
  async (kind) => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const client = new Redis(url, { retryStrategy: () => 100, maxRetriesPerRequest: null });
    client.on("error", () => undefined);
    onTestFinished(() => client.disconnect());
    const quiet = { info() {}, warn() {}, error() {} };
    const monitor = new PerformanceMonitor({
      redis: kind === "URL" ? url : client,
      capitalUsd: 100,
      allowedLatenessMs: 0,
      logger: quiet,
    });
    onTestFinished(() => monitor.stop());
    await monitor.startMonitoring();
    const trade = (): void => monitor.recordTradeExecution(performance.now() - 5, true, { pnlUsd: 1 });
    const trading = setInterval(trade, 100);
    onTestFinished(() => clearInterval(trading));

    const keys = async (): Promise<(string | null)[] | undefined> => {
      const values = await client.mget(...dashboardKeys);
      const [latency] = values;
      return typeof latency === "string" ? values : undefined;
    };
    const endFirst = startRedis(port);
    await eventually("the keys are written", keys);
    expect(await client.get("dashboard:success_rate")).toBe("100");
    expect(await client.get("dashboard:mev_avoidance_rate")).toBeNull();
    expect(await client.ttl("dashboard:success_rate")).toBeLessThanOrEqual(30);

    endFirst();
    await eventually("Redis is gone", () => client.status !== "ready");
    startRedis(port);
    await eventually("the keys are written again", keys, 60_000);
  },
);

it.each([
  ["a client", "no tables", async (conf: string) => Sender.fromConfig(conf)],
  ["a client", "a table without deduplication", async (conf: string) => Sender.fromConfig(conf)],
  ["a configuration string", "no tables", async (conf: string) => conf],
])("each trade is one row in QuestDB, given as %s, with %s there", async (_, there, questdb) => {
  const server = await startedQuestDb();
  if (there !== "no tables") {
    await server.query(
      "CREATE TABLE trades (timestamp TIMESTAMP, trace_id VARCHAR, span_id VARCHAR) TIMESTAMP(timestamp) PARTITION BY DAY WAL",
    );
  }
  const given = await questdb(server.conf);
  if (typeof given !== "string") onTestFinished(() => given.close());
  const problems: string[] = [];
  const note = (message: string) => void problems.push(message);
  const monitor = new PerformanceMonitor({
    questdb: given,
    questdbPg: server.pgUrl,
    questdbTablePrefix: there === "no tables" ? "desk_" : undefined,
    allowedLatenessMs: 0,
    logger: { info() {}, warn: note, error: note },
  });
  onTestFinished(() => monitor.stop());
  await monitor.startMonitoring();
  let made = 0;
  const trading = setInterval(() => {
    for (let index = 0; index < 30; index += 1) monitor.recordTradeExecution(performance.now() - 5, true);
    made += 30;
  }, 300);
  onTestFinished(() => clearInterval(trading));
  // Longer than the time after which what was sent first would be sent again to be sure.
  await eventually("six seconds of trades", () => made >= 600, 60_000);
  clearInterval(trading);
  const table = there === "no tables" ? "desk_trades" : "trades";
  const count = async (): Promise<number> =>
    Number((await server.query(`SELECT count() FROM ${table}`))[0]?.[0] ?? 0);
  await eventually("all are written", async () => (await count()) >= made, 60_000);
  await monitor.stop();
  expect(await count()).toBe(made);
  // The minute under way when it stopped is there, and says that it is not whole.
  const byLabel = `${table}_by_label WHERE label = 'service'`;
  const minutes = async () =>
    (await server.query(`SELECT sum(trades), min(seconds) FROM ${byLabel}`))[0]?.map(Number) ?? [];
  await eventually("all minutes are written", async () => Number((await minutes())[0]) >= made);
  const [trades, least] = await minutes();
  expect(trades).toBe(made);
  expect(least).toBeLessThan(60);
  expect(await server.query(`SELECT dedup FROM tables() WHERE table_name = '${table}'`)).toEqual([[true]]);
  expect(problems).toEqual([]);
});

it.each(["URL", "client"])(
  "Redis is there (given as %s): no failure is reported at the start",
  async (kind) => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    startRedis(port);
    const reader = new Redis(url, { retryStrategy: () => 100, maxRetriesPerRequest: null });
    reader.on("error", () => undefined);
    onTestFinished(() => reader.disconnect());
    await eventually("Redis runs", () => reader.status === "ready");
    const client = kind === "URL" ? undefined : new Redis(url);
    onTestFinished(() => client?.disconnect());
    const problems: string[] = [];
    const note = (message: string) => void problems.push(message);
    const monitor = new PerformanceMonitor({
      redis: client ?? url,
      allowedLatenessMs: 0,
      logger: { info() {}, warn: note, error: note },
    });
    onTestFinished(() => monitor.stop());
    await monitor.startMonitoring();
    monitor.recordTradeExecution(performance.now() - 5, true);
    await eventually(
      "the keys are written",
      async () => (await reader.get("dashboard:success_rate")) !== null,
    );
    expect(problems).toEqual([]);
  },
);

it("of two monitors on one Redis and QuestDB one writes; the other says so once, and takes over when it stops", async () => {
  const [redis, questdb] = [await startedRedis(), await startedQuestDb()];
  const started = async (serviceName: string, pnlUsd: number, client: boolean) => {
    const log: string[] = [];
    const note = (message: string) => void log.push(message);
    const sender = client ? await Sender.fromConfig(questdb.conf) : undefined;
    onTestFinished(() => sender?.close());
    const monitor = new PerformanceMonitor({
      serviceName,
      redis: redis.url,
      questdb: sender ?? questdb.conf,
      questdbPg: questdb.pgUrl,
      allowedLatenessMs: 0,
      logger: { info: note, warn: note, error: note },
    });
    onTestFinished(() => monitor.stop());
    await monitor.startMonitoring();
    const trade = (): void => monitor.recordTradeExecution(performance.now() - 5, true, { pnlUsd });
    const trading = setInterval(trade, 100);
    onTestFinished(() => clearInterval(trading));
    return { monitor, log };
  };
  // Whose rows are there, by what its trades earned.
  const earned = async () =>
    (await questdb.query("SELECT DISTINCT pnl_usd FROM trades ORDER BY pnl_usd")).flat();
  const first = await started("first", 1, false);
  await eventually("the first writes", async () => (await earned()).includes(1), 60_000);
  const second = await started("second", 2, true);
  const isTakenOver = (line: string) => /This process writes to (Redis|QuestDB) now/.test(line);
  const refusals = () => second.log.filter((line) => /of desk first .* so this process does not/.test(line));
  await eventually("the second is refused by both", () => refusals().length === 2, 60_000);
  expect(await redis.command("hget", "slipstream:writer", "desk")).toBe("first");
  expect(await earned()).toEqual([1]);
  await first.monitor.stop();
  await eventually("the second takes over", async () => (await earned()).includes(2), 60_000);
  await eventually(
    "in Redis too",
    async () => (await redis.command("hget", "slipstream:writer", "desk")) === "second",
  );
  await eventually("and says so", () => second.log.filter(isTakenOver).length === 2);
  expect(refusals()).toHaveLength(2);
  expect(second.log.filter((line) => line.includes("failed"))).toEqual([]);
});
