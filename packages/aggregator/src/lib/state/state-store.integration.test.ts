import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type EngineState, historyRow, noEffects, type SeenKeys } from "@slipstream/engine";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { transitionOf } from "../alerts/testing/transition.ts";
import { openEmbeddedReader } from "../history/embedded-reader.ts";
import { latencyRow, tradeRow } from "../history/testing/rows.ts";
import { numberOf, positionOf } from "../log/position.ts";
import type { Applied } from "../pipeline/pipeline.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { StateStore } from "./state-store.ts";

const start = Date.UTC(2026, 0, 20, 12);
let directory: string;
let file: string;
const open: StateStore[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipstream-store-"));
  file = join(directory, "state.sqlite");
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function openStore(nowMs = start): Promise<StateStore> {
  const store = await StateStore.open({ file, now: () => nowMs, watermark: () => nowMs });
  open.push(store);
  return store;
}

function state(generation: number, size: number, previous = 0, rest: object = {}): EngineState {
  const part = (data: object) => ({ version: 1, since: null, data });
  return { parts: { seen: part({ generation, size, previous }), rest: part(rest) } } as EngineState;
}

function keys(generation: number, first: number, count: number): SeenKeys {
  return {
    generation,
    first,
    keys: Uint32Array.from({ length: 2 * count }, (_, i) => generation * 1_000 + first + i),
  };
}

function change(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

const instant = (timeMs: number, trades: number) => ({
  timeMs,
  values: { trades_per_minute: trades },
  amended: false,
});

/** What the newest checkpoints hold, the newest first; undefined for those that cannot be read. */
async function readAll(store: StateStore): Promise<(Checkpoint | undefined)[]> {
  const known = [...(await store.knownCheckpoints())].reverse();
  return Promise.all(known.map((id) => store.readCheckpoint(id)));
}

const positions = async (store: StateStore): Promise<number[]> =>
  (await store.knownCheckpoints()).map(({ position }) => numberOf(position));

test("a checkpoint comes back as it was written, with every key seen up to it", async () => {
  const first = await openStore();
  const special = {
    times: [Number.NEGATIVE_INFINITY, 1],
    big: 10n ** 30n,
    map: new Map([["a", Float64Array.of(1.5)]]),
  };
  await first.checkpoint({ position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] });
  expect(
    await first.checkpoint({
      position: positionOf(20),
      state: state(1, 2, 4, special),
      seen: [keys(0, 3, 1), keys(1, 0, 2)],
    }),
  ).toEqual([10, 20]);
  await first.close();

  expect(await readAll(await openStore())).toEqual([
    {
      position: positionOf(20),
      state: state(1, 2, 4, special),
      seen: [keys(0, 0, 3), keys(0, 3, 1), keys(1, 0, 2)],
    },
    { position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] },
  ]);
});

test("what was written after the checkpoint that the engine continues is forgotten", async () => {
  const store = await openStore();
  await store.checkpoint({ position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] });
  await store.checkpoint({ position: positionOf(20), state: state(0, 5), seen: [keys(0, 3, 2)] });
  const [id] = await store.knownCheckpoints();
  store.continueFrom(id);
  expect(
    await store.checkpoint({ position: positionOf(12), state: state(0, 4), seen: [keys(0, 3, 1)] }),
  ).toEqual([10, 12]);
  const [newest] = await readAll(store);
  expect(newest?.seen).toEqual([keys(0, 0, 3), keys(0, 3, 1)]);
});

test("one that continues none replaces all, for it has other keys", async () => {
  const store = await openStore();
  await store.checkpoint({ position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] });
  store.continueFrom(undefined);
  expect(
    await store.checkpoint({ position: positionOf(12), state: state(0, 1), seen: [keys(0, 0, 1)] }),
  ).toEqual([12]);
  expect((await readAll(store))[0]?.seen).toEqual([keys(0, 0, 1)]);
});

test("a damaged one is not read; of one whose keys are missing the rest is", async () => {
  const store = await openStore();
  for (const position of [10, 20, 30]) {
    await store.checkpoint({
      position: positionOf(position),
      state: state(0, position),
      seen: [keys(0, position - 10, 10)],
    });
  }
  await store.close();
  change(`
    UPDATE engine_checkpoints SET checksum = checksum + 1 WHERE position = 30;
    DELETE FROM engine_seen WHERE first = 10;
  `);
  const read = await readAll(await openStore());
  expect(read.map((checkpoint) => checkpoint?.position)).toEqual([undefined, 20, 10]);
  expect(read.map((checkpoint) => checkpoint?.seen)).toEqual([undefined, [keys(0, 0, 10)], [keys(0, 0, 10)]]);
});

test("checkpoints of another format stay, and their keys, as long as the log continues from them", async () => {
  const other = await openStore();
  for (const position of [10, 20])
    await other.checkpoint({
      position: positionOf(position),
      state: state(0, position),
      seen: [keys(0, position - 10, 10)],
    });
  await other.close();
  change(`UPDATE engine_formats SET parts = '{"seen":1,"of a newer version":1}'`);

  const store = await openStore();
  const known = await store.knownCheckpoints();
  expect(known.map(({ position }) => position)).toEqual([10, 20]);
  expect(known.every(({ missing }) => missing.absent > 20)).toBe(true);
  store.continueFrom(known[1]);
  expect(
    await store.checkpoint({ position: positionOf(30), state: state(0, 25), seen: [keys(0, 20, 5)] }),
  ).toEqual([30]);
  const keep = async (droppedThrough: number): Promise<number[]> => {
    await store.keep([30].map(positionOf), positionOf(droppedThrough));
    return positions(store);
  };
  expect(await keep(0)).toEqual([10, 20, 30]);
  const read = await readAll(store);
  expect(read.map((checkpoint) => checkpoint?.seen)).toEqual([
    [keys(0, 0, 10), keys(0, 10, 10), keys(0, 20, 5)],
    [keys(0, 0, 10), keys(0, 10, 10)],
    [keys(0, 0, 10)],
  ]);
  expect(await keep(20)).toEqual([20, 30]);
  expect(await keep(21)).toEqual([30]);
  await store.close();
  const database = new DatabaseSync(file);
  expect(database.prepare("SELECT count(DISTINCT format) AS formats FROM engine_seen").get()).toEqual({
    formats: 1,
  });
  database.close();
});

test("checkpoints that are not kept go, with the keys that only they needed", async () => {
  const store = await openStore();
  for (const generation of [0, 1, 2, 3]) {
    await store.checkpoint({
      position: positionOf(generation),
      state: state(generation, 4, generation === 0 ? 0 : 4),
      seen: [keys(generation, 0, 4)],
    });
  }
  await store.keep([2, 3].map(positionOf), positionOf(0));
  expect(await positions(store)).toEqual([2, 3]);
  expect((await readAll(store))[1]?.seen).toEqual([keys(1, 0, 4), keys(2, 0, 4)]);
  await store.close();
  const database = new DatabaseSync(file);
  expect(database.prepare("SELECT min(generation) AS oldest FROM engine_seen").get()).toEqual({ oldest: 1 });
  database.close();
});

test("dashboards are there after a restart; the newest instant is in the nine keys", async () => {
  const first = await openStore();
  first.publish([instant(start - 5_000, 1), instant(start, 2)]);
  await first.close();
  const { dashboard } = await openStore();
  expect(await dashboard.current()).toEqual({ "dashboard:trades_per_minute": "2" });
  expect(await dashboard.series(0, start)).toHaveLength(2);
  expect(await dashboard.count(start - (start % 86_400_000))).toBe(2);
});

test("history rows are written with what is published, and can be asked for", async () => {
  const store = await openStore();
  const row = historyRow("latency_percentiles", {
    timestamp: start * 1_000,
    operation: "solana.rpc",
    count: 1,
    seconds: 60,
    p50_ms: 2,
    p50_error_ms: 0,
    p95_ms: 2,
    p95_error_ms: 0,
    p99_ms: 2,
    p99_error_ms: 0,
    p999_ms: 2,
    p999_error_ms: 0,
    max_ms: 2,
  });
  store.publish([], [row, row]);
  await store.keep([], positionOf(0));
  expect(await store.history({ table: "latency_percentiles" })).toEqual({ rows: [row], missing: [] });
  await expect(store.history({ table: "trades", equal: { nonsense: "x" } })).rejects.toMatchObject({
    code: "history_no_column",
  });
});

test("while catching up the nine keys stay unwritten, the series is written", async () => {
  const behind = await StateStore.open({ file, now: () => start, watermark: () => start - 30_001 });
  open.push(behind);
  behind.publish([instant(start - 35_000, 1)]);
  await behind.keep([], positionOf(0));
  expect(await behind.dashboard.series(0, start)).toHaveLength(1);
  expect(await behind.dashboard.current()).toEqual({});
});

test("writes that fail are tried again, in order, and none is lost", async () => {
  const store = await openStore();
  const blocker = new DatabaseSync(file);
  blocker.exec("BEGIN IMMEDIATE");
  store.publish([instant(start, 1)]);
  const written = store.checkpoint({ position: positionOf(7), state: state(0, 1), seen: [keys(0, 0, 1)] });
  await vi.waitUntil(() => store.fault !== undefined, { timeout: 10_000 });
  expect(store.fault).toContain("locked");
  expect(store.status()).toMatchObject({ up: false, queueItems: 2 });
  blocker.close();
  expect(await written).toEqual([7]);
  expect(store.fault).toBeUndefined();
  expect(await store.dashboard.series(0, start)).toHaveLength(1);
  expect(store.status()).toMatchObject({ up: true, queueItems: 0, writtenTimeMs: start });
});

test("more that waits than there is room for is told, and that there is room again", async () => {
  const store = await openStore();
  const blocker = new DatabaseSync(file);
  blocker.exec("BEGIN IMMEDIATE");
  const many = Array.from({ length: 1_000 }, (_, i) => instant(start + 5_000 * i, i));
  while (store.heldBack === undefined) store.publish(many);
  expect(store.heldBack).toContain("state");
  let settled = false;
  const room = store.settled().then(() => {
    settled = true;
  });
  await store.knownCheckpoints().catch(() => undefined);
  expect(settled).toBe(false);
  blocker.close();
  await room;
  expect(store.heldBack).toBeUndefined();
});

test("a file that is none of ours, or of a newer layout, is named with the remedy", async () => {
  writeFileSync(file, "no database, but long enough to be taken for one ".repeat(100));
  await expect(openStore()).rejects.toMatchObject({ code: "state_corrupt", field: "data" });
  rmSync(file);
  await (await openStore()).close();
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();
  await expect(openStore()).rejects.toThrow(/layout 99.*Update Slipstream/s);
});

test("a file whose list of checkpoints is damaged is named with the remedy", async () => {
  await (await openStore()).close();
  const database = new DatabaseSync(file);
  const pages = database
    .prepare(
      "SELECT rootpage AS page, page_size AS bytes FROM sqlite_master, pragma_page_size WHERE tbl_name = 'engine_checkpoints'",
    )
    .all();
  database.close();
  const content = readFileSync(file);
  for (const { page, bytes } of pages)
    content.fill(0xff, (Number(page) - 1) * Number(bytes), Number(page) * Number(bytes));
  writeFileSync(file, content);
  const store = openStore().then((opened) => opened.knownCheckpoints());
  await expect(store).rejects.toMatchObject({ code: "state_corrupt", field: "data" });
});

test("what waits is counted as it was handed over, whatever becomes of the list afterwards", async () => {
  const store = await openStore();
  const row = (operation: string) =>
    historyRow("latency_percentiles", { timestamp: start * 1_000, operation, count: 1 } as never);
  const rows = [row("a"), row("b")];
  store.publish([instant(start, 1)], rows);
  expect(store.status().queueItems).toBe(3);
  rows.splice(0);
  for (let i = 0; i < 100; i += 1) rows.push(row(`c${i}`));
  await expect.poll(() => store.status().queueItems).toBe(0);
  store.publish([instant(start + 5_000, 2)], rows);
  rows.splice(0);
  await expect.poll(() => store.status().queueItems).toBe(0);
});

/** What came of a record that is a whole request. */
function applied(position: number, effects: Partial<Applied["effects"]>): Applied {
  const record = { receivedMs: start, batch: { kind: "tick" } } as const;
  return { record, isWhole: true, position: positionOf(position), effects: { ...noEffects, ...effects } };
}

/** The trades that others find in the file. */
async function tradesInFile(): Promise<unknown[]> {
  const reader = openEmbeddedReader(directory);
  const rows = await reader.rows({ table: "trades" });
  await reader.close();
  return [...rows];
}

test("trades wait for the next instants, and are in the file once those are", async () => {
  const store = await openStore();
  store.take(applied(1, { rows: [tradeRow(0)] }));
  store.take(applied(2, { rows: [tradeRow(1)] }));
  expect(store.status().queueItems).toBe(0);
  store.take(applied(3, { publications: [instant(start, 1)] }));
  await expect.poll(tradesInFile, { timeout: 30_000 }).toEqual([tradeRow(0), tradeRow(1)]);
});

test("who asks is given the trades that wait, too", async () => {
  const store = await openStore();
  store.take(applied(1, { rows: [tradeRow(0)] }));
  expect(await store.history({ table: "trades" })).toEqual({ rows: [tradeRow(0)], missing: [] });
  store.take(applied(2, { rows: [tradeRow(1), latencyRow(0, "a")] }));
  expect(await store.history({ table: "latency_percentiles" })).toEqual({
    rows: [latencyRow(0, "a")],
    missing: [],
  });
  expect(await tradesInFile()).toEqual([tradeRow(0)]);
  await store.flush();
  expect(await tradesInFile()).toEqual([tradeRow(0), tradeRow(1)]);
});

test("whoever waits for a flush is not kept if nothing can be written", async () => {
  const store = await openStore();
  const blocker = new DatabaseSync(file);
  blocker.exec("BEGIN IMMEDIATE");
  store.take(applied(1, { rows: [tradeRow(0)] }));
  await store.flush();
  expect(store.status().queueItems).toBeGreaterThan(0);
  blocker.close();
  // It is tried again half a second later.
  await expect
    .poll(async () => (await store.history({ table: "trades" })).rows, { timeout: 30_000 })
    .toHaveLength(1);
});

test("a checkpoint is written after the trades that it covers, and an end writes the rest", async () => {
  const store = await openStore();
  store.take(applied(1, { rows: [tradeRow(0)] }));
  await store.checkpoint({ position: positionOf(1), state: state(0, 1), seen: [keys(0, 0, 1)] });
  expect(await tradesInFile()).toEqual([tradeRow(0)]);
  store.take(applied(2, { rows: [tradeRow(1)] }));
  await store.close();
  expect(await tradesInFile()).toEqual([tradeRow(0), tradeRow(1)]);
});

test("what a restart applies again is in the file once, with the numbers that it had", async () => {
  const run = async (store: StateStore, from: number): Promise<void> => {
    for (let at = from; at < 30; at += 1) {
      const publications = at % 5 === 0 ? [instant(start + 1_000 * at, 1)] : [];
      store.take(applied(at, { rows: [tradeRow(at)], publications }));
      if (at === 9)
        await store.checkpoint({ position: positionOf(9), state: state(0, 1), seen: [keys(0, 0, 1)] });
    }
    await store.flush();
  };
  const first = await openStore();
  await run(first, 0);
  await first.close();
  const blocks = (): unknown => {
    const database = new DatabaseSync(file, { readOnly: true });
    const found = database.prepare("SELECT change, rows, position FROM trade_blocks").all();
    database.close();
    return found;
  };
  const before = blocks();
  await run(await openStore(), 10);
  expect(blocks()).toEqual(before);
  expect(await tradesInFile()).toEqual(Array.from({ length: 30 }, (_, at) => tradeRow(at)));
});

test("a file that an older version wrote gets the tables of notifications, and what it holds stays", async () => {
  const first = await openStore();
  await first.checkpoint({ position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] });
  await first.close();
  change("DROP TABLE notifications; DROP TABLE deliveries;");
  const second = await openStore();
  expect(await positions(second)).toEqual([10]);
  const transition = transitionOf({ key: "latency/1/1" });
  second.keepNotifications([{ transition, position: 11, channels: ["hook"], queuedMs: start }], []);
  await second.flush();
  expect((await second.outbox()).waiting).toMatchObject([
    { key: "latency/1/1", channel: "hook", attempts: 0 },
  ]);
});

test("a checkpoint is written after the notifications of what it covers", async () => {
  const store = await openStore();
  const transition = transitionOf({ key: "latency/1/1" });
  store.keepNotifications([{ transition, position: 9, channels: ["hook"], queuedMs: start }], []);
  await store.checkpoint({ position: positionOf(10), state: state(0, 3), seen: [keys(0, 0, 3)] });
  const database = new DatabaseSync(file);
  expect(database.prepare("SELECT key, position FROM notifications").all()).toEqual([
    { key: "latency/1/1", position: 9 },
  ]);
  database.close();
});
