import { serviceMetrics, spanName } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { type QuestDbServer, startQuestDb } from "@slipstream/testing/questdb-server";
import { type RedisServer, startRedis } from "@slipstream/testing/redis-server";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../../../testing/otlp-receiver.ts";
import { quick } from "../../../testing/quick.ts";
import type { SimulationOptions } from "../../options.ts";
import { type Simulation, startSimulation } from "../../simulation.ts";
import type { TradeTruth } from "../../truth/model.ts";
import { lastTradeKey, positionsKey } from "./redis-store.ts";

let redis: RedisServer;
let questDb: QuestDbServer;
beforeAll(async () => {
  redis = await startRedis({ password: "p@ss/word" });
  questDb = await startQuestDb({ http: { user: "desk", password: "s;cret" } });
}, 90_000);
afterAll(async () => {
  await redis?.close();
  await questDb?.close();
});

const { activeConnections, dependencyUp, databaseWriteLatency } = serviceMetrics;

interface Running {
  readonly receiver: OtlpReceiver;
  readonly simulation: Simulation;
  readonly trades: readonly TradeTruth[];
  readonly problems: readonly string[];
  /** Resolves after so many trades more. */
  more(count: number): Promise<void>;
}

let real: SimulationOptions;
beforeEach(() => {
  real = {
    redis: redis.url.replace(":p@ss/word@", `:${encodeURIComponent("p@ss/word")}@`),
    questdb: questDb.conf.replace("s;cret", "s;;cret"),
  };
});

async function start(options: SimulationOptions = {}): Promise<Running> {
  const receiver = await startOtlpReceiver();
  onTestFinished(() => receiver.close());
  const trades: TradeTruth[] = [];
  const problems: string[] = [];
  const simulation = await startSimulation({
    ...quick,
    rate: 20,
    endpoint: receiver.url,
    ...real,
    ...options,
    onTrade: (trade) => void trades.push(trade),
    onError: (message) => void problems.push(message),
    onRecovery: (message) => void problems.push(message),
  });
  onTestFinished(async () => void (await simulation.stop()));
  const more = async (count: number): Promise<void> => {
    const until = trades.length + count;
    await eventually(`${count} trades`, () => trades.length >= until, 60_000);
  };
  return { receiver, simulation, trades, problems, more };
}

function written(trades: readonly TradeTruth[], store: string): number {
  return trades.flatMap(({ calls }) => calls).filter((call) => call.store === store && !call.failed).length;
}

test("each trade is a row in QuestDB and a change in Redis, and a span for each", async () => {
  const { receiver, simulation, trades, problems, more } = await start();
  await more(20);
  await eventually("its databases are up", () =>
    ["redis", "questdb"].every((type) => receiver.points.get(`${dependencyUp.name}{type=${type}}`) === 1),
  );
  expect(receiver.points.get(`${activeConnections.name}{type=redis}`)).toBe(1);
  expect(receiver.points.get(`${activeConnections.name}{type=questdb}`)).toBeGreaterThan(0);
  const { calls, openPositions } = await simulation.stop();
  expect(problems).toEqual([]);
  expect(calls[spanName.dbWrite]).toEqual({ count: 2 * trades.length, failed: 0 });
  expect(receiver.points.get(databaseWriteLatency.name)).toBe(2 * trades.length);
  const spans = receiver.spans.filter(({ name }) => name === spanName.dbWrite);
  expect(new Set(spans.map(({ attributes }) => attributes["db.query.summary"]))).toEqual(
    new Set(["INSERT simulator_orders", undefined]),
  );

  const prefix = `'${simulation.run}-%'`;
  const rows = await eventually("rows", async () => {
    const sql = `SELECT trade_id, pair, status, service FROM simulator_orders WHERE trade_id LIKE ${prefix}`;
    const found = await questDb.query(sql);
    return found.length === trades.length ? found : undefined;
  });
  const expected = trades.map(({ id, pair, status }) => [id, pair, status, "trading-desk"]);
  expect([...rows].sort()).toEqual(expected.sort());
  const [kept] = await questDb.query(
    "SELECT ttlValue, ttlUnit FROM tables() WHERE table_name = 'simulator_orders'",
  );
  expect(kept).toEqual([1, "WEEK"]);

  const held = (await redis.command("hvals", positionsKey(simulation.run))) as string[];
  expect(held.reduce((sum, net) => sum + Math.abs(Number(net)), 0)).toBe(openPositions);
  expect(await redis.command("get", lastTradeKey(simulation.run))).toContain(simulation.run);
}, 90_000);

test("databases that die show as down and as failed writes, and the desk goes on trading", async () => {
  const { receiver, simulation, trades, problems, more } = await start();
  await more(5);
  await redis.kill();
  questDb.pause();
  onTestFinished(() => questDb.resume());
  for (const type of ["redis", "questdb"])
    await eventually(
      `${type} is down`,
      () => receiver.points.get(`${dependencyUp.name}{type=${type}}`) === 0,
      30_000,
    );
  await eventually("no connection", () => receiver.points.get(`${activeConnections.name}{type=redis}`) === 0);
  await more(20);
  await redis.restart();
  questDb.resume();
  for (const type of ["redis", "questdb"])
    await eventually(
      `${type} is up`,
      () => receiver.points.get(`${dependencyUp.name}{type=${type}}`) === 1,
      30_000,
    );
  await more(5);
  const { success, failures, calls } = await simulation.stop();
  expect(success).toBeGreaterThan(20);
  expect(failures.unexpected ?? 0).toBe(0);
  expect(calls[spanName.dbWrite]?.failed).toBeGreaterThan(20);
  expect(problems.filter((line) => /cannot write to its redis/.test(line)).length).toBeGreaterThan(0);
  expect(problems.join("\n")).toMatch(/The desk's questdb takes its writes again/);
  expect(problems.join("\n")).not.toMatch(/p@ss|s;cret|cret/);
  // What timed out may have been written all the same.
  const sql = `SELECT count() FROM simulator_orders WHERE trade_id LIKE '${simulation.run}-%'`;
  await eventually("every row that QuestDB took", async () => {
    const [[count] = []] = await questDb.query(sql);
    return Number(count) >= written(trades, "questdb") && Number(count) <= trades.length;
  });
}, 120_000);

test("databases that are not there at the start are used when they come", async () => {
  const later = await startRedis({ started: false });
  onTestFinished(() => later.close());
  const { receiver, problems, more } = await start({ redis: later.url, questdb: undefined });
  await more(5);
  await eventually("Redis is down", () => receiver.points.get(`${dependencyUp.name}{type=redis}`) === 0);
  expect([...receiver.points.keys()].filter((point) => point.includes("questdb"))).toEqual([]);
  await later.restart();
  await eventually(
    "Redis is up",
    () => receiver.points.get(`${dependencyUp.name}{type=redis}`) === 1,
    30_000,
  );
  expect(problems).toHaveLength(2);
}, 60_000);

test.each([
  [{ questdb: "tcp::addr=127.0.0.1:9009;" }, /^questdb: must be a configuration string/],
  [{ questdb: "secret" }, /^questdb: (?!.*secret)/],
  [{ redis: "http://:secret@127.0.0.1" }, /^redis: (?!.*secret)/],
])("%j is refused, without what may be a secret", async (wrong, message) => {
  await expect(startSimulation(wrong)).rejects.toThrow(message);
});
