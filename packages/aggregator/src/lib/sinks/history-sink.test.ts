import { eventually } from "@slipstream/testing/eventually";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryHistory } from "../history/memory-history.ts";
import { latencyRow, START_MS, tradeRow } from "../history/testing/rows.ts";
import { createHistorySink, type HistorySink, type HistorySinkOptions } from "./history-sink.ts";
import type { SinkStateChange } from "./sink.ts";
import { FakeRemote } from "./testing/remote.ts";

let store: FakeRemote;
let source: MemoryHistory;
let told: SinkStateChange[];
let sinks: HistorySink[];

beforeEach(() => {
  store = new FakeRemote();
  source = new MemoryHistory();
  told = [];
  sinks = [];
});
afterEach(async () => {
  for (const sink of sinks) await sink.close();
});

function start(options: Partial<HistorySinkOptions> = {}): HistorySink {
  const sink = createHistorySink({
    store,
    source,
    flushMs: 10,
    settleMs: 100,
    retry: { backoff: { firstMs: 5, longestMs: 10 } },
    onStateChange: (state) => told.push(state),
    ...options,
  });
  sinks.push(sink);
  return sink;
}

function record(count: number, from = 0): void {
  for (let index = from; index < from + count; index += 1) source.record(tradeRow(index));
}

const settled = () => eventually("its position moves", () => source.position === source.newest);

describe("a history sink", () => {
  it("writes each row once, also after a while, into a store that would have it twice", async () => {
    const appending = Object.assign(store, { appends: true });
    start({ store: appending });
    let made = 0;
    const endMs = performance.now() + 400;
    // Longer than the time after which another store would get the first rows again.
    await eventually("some time of rows", () => {
      record(1, made);
      made += 1;
      return performance.now() > endMs;
    });
    await settled();
    expect(store.writes.reduce((sum, rows) => sum + rows, 0)).toBe(made);
  });

  it("writes what waits in batches, and then moves its position", async () => {
    record(25);
    const sink = start({ batchRows: 10 });
    await settled();
    expect(store.rows.size).toBe(25);
    expect(store.writes.slice(0, 3)).toEqual([10, 10, 5]);
    expect(sink.status()).toEqual({
      up: true,
      queueItems: 0,
      dropped: 0,
      writtenTimeMs: START_MS + 24_000,
      lagMs: 0,
    });
  });

  it("writes a full batch at once when it is told, fewer rows by its own timer", async () => {
    const sink = start({ batchRows: 10, flushMs: 3_600_000 });
    await eventually("it is open", () => sink.status().up);
    record(9);
    sink.notify();
    expect(sink.status().queueItems).toBe(9);
    record(1, 9);
    sink.notify();
    await eventually("all are written", () => store.rows.size === 10);
  });

  it("says that the store fails, once, with the reason, and how far it is behind", async () => {
    // What is written again once it has settled would count as waiting.
    const sink = start({ settleMs: 60_000 });
    record(1);
    await eventually("written", () => store.rows.size === 1);
    store.mode = "fails";
    record(10, 1);
    await eventually("it failed", () => sink.status().up === false);
    record(10, 11);
    expect(sink.status()).toMatchObject({ queueItems: 20, lagMs: 20_000, lastError: expect.any(String) });
    store.mode = "works";
    await eventually("all are written", () => store.rows.size === 21);
    await eventually("it is told", () => told.length === 3);
    expect(told.map(({ up }) => up)).toEqual([true, false, true]);
    expect(told[1]?.reason).toBe("No answer.");
  });

  it("writes again what an old request may have put old values over", async () => {
    const sink = start();
    await eventually("the store is open", () => sink.status().up === true);
    store.mode = "hangs";
    source.record(latencyRow(0, "a", { count: 1 }));
    await eventually("it failed", () => sink.status().up === false);
    source.record(latencyRow(0, "a", { count: 2 }));
    store.mode = "works";
    await eventually("the new value is written", () => store.writes.length > 0);
    const position = source.position;
    store.carryOut();
    expect([...store.rows.values()]).toEqual([latencyRow(0, "a", { count: 1 })]);
    expect(position).toBe(0);
    await settled();
    expect([...store.rows.values()]).toEqual([latencyRow(0, "a", { count: 2 })]);
  });

  it("fills a store that is new from the beginning", async () => {
    record(5);
    source.moveTo(3);
    const kept = source.changes(0, 10).rows.length;
    store.isNew = true;
    start();
    await settled();
    expect(store.rows.size).toBe(kept);
  });

  it("has its store checked now and then, also where nothing waits", async () => {
    const sink = start({ checkMs: 20 });
    await eventually("opened again", () => store.opened > 2);
    expect(sink.status().up).toBe(true);
  });

  it("writes what waits when it is closed, and does not wait for a store that is away", async () => {
    const sink = start({ flushMs: 3_600_000 });
    await eventually("it is open", () => sink.status().up);
    record(3);
    await sink.close();
    expect(store.rows.size).toBe(3);
    store.mode = "fails";
    record(3, 3);
    const other = start({ flushMs: 3_600_000 });
    await other.close();
    expect(store.rows.size).toBe(3);
  });
});

describe("rows in memory", () => {
  it("take the place of an older one with their key, and past the limit the oldest is dropped", () => {
    const memory = new MemoryHistory(3);
    memory.record(tradeRow(0));
    memory.record(tradeRow(1));
    memory.record(tradeRow(0, { pair: "BONK/USDC" }));
    expect(memory.changes(0, 10).rows).toEqual([tradeRow(1), tradeRow(0, { pair: "BONK/USDC" })]);
    memory.record(tradeRow(2));
    memory.record(tradeRow(3));
    expect(memory.changes(0, 10).rows.map(({ values }) => values[1])).toEqual(["t0", "t2", "t3"]);
    expect(memory.dropped).toBe(1);
  });

  it("are gone once they are written", () => {
    const memory = new MemoryHistory();
    for (let index = 0; index < 10; index += 1) memory.record(tradeRow(index));
    const { rows, change } = memory.changes(0, 4);
    expect(rows).toHaveLength(4);
    memory.moveTo(change);
    expect(memory.changes(0, 100)).toMatchObject({ change: 10, rows: { length: 6 } });
  });
});
