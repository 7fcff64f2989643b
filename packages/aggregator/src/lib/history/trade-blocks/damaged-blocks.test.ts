import { DatabaseSync } from "node:sqlite";
import { type HistoryRow, recordOf } from "@slipstream/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EmbeddedHistory } from "../embedded-history.ts";
import { type MissingRows, missingInAll } from "../missing-rows.ts";
import { blocksOf } from "../testing/blocks.ts";
import { START_MS, tradeRow } from "../testing/rows.ts";

const HOUR = 3_600;
const BLOCKS = 12;
const ROWS = 3;

/** Four blocks in each of three hours, of three trades each. */
function threeHours(): { database: DatabaseSync; history: EmbeddedHistory; written: readonly HistoryRow[] } {
  const database = new DatabaseSync(":memory:");
  const history = new EmbeddedHistory(database, { now: () => START_MS });
  const written: HistoryRow[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const second = Math.floor(block / 4) * HOUR + (block % 4) * 600;
    const rows = Array.from({ length: ROWS }, (_, row) => tradeRow(second + row));
    history.write([], blocksOf(rows, 1 + block));
    written.push(...rows);
  }
  return { database, history, written };
}

const idOf = (row: HistoryRow): string => String(recordOf(row).trade_id);
const changeOf = (block: number): number => (block + 1) * ROWS;

/** The header's columns of numbers; `change` is the row's key. */
const numbers = ["rows", "from_us", "to_us", "position", "layout", "checksum", "filter_checksum"] as const;

function flip(database: DatabaseSync, block: number, column: string, bit: number): void {
  // As a bit changes in the table and in its index.
  const at = database.prepare(`SELECT ${column} AS value FROM trade_blocks WHERE change = ?`);
  at.setReadBigInts(true);
  const { value } = at.get(changeOf(block)) as unknown as { value: bigint };
  const flipped = BigInt.asIntN(64, value ^ (1n << BigInt(bit)));
  database.prepare(`UPDATE trade_blocks SET ${column} = ? WHERE change = ?`).run(flipped, changeOf(block));
}

const anyFlip = fc.record({
  block: fc.nat({ max: BLOCKS - 1 }),
  column: fc.constantFrom(...numbers),
  bit: fc.nat({ max: 63 }),
});

/** Every row that was written is found, or at least so many are missing. */
function expectAccounted(
  found: readonly HistoryRow[],
  wanted: readonly HistoryRow[],
  missing: readonly MissingRows[],
) {
  const ids = new Set(found.map(idOf));
  const lost = wanted.filter((row) => !ids.has(idOf(row))).length;
  for (const row of found) expect(wanted.map(idOf)).toContain(idOf(row));
  if (lost === 0) return;
  const inAll = missingInAll(missing);
  expect(inAll?.rows ?? lost).toBeGreaterThanOrEqual(lost);
  expect(inAll).toBeDefined();
}

describe("a header in which a bit has changed", () => {
  it("hides no trade: it is found, or it is said to be missing", () => {
    const from = fc.option(fc.integer({ min: -HOUR, max: 4 * HOUR }), { nil: undefined });
    fc.assert(
      fc.property(anyFlip, from, from, ({ block, column, bit }, fromSecond, toSecond) => {
        const { database, history, written } = threeHours();
        flip(database, block, column, bit);
        const fromMs = fromSecond === undefined ? undefined : START_MS + fromSecond * 1_000;
        const toMs = toSecond === undefined ? undefined : START_MS + toSecond * 1_000;
        const wanted = written.filter((row) => {
          const timeMs = Number(recordOf(row).timestamp) / 1_000;
          return timeMs >= (fromMs ?? timeMs) && timeMs < (toMs ?? Number.POSITIVE_INFINITY);
        });
        const { rows, missing } = history.find({ table: "trades", fromMs, toMs });
        expectAccounted(rows, wanted, missing);
        const pair = history.find({ table: "trades", fromMs, toMs, equal: { pair: "SOL/USDC" } });
        const ofPair = wanted.filter((row) => recordOf(row).pair === "SOL/USDC");
        expectAccounted(pair.rows, ofPair, pair.missing);
        const trade = `t${Math.floor(block / 4) * HOUR + (block % 4) * 600}`;
        const one = history.find({ table: "trades", equal: { trade_id: trade } });
        expect(one.rows.length + one.missing.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it("stops no sink: it gets what can be read, and the rest is counted", () => {
    fc.assert(
      fc.property(anyFlip, ({ block, column, bit }) => {
        const { database, history, written } = threeHours();
        flip(database, block, column, bit);
        const source = history.sourceFor("questdb");
        const { rows, change } = source.changes(0, 1_000);
        expect(change).toBe(written.length);
        // How many rows it had, nobody knows if that is the number that has changed.
        const lost = written.length - rows.length;
        expect(source.dropped).toSatisfy((n: number) =>
          column === "rows" ? n > 0 === lost > 0 : n === lost,
        );
        expect(written).toEqual(expect.arrayContaining([...rows]));
        const again = new EmbeddedHistory(database, { now: () => START_MS });
        expect(again.newestTimeMs).toBeLessThanOrEqual(history.newestTimeMs ?? 0);
        while (again.prune(5) >= 5);
        expect(again.group()).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("of another desk takes no trade away unnoticed", () => {
    const { database, history, written } = threeHours();
    database.prepare("UPDATE trade_blocks SET desk = 'b' WHERE change = ?").run(changeOf(5));
    const { rows, missing } = history.find({ table: "trades" });
    expect(rows).toHaveLength(written.length - ROWS);
    const hour = START_MS + HOUR * 1_000;
    expect(missing).toEqual([{ fromMs: hour, toMs: hour + HOUR * 1_000, rows: ROWS }]);
    expect(history.find({ table: "trades", desk: "b" })).toMatchObject({
      rows: [],
      missing: [{ rows: null }],
    });
  });
});

describe("what is damaged", () => {
  it("is left out of the answer, which says what is missing", () => {
    const { database, history, written } = threeHours();
    database.prepare("UPDATE trade_rows SET data = zeroblob(length(data)) WHERE change = ?").run(changeOf(4));
    const fromMs = START_MS + HOUR * 1_000;
    expect(history.find({ table: "trades" })).toEqual({
      rows: written.filter((_, at) => Math.floor(at / ROWS) !== 4),
      missing: [{ fromMs, toMs: fromMs + 2_000, rows: ROWS }],
    });
    expect(history.find({ table: "trades", limit: 4 * ROWS }).missing).toEqual([]);
    expect(() => history.rows({ table: "trades" })).toThrow(
      /^3 trades between 2025-01-01T01:00:00.000Z and /,
    );
  });

  it("is told once for each sink, with what it lost", () => {
    const { database } = threeHours();
    database.prepare("UPDATE trade_rows SET data = x'' WHERE change >= ?").run(changeOf(10));
    const told: unknown[] = [];
    const history = new EmbeddedHistory(database, { onDamaged: (...news) => told.push(news) });
    const source = history.sourceFor("questdb");
    for (let again = 0; again < 3; again += 1) source.changes(0, 1_000);
    const fromMs = START_MS + (2 * HOUR + 1_200) * 1_000;
    expect(told).toEqual([["questdb", { fromMs, toMs: fromMs + 602_000, rows: 2 * ROWS }]]);
  });

  it("is told no more once it is past its retention", () => {
    const { database } = threeHours();
    flip(database, 0, "to_us", 44);
    database.exec("UPDATE trade_blocks SET desk = 'b' WHERE change = 6");
    const history = new EmbeddedHistory(database, { retention: { maxRows: 4 * ROWS }, now: () => START_MS });
    while (history.prune(7) >= 7);
    expect(history.find({ table: "trades" }).missing).toEqual([]);
    expect(database.prepare("SELECT count(*) AS hours FROM trade_hours").get()).toEqual({ hours: 1 });
  });

  it("in a row of an hour hides nothing, and nothing is said to be missing", () => {
    const { database, history, written } = threeHours();
    database.exec("UPDATE trade_hours SET sum = 1, blocks = 9223372036854775807");
    expect(history.find({ table: "trades" })).toEqual({ rows: written, missing: [] });
    database.exec("DELETE FROM trade_hours");
    expect(history.find({ table: "trades" })).toEqual({ rows: written, missing: [] });
  });
});

describe("a history that an older version has written to", () => {
  it("is read as it is, and its hours are made again when it is opened", () => {
    const { database, history, written } = threeHours();
    // As an older version does it.
    database.exec("DELETE FROM trade_blocks WHERE change = 3");
    database.exec("UPDATE history_state SET value = value + 1 WHERE name = 'newest'");
    expect(history.find({ table: "trades" })).toEqual({ rows: written.slice(ROWS), missing: [] });
    const opened = new EmbeddedHistory(database);
    expect(opened.find({ table: "trades" })).toEqual({ rows: written.slice(ROWS), missing: [] });
    database.exec("UPDATE trade_blocks SET desk = 'b' WHERE change = 6");
    expect(opened.find({ table: "trades" }).missing).toMatchObject([{ rows: ROWS }]);
    database.exec("DROP TABLE trade_hours");
    expect(opened.find({ table: "trades" }).rows).toHaveLength(written.length - 2 * ROWS);
  });
});
