import type { Publication } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, expect, test } from "vitest";
import { type FaultyStore, makeFaulty } from "../../testing/faulty-store.ts";
import { createMemoryDashboards } from "../dashboards/memory-dashboards.ts";
import { createDashboardSink, type DashboardSinkOptions } from "./dashboard-sink.ts";
import type { PublishingSink } from "./sink.ts";

const start = Date.UTC(2026, 0, 20, 12);
const now = () => start;
const retry = { backoff: { firstMs: 1, longestMs: 5 } };
const sinks: PublishingSink[] = [];

afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

function makeSink(store: FaultyStore, options: Partial<DashboardSinkOptions> = {}): PublishingSink {
  const sink = createDashboardSink({ store, now, retry, timeoutMs: 50, ...options });
  sinks.push(sink);
  return sink;
}

function at(index: number, trades = index): Publication {
  return { timeMs: start + index * 5000, values: { trades_per_minute: trades }, amended: false };
}

const empty = () => createMemoryDashboards({ now });

test("what is published together is written together, the newest as the current one", async () => {
  const store = makeFaulty(empty());
  const sink = makeSink(store);
  expect(sink.status()).toEqual({ up: null, queueItems: 0, dropped: 0, writtenTimeMs: null });
  sink.publish([at(-2)]);
  sink.publish([at(-1), at(0)]);
  await eventually("written", () => sink.status().queueItems === 0);
  expect(store.writes).toEqual([
    { times: [at(-2), at(-1), at(0)].map(({ timeMs }) => timeMs), current: true },
  ]);
  expect(sink.status()).toEqual({ up: true, queueItems: 0, dropped: 0, writtenTimeMs: start });
});

test("an amendment of an older instant leaves the nine keys alone", async () => {
  const store = makeFaulty(empty());
  const sink = makeSink(store);
  sink.publish([at(0)]);
  await eventually("first", () => store.writes.length === 1);
  sink.publish([at(-1)]);
  await eventually("second", () => store.writes.length === 2);
  expect(store.writes[1]).toEqual({ times: [at(-1).timeMs], current: false });
  sink.publish([at(0, 7)]);
  await eventually("third", () => store.writes.length === 3);
  expect(store.writes[2]?.current).toBe(true);
});

test("while the watermark is more than 30 s behind, only the series is written", async () => {
  const store = makeFaulty(empty());
  let watermark = start - 30_001;
  const sink = makeSink(store, { watermark: () => watermark });
  sink.publish([at(-7)]);
  await eventually("first", () => store.writes.length === 1);
  expect(store.writes[0]?.current).toBe(false);
  watermark = start - 30_000;
  sink.publish([at(-6)]);
  await eventually("second", () => store.writes.length === 2);
  expect(store.writes[1]?.current).toBe(true);
});

test.each(["fails", "hangs"] as const)("a store that %s at first gets everything later", async (mode) => {
  const store = makeFaulty(empty(), mode);
  const states: boolean[] = [];
  const sink = makeSink(store, { onStateChange: ({ up }) => states.push(up) });
  sink.publish([at(-2), at(-1)]);
  await eventually("down", () => sink.status().up === false);
  expect(sink.status()).toMatchObject({ queueItems: 2, lastError: expect.any(String) });
  sink.publish([at(-1, 9), at(0)]);
  store.mode = "works";
  await eventually("written", () => sink.status().queueItems === 0);
  expect((await store.series(0, start)).map(({ values }) => values.trades_per_minute)).toEqual([-2, 9, 0]);
  expect(sink.status()).toEqual({ up: true, queueItems: 0, dropped: 0, writtenTimeMs: start });
  expect(states).toEqual([false, true]);
});

test("past the limit the oldest are dropped and counted", async () => {
  const store = makeFaulty(empty(), "fails");
  const sink = makeSink(store, { queueLimit: 3 });
  for (let index = -9; index <= 0; index++) sink.publish([at(index)]);
  await eventually("down", () => sink.status().up === false);
  expect(sink.status()).toMatchObject({ queueItems: 3, dropped: 7 });
  store.mode = "works";
  await eventually("written", () => sink.status().queueItems === 0);
  expect(await store.series(0, start)).toHaveLength(3);
});

test("what was dropped is repaired from the complete store", async () => {
  const complete = empty();
  const store = makeFaulty(empty(), "fails");
  const sink = makeSink(store, { queueLimit: 3, repairFrom: complete });
  for (let index = -1000; index <= 0; index++) {
    await complete.write([at(index)], { current: true });
    sink.publish([at(index)]);
  }
  store.mode = "works";
  await eventually("repaired", async () => (await store.series(0, start)).length === 1001);
  expect(await store.series(0, start)).toEqual(await complete.series(0, start));
});

test("a store that comes back empty gets all days again, the newest values first", async () => {
  const complete = empty();
  const days = Array.from({ length: 8 }, (_, age) => at(-17_280 * age));
  await complete.write(days, { current: true });
  const store = makeFaulty(empty());
  const sink = makeSink(store, { repairFrom: complete });
  sink.publish([at(0)]);
  await eventually("repaired", async () => (await store.series(0, start)).length === 8);
  expect(store.writes[0]).toEqual({ times: [start], current: true });
  expect(store.writes.slice(1).every(({ current }) => !current)).toBe(true);
});

test("data that is lost without an error is noticed at the next write", async () => {
  let time = start;
  const clock = () => time;
  const complete = createMemoryDashboards({ now: clock });
  const points = Array.from({ length: 10 }, (_, index) => at(index - 9));
  await complete.write(points, { current: true });
  let lost = empty();
  const held = lost;
  const store = makeFaulty({
    ...held,
    write: (...args) => lost.write(...args),
    count: (day) => lost.count(day),
  });
  const sink = makeSink(store, { repairFrom: complete, now: clock });
  await eventually("first repair", async () => (await lost.series(0, start)).length === 10);
  lost = empty();
  time += 61_000;
  await complete.write([at(1)], { current: true });
  sink.publish([at(1)]);
  await eventually("second repair", async () => (await lost.series(0, start + 5000)).length === 11);
  expect(await lost.series(0, start + 5000)).toEqual(await complete.series(0, start + 5000));
});

test("an amendment that a dead process left unwritten is written at the next start", async () => {
  const complete = empty();
  await complete.write([at(-3, 8)], { current: true });
  const store = makeFaulty(empty());
  await store.write([at(-3, 1)], { current: true });
  makeSink(store, { repairFrom: complete });
  await eventually("amended", () => store.writes.length === 2);
  expect((await store.series(0, start))[0]?.values).toEqual({ trades_per_minute: 8 });
});

test("so is one of a backlog, whose event time is hours behind the clock", async () => {
  const hoursAgo = at(-4_000);
  const store = makeFaulty(empty());
  const repairFrom = empty();
  await store.write([hoursAgo], { current: false });
  await repairFrom.write([{ ...hoursAgo, values: { trades_per_minute: 9 } }], { current: false });
  makeSink(store, { repairFrom, watermark: () => hoursAgo.timeMs + 60_000 });
  await eventually("amended", () => store.writes.length === 2);
  expect((await store.series(0, start))[0]?.values).toEqual({ trades_per_minute: 9 });
});

test("closing writes what waits, and does not wait for a store that is away", async () => {
  const store = makeFaulty(empty());
  const sink = makeSink(store);
  sink.publish([at(0)]);
  await sink.close();
  expect(store.writes).toHaveLength(1);
  sink.publish([at(1)]);
  expect(sink.status().queueItems).toBe(0);

  const away = makeFaulty(empty(), "hangs");
  const stuck = makeSink(away, {
    timeoutMs: 50,
    retry: { backoff: { firstMs: 3_600_000, longestMs: 3_600_000 } },
  });
  stuck.publish([at(0)]);
  await eventually("down", () => stuck.status().up === false);
  await stuck.close();
  expect(stuck.status()).toMatchObject({ up: false, queueItems: 1 });
});

test("a listener that throws stops nothing", async () => {
  const store = makeFaulty(empty());
  const sink = makeSink(store, {
    onStateChange: () => {
      throw new Error("from the listener");
    },
  });
  sink.publish([at(0)]);
  await eventually("first", () => store.writes.length === 1);
  sink.publish([at(1)]);
  await eventually("second", () => store.writes.length === 2);
  expect(store.writes.map(({ times }) => times)).toEqual([[at(0).timeMs], [at(1).timeMs]]);
});
