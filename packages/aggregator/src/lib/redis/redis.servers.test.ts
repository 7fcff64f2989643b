import { randomUUID } from "node:crypto";
import { dashboardKeys, dashboardSeriesKey } from "@slipstream/conventions";
import type { DashboardInstant, Publication } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { type RedisServer, startRedis } from "@slipstream/testing/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WritableDashboards } from "../dashboards/dashboards.ts";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import { createDashboardSink } from "../sinks/dashboard-sink.ts";
import type { PublishingSink, SinkStateChange } from "../sinks/sink.ts";
import { processWriter } from "../writer/identity.ts";
import { connectRedis } from "./redis-connection.ts";
import { createRedisDashboards } from "./redis-dashboards.ts";
import { RedisLease, WRITER_KEY } from "./redis-lease.ts";
import { createRedisSink } from "./redis-sink.ts";

const day = 86_400_000;
const values: DashboardInstant = {
  trade_latency_p99: 245.12345678,
  node_latency_p99: 0.0000001234567,
  slippage_accuracy: 200 / 3,
  mev_avoidance_rate: 0,
  trades_per_minute: 1e21,
  success_rate: 100,
  circuit_breaker_state: "half_open",
  active_positions: 3,
  total_pnl: -1.25,
};

let server: RedisServer;
let embedded: WritableDashboards;
let cleanUps: (() => Promise<void>)[];

beforeEach(async () => {
  server = await startRedis();
  embedded = createMemoryDashboards();
  cleanUps = [() => server.close()];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** The last boundary of the clock's own time, so that nothing is stale and nothing lies in the future. */
function boundary(): number {
  return Math.floor(Date.now() / 5000) * 5000;
}

function connect(url = server.url): { store: WritableDashboards; errors: string[] } {
  const errors: string[] = [];
  const connection = connectRedis(url, { onError: (message) => errors.push(message), commandTimeoutMs: 500 });
  cleanUps.push(() => connection.close());
  const { client, tried, fault } = connection;
  const writer = processWriter({ desk: "", run: randomUUID() });
  const lease = new RedisLease({ client, tried, fault, writer });
  cleanUps.push(() => lease.close());
  return { store: createRedisDashboards({ client, tried, fault, lease }), errors };
}

/** As the aggregator publishes: into the embedded store, then into the sink. */
function startSink(url?: string): {
  sink: PublishingSink;
  store: WritableDashboards;
  /** Of the connection. */
  errors: readonly string[];
  publish(...all: Publication[]): Promise<void>;
} {
  const { store, errors } = connect(url);
  const sink = createDashboardSink({ store, repairFrom: embedded, timeoutMs: 1000 });
  cleanUps.push(() => sink.close());
  return {
    sink,
    store,
    errors,
    async publish(...all) {
      await embedded.write(all, { current: true });
      sink.publish(all);
    },
  };
}

/** But for that of the lease. */
const keys = async () =>
  ((await server.command("keys", "*")) as string[]).filter((key) => key !== WRITER_KEY).sort();
const written = (sink: PublishingSink) =>
  eventually("everything written", () => sink.status().up === true && sink.status().queueItems === 0);

test("nine keys in plain decimals that expire within 30 s, and the series", async () => {
  const { sink, store, publish } = startSink();
  const timeMs = boundary();
  await publish({ timeMs, values, amended: false });
  await written(sink);
  expect(await store.current()).toEqual({
    "dashboard:trade_latency_p99": "245.123",
    "dashboard:node_latency_p99": "0.000000123457",
    "dashboard:slippage_accuracy": "66.6667",
    "dashboard:mev_avoidance_rate": "0",
    "dashboard:trades_per_minute": "1000000000000000000000",
    "dashboard:success_rate": "100",
    "dashboard:circuit_breaker_state": "half_open",
    "dashboard:active_positions": "3",
    "dashboard:total_pnl": "-1.25",
  });
  expect(await keys()).toEqual([...dashboardKeys, dashboardSeriesKey(timeMs)].sort());
  for (const key of dashboardKeys) {
    const ttl = await server.command("ttl", key);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(30);
  }
  const members = (await server.command("zrange", dashboardSeriesKey(timeMs), 0, -1, "WITHSCORES")) as [
    string,
    string,
  ][];
  expect(members.flat().at(-1)).toBe(String(timeMs));
  expect(JSON.parse(members.flat()[0] ?? "")).toEqual({
    time: new Date(timeMs).toISOString(),
    ...values,
    trade_latency_p99: 245.123,
    node_latency_p99: 0.000000123457,
    slippage_accuracy: 66.6667,
  });
});

test("other desks have keys of their own, a lease of their own, and are repaired by themselves", async () => {
  const timeMs = boundary();
  const beta = createMemoryDashboards();
  await beta.write([{ timeMs: timeMs - 5000, values: { success_rate: 7 } }], { current: false });
  const sink = createRedisSink(server.url, {
    repairFrom: (desk) => (desk === "beta" ? beta : embedded),
    desks: ["beta"],
    prefix: "p:",
    writer: processWriter({ desk: "", run: randomUUID() }),
    now: Date.now,
    logger: { info() {}, warn() {}, error() {} },
  });
  cleanUps.push(() => sink.close());
  const of = (desk: string, rate: number): Publication => ({
    timeMs,
    values: { success_rate: rate },
    amended: false,
    ...(desk !== "" && { desk }),
  });
  sink.publish([of("", 1), of("beta", 2), of("a:{b} c", 3)]);
  const get = (key: string) => server.command("get", `p:${key}dashboard:success_rate`);
  const all = () => Promise.all(["", "beta:", "a%3A%7Bb%7D%20c:"].map(get));
  await eventually("written", async () => String(await all()) === "1,2,3");
  const series = `p:beta:${dashboardSeriesKey(timeMs - 5000)}`;
  await eventually("repaired", async () => {
    return Number(await server.command("zcount", series, timeMs - 5000, timeMs - 5000)) === 1;
  });
  expect(await server.command("exists", `p:${WRITER_KEY}`, `p:beta:${WRITER_KEY}`)).toBe(2);
  expect(sink.status()).toMatchObject({ up: true, queueItems: 0, dropped: 0 });
});

test("an aggregator does not write where another one's prefix is the name of a desk", async () => {
  const writer = (desk: string) => processWriter({ desk, run: randomUUID() });
  const logger = { info() {}, warn() {}, error() {} };
  const repairFrom = () => embedded;
  const other = createRedisSink(server.url, {
    ...{ repairFrom, logger, now: Date.now },
    prefix: "beta:",
    writer: writer("elsewhere"),
  });
  cleanUps.push(() => other.close());
  await eventually("the other has its lease", () => other.status().writer?.held === true);
  const sink = createRedisSink(server.url, { repairFrom, logger, now: Date.now, writer: writer("") });
  cleanUps.push(() => sink.close());
  const values = { success_rate: 9 };
  sink.publish([
    { timeMs: boundary(), values, amended: false },
    { timeMs: boundary(), values, amended: false, desk: "beta" },
  ]);
  await eventually(
    "the own one is written",
    async () => (await server.command("get", "dashboard:success_rate")) === "9",
  );
  await eventually("the reason is shown", () => sink.status().lastError !== undefined);
  expect(sink.status()).toMatchObject({
    up: false,
    writer: { held: true },
    lastError: expect.stringMatching(/^desk beta: .*desk elsewhere.*writes to this Redis/),
  });
  expect(await server.command("get", "beta:dashboard:success_rate")).toBeNull();
});

test("what becomes unknown loses its key at once", async () => {
  const { sink, store, publish } = startSink();
  await publish({ timeMs: boundary() - 5000, values, amended: false });
  await written(sink);
  await publish({ timeMs: boundary(), values: { success_rate: 50 }, amended: false });
  await eventually("one key", async () => Object.keys(await store.current()).length === 1);
  expect(await store.current()).toEqual({ "dashboard:success_rate": "50" });
});

test("an instant that is amended stays one member, and equal instants are two", async () => {
  const { sink, store, publish } = startSink();
  const timeMs = boundary();
  await publish({ timeMs: timeMs - 5000, values, amended: false }, { timeMs, values, amended: false });
  await written(sink);
  await publish({ timeMs: timeMs - 5000, values: { success_rate: 1 }, amended: true });
  await eventually(
    "amended",
    async () => (await store.series(timeMs - 5000, timeMs - 5000))[0]?.values.success_rate === 1,
  );
  expect(await store.series(0, timeMs)).toHaveLength(2);
  expect((await store.current())["dashboard:success_rate"]).toBe("100");
});

test("a day's series expires by itself 8 days after it began, and is deleted by event time", async () => {
  const { store } = connect();
  await eventually("connected", () => store.count(0).then(() => true));
  const timeMs = boundary();
  const today = Math.floor(timeMs / day) * day;
  for (const age of [0, 6, 7, 8, 20]) {
    await server.command(
      "zadd",
      dashboardSeriesKey(timeMs - age * day),
      timeMs - age * day,
      `planted ${age}`,
    );
  }
  await store.write([{ timeMs, values }], { current: true });
  const seriesKeys = async () => (await keys()).filter((key) => key.includes("timeseries"));
  expect(await seriesKeys()).toEqual([7, 6, 0].map((age) => dashboardSeriesKey(timeMs - age * day)));
  expect(await server.command("expiretime", dashboardSeriesKey(timeMs))).toBe((today + 8 * day) / 1000);

  await store.write([{ timeMs: timeMs + day, values }], { current: true });
  expect(await seriesKeys()).toEqual([6, 0, -1].map((age) => dashboardSeriesKey(timeMs - age * day)));
  await store.write([{ timeMs: timeMs - 9 * day, values }], { current: false });
  expect(await seriesKeys()).not.toContain(dashboardSeriesKey(timeMs - 9 * day));
});

test("catching up writes the series and not the keys", async () => {
  const { sink, publish } = startSink();
  const timeMs = boundary() - 60_000;
  await publish({ timeMs, values, amended: false });
  await written(sink);
  expect(await keys()).toEqual([dashboardSeriesKey(timeMs)]);
});

test.each([
  ["comes back empty", false],
  ["comes back with what it had saved", true],
])("Redis is killed and %s: keys and series are whole again", async (_, saved) => {
  const last = boundary();
  const times = Array.from({ length: 2000 }, (__, index) => last - (2000 - index) * 5000);
  await embedded.write(
    times.map((timeMs) => ({ timeMs, values })),
    { current: false },
  );
  const { sink, store, publish } = startSink();
  await eventually("filled at start", async () => (await store.series(0, last)).length === 2000);
  if (saved) await server.command("save");
  await server.kill();
  await publish({ timeMs: times[1998] ?? 0, values: { success_rate: 7 }, amended: true });
  await eventually("the loss is seen", () => sink.status().up === false);
  await publish({ timeMs: last, values, amended: false });
  await server.restart();
  await eventually("keys", async () => Object.keys(await store.current()).length === 9);
  await eventually("series", async () => (await store.series(0, last)).length === 2001);
  await eventually("equal", async () => {
    expect(await store.series(0, last)).toEqual(await embedded.series(0, last));
    return true;
  });
  await written(sink);
  expect(sink.status()).toMatchObject({ up: true, dropped: 0, queueItems: 0, writtenTimeMs: last });
});

test("Redis hangs: the sink goes on by itself when it runs again", async () => {
  const { sink, store, publish } = startSink();
  const last = boundary();
  await publish({ timeMs: last - 10_000, values, amended: false });
  await written(sink);
  server.pause();
  await publish({ timeMs: last - 5000, values, amended: false });
  await eventually("the hang is seen", () => sink.status().up === false);
  await publish({ timeMs: last, values: { success_rate: 9 }, amended: false });
  expect(sink.status().queueItems).toBe(2);
  server.resume();
  await eventually("written", async () => (await store.current())["dashboard:success_rate"] === "9");
  expect(await store.series(0, last)).toEqual(await embedded.series(0, last));
});

test("Redis hangs for longer than a connection lives without an answer", async () => {
  const { sink, store, errors, publish } = startSink();
  const last = boundary();
  await publish({ timeMs: last - 5000, values, amended: false });
  await written(sink);
  server.pause();
  await publish({ timeMs: last, values, amended: false });
  await eventually("the connection is given up", () =>
    errors.some((message) => /Socket timeout/.test(message)),
  );
  server.resume();
  await eventually("written", async () => (await store.series(0, last)).length === 2);
  expect(await store.series(0, last)).toEqual(await embedded.series(0, last));
});

test("Redis is away at start and comes later", async () => {
  await server.close();
  server = await startRedis({ started: false });
  const { sink, store, publish } = startSink();
  const timeMs = boundary();
  await publish({ timeMs, values, amended: false });
  await eventually("down", () => sink.status().up === false);
  await server.restart();
  await eventually("keys", async () => Object.keys(await store.current()).length === 9);
  await written(sink);
  expect(sink.status()).toMatchObject({ up: true, dropped: 0, queueItems: 0 });
});

test("data that vanishes while Redis runs is written again", async () => {
  const { sink, store, publish } = startSink();
  const last = boundary();
  await server.command("set", dashboardSeriesKey(last), "in the way");
  await publish({ timeMs: last, values, amended: false });
  await eventually("refused", () => sink.status().lastError?.includes("WRONGTYPE"));
  await server.command("flushall");
  await eventually("written", async () => (await store.series(0, last)).length === 1);
  expect(await store.series(0, last)).toEqual(await embedded.series(0, last));
});

test("a database that Redis does not have: nothing is written to another one", async () => {
  await server.command("set", "other", "program");
  const { store, errors } = connect(`${server.url}/99`);
  const sink = createDashboardSink({ store });
  cleanUps.push(() => sink.close());
  sink.publish([{ timeMs: boundary(), values, amended: false }]);
  const connections = async () =>
    Number(/total_connections_received:(\d+)/.exec(String(await server.command("info", "stats")))?.[1]);
  const before = await connections();
  await eventually("refused again and again", async () => (await connections()) > before + 20);
  expect(errors).toEqual([expect.stringMatching(/^ERR DB index is out of range \(It has no database/)]);
  expect(sink.status()).toMatchObject({ up: false, lastError: errors[0] });
  expect(await server.command("keys", "*")).toEqual(["other"]);
});

test("a sink says that it works, and before that nothing of a failure, if Redis is there", async () => {
  const states: SinkStateChange[] = [];
  const lines: string[] = [];
  const note = (_: object, message: string): void => void lines.push(message);
  const sink = createRedisSink(server.url, {
    repairFrom: () => embedded,
    writer: processWriter({ desk: "", run: randomUUID() }),
    now: Date.now,
    onStateChange: (state) => states.push(state),
    logger: { info: note, warn: note, error: note },
  });
  cleanUps.push(() => sink.close());
  await eventually("up", () => sink.status().up === true);
  expect({ states, lines }).toEqual({ states: [{ sink: "redis", up: true }], lines: [] });
  for (const count of [1, 2]) {
    await server.kill();
    await eventually(
      "lost",
      () => lines.filter((line) => line.startsWith("Cannot connect")).length === count,
    );
    await server.restart();
    await eventually("back", () => lines.filter((line) => line.endsWith("again")).length === count);
  }
});

test("a wrong password is told without the password, and nothing else breaks", async () => {
  await server.close();
  server = await startRedis({ password: "right-secret" });
  const { store, errors } = connect(`redis://:wrong-secret@127.0.0.1:${server.port}`);
  const sink = createDashboardSink({ store });
  cleanUps.push(() => sink.close());
  sink.publish([{ timeMs: boundary(), values, amended: false }]);
  await eventually("told", () => errors.length > 0 && sink.status().up === false);
  expect(JSON.stringify([errors, sink.status()])).not.toContain("secret");
  const good = startSink(server.url);
  await good.publish({ timeMs: boundary(), values, amended: false });
  await written(good.sink);
});
