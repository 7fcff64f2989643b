import { DatabaseSync } from "node:sqlite";
import { type HistoryRow, recordOf, rowOfDesk } from "@slipstream/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EmbeddedHistory, type EmbeddedHistoryOptions } from "./embedded-history.ts";
import { findRows, readDesks } from "./embedded-query.ts";
import { latencyRow, START_MS, tradeRow } from "./testing/rows.ts";

const DAY_MS = 86_400_000;

function open(options: EmbeddedHistoryOptions = {}): { database: DatabaseSync; history: EmbeddedHistory } {
  const database = new DatabaseSync(":memory:");
  return { database, history: new EmbeddedHistory(database, { now: () => START_MS, ...options }) };
}

function range(count: number, from = 0): readonly HistoryRow[] {
  return Array.from({ length: count }, (_, index) => tradeRow(from + index));
}

describe("rows", () => {
  it("are read as they were written, the newest so many, ascending", () => {
    const { history } = open();
    const rows = range(5);
    history.write([...rows].reverse());
    expect(history.rows({ table: "trades" })).toEqual(rows);
    expect(history.rows({ table: "trades", limit: 2 })).toEqual(rows.slice(3));
    expect(history.rows({ table: "trades", fromMs: START_MS + 1_000, toMs: START_MS + 3_000 })).toEqual(
      rows.slice(1, 3),
    );
    expect(history.rows({ table: "trades", equal: { pair: "JUP/USDC" } })).toEqual([rows[1], rows[3]]);
    expect(recordOf(rows[0] as HistoryRow)).toMatchObject({ trade_id: "t0", pnl_usd: null });
  });

  it("of a table without such a column are asked for in vain, with the columns that there are", () => {
    const { history } = open();
    const ask = (column: string) => () => history.rows({ table: "trades", equal: { [column]: "x" } });
    expect(ask("operation")).toThrow(/no column "operation".*pair/);
    expect(ask("1=1; --")).toThrow(/no column/);
  });

  it("that are written again under the same key replace the first", () => {
    const { history } = open();
    const amended = latencyRow(0, "solana.rpc", { count: 11, p99_ms: 31 });
    history.write([latencyRow(0, "solana.rpc"), latencyRow(0, "db.write"), amended]);
    expect(history.rows({ table: "latency_percentiles", equal: { operation: "solana.rpc" } })).toEqual([
      amended,
    ]);
    expect(history.rows({ table: "latency_percentiles" })).toHaveLength(2);
  });

  it("of several desks are kept apart, even under the same key", () => {
    const { database, history } = open();
    const mine = [...range(3), latencyRow(0, "solana.rpc")];
    const theirs = mine.map((row) => rowOfDesk(row, "beta"));
    const others = range(2).map((row) => rowOfDesk(row, "gamma: 'x'"));
    history.write([...mine, ...theirs, ...others, ...theirs]);
    expect(history.rows({ table: "trades" })).toEqual(range(3));
    expect(history.rows({ table: "trades", desk: "beta", limit: 2 })).toEqual(theirs.slice(1, 3));
    expect(history.rows({ table: "latency_percentiles", desk: "beta" })).toEqual([theirs[3]]);
    expect(history.rows({ table: "trades", desk: "gamma: 'x'" })).toEqual(others);
    expect(history.rows({ table: "trades", desk: "delta" })).toEqual([]);
    expect(history.changes(0, 100).rows).toEqual([...mine, ...theirs, ...others]);
    history.nameOwnDesk("alpha");
    expect(readDesks(database)).toEqual({ own: "alpha", others: ["beta", "gamma: 'x'"] });
  });

  it("of other desks are deleted past their retention too", () => {
    const { history } = open({ retention: { maxRows: 2 } });
    history.write(range(4).map((row) => rowOfDesk(row, "beta")));
    history.prune();
    expect(history.rows({ table: "trades", desk: "beta" })).toHaveLength(2);
  });

  it("roll back with the transaction of their owner", () => {
    const { database, history } = open();
    history.write(range(2));
    database.exec("BEGIN");
    history.write(range(2, 2));
    database.exec("ROLLBACK");
    expect(history.rows({ table: "trades" })).toHaveLength(2);
    history.write(range(2, 2));
    expect(history.changes(0, 10).rows).toEqual(range(4));
  });

  it("written by an older Slipstream have the columns that were added since, unknown", () => {
    const { database, history } = open();
    history.write([latencyRow(0, "solana.rpc")]);
    database.exec("ALTER TABLE latency_percentiles DROP COLUMN max_ms");
    const reopened = new EmbeddedHistory(database);
    expect(reopened.rows({ table: "latency_percentiles" })).toEqual([
      latencyRow(0, "solana.rpc", { max_ms: null }),
    ]);
  });

  it("written by an older Slipstream are read before a newer one has opened the file", () => {
    const { database, history } = open();
    history.write([tradeRow(0, { failure_reason: "expired" })]);
    database.exec("ALTER TABLE trades DROP COLUMN failure_reason; DROP TABLE calls_by_service");
    const old = [tradeRow(0)];
    expect(findRows(database, { table: "trades" }).rows).toEqual(old);
    expect(findRows(database, { table: "trades", equal: { pair: "SOL/USDC" } }).rows).toEqual(old);
    expect(findRows(database, { table: "trades", equal: { failure_reason: "expired" } }).rows).toEqual([]);
    expect(findRows(database, { table: "calls_by_service" }).rows).toEqual([]);
  });
});

describe("changes", () => {
  it("come in the order in which they were written, over all tables, in parts", () => {
    const { history } = open();
    const rows = [tradeRow(3), latencyRow(0, "solana.rpc"), tradeRow(1), tradeRow(2)];
    history.write(rows);
    const first = history.changes(0, 3);
    expect(first.rows).toEqual(rows.slice(0, 3));
    const second = history.changes(first.change, 3);
    expect(second).toEqual({ rows: rows.slice(3), change: history.newest });
    expect(history.changes(second.change, 3)).toEqual({ rows: [], change: second.change });
  });

  it("of nothing have no new number; an amended row comes again, as it is now", () => {
    const { history } = open();
    history.write([latencyRow(0, "a"), latencyRow(0, "b")]);
    const seen = history.changes(0, 10).change;
    history.write([latencyRow(0, "a"), latencyRow(0, "b", { count: 11 })]);
    expect(history.changes(seen, 10).rows).toEqual([latencyRow(0, "b", { count: 11 })]);
    expect(history.changes(0, 10).rows).toEqual([latencyRow(0, "a"), latencyRow(0, "b", { count: 11 })]);
  });

  it("are numbered on after the file was opened again, also where every row is gone", () => {
    const { database, history } = open();
    history.write(range(3));
    const { newest } = history;
    database.exec("DELETE FROM trades");
    const reopened = new EmbeddedHistory(database);
    reopened.write(range(1));
    expect(reopened.changes(newest, 10).rows).toEqual(range(1));
  });

  it("read at any time and in any parts end in what the tables hold", () => {
    const write = fc.array(
      fc.record({ index: fc.integer({ min: 0, max: 9 }), count: fc.integer({ min: 0, max: 2 }) }),
    );
    const step = fc.record({ write, limit: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { history } = open();
        const copy = new Map<unknown, HistoryRow>();
        let position = 0;
        const read = (limit: number): number => {
          const { rows, change } = history.changes(position, limit);
          for (const row of rows) copy.set(row.values[0], row);
          position = change;
          return rows.length;
        };
        for (const { write, limit } of steps) {
          history.write(write.map(({ index, count }) => latencyRow(index, "a", { count })));
          read(limit);
        }
        while (read(3) > 0);
        const held = history.rows({ table: "latency_percentiles" });
        expect([...copy.values()].sort((a, b) => Number(a.values[0]) - Number(b.values[0]))).toEqual(held);
      }),
    );
  });
});

describe("a sink's source", () => {
  it("keeps its position in the file", () => {
    const { database, history } = open();
    history.write(range(3));
    const source = history.sourceFor("questdb");
    expect(source).toMatchObject({ position: 0, newest: 3, newestTimeMs: START_MS + 2_000, dropped: 0 });
    source.moveTo(2);
    const reopened = new EmbeddedHistory(database).sourceFor("questdb");
    expect(reopened).toMatchObject({ position: 2, newest: 3, newestTimeMs: START_MS + 2_000 });
    expect(new EmbeddedHistory(database).sourceFor("another").position).toBe(0);
  });
});

describe("retention", () => {
  it("deletes what is too old by its event and by its writing", () => {
    let nowMs = START_MS;
    const { history } = open({ retention: { days: { trades: 10 } }, now: () => nowMs });
    history.write([...range(3), latencyRow(0, "a")]);
    const source = history.sourceFor("questdb");
    source.moveTo(1);
    // When the rows before were written is known as of the next write, ten minutes later or more.
    nowMs = START_MS + 3_600_000;
    history.write([latencyRow(0, "a")]);
    nowMs = START_MS + 9 * DAY_MS;
    // An old block, and a trade of today.
    history.write([tradeRow(-86_400 * 300), tradeRow(9 * 86_400)]);
    expect(history.prune()).toBe(0);
    nowMs = START_MS + 10 * DAY_MS + 1_000;
    expect(history.prune()).toBe(0);
    nowMs = START_MS + 11 * DAY_MS;
    expect(history.prune(1)).toBe(1);
    expect(history.prune()).toBe(2);
    expect(history.rows({ table: "trades" })).toEqual([tradeRow(-86_400 * 300), tradeRow(9 * 86_400)]);
    expect(history.rows({ table: "latency_percentiles" })).toHaveLength(1);
    expect(source.dropped).toBe(2);
    history.write([latencyRow(0, "a")]);
    nowMs = START_MS + 22 * DAY_MS;
    expect(history.prune()).toBe(2);
    expect(history.rows({ table: "trades" })).toEqual([]);
  });

  it("keeps so many rows at most, those that were written last", () => {
    const { history } = open({ retention: { maxRows: 10 } });
    history.write(range(100));
    while (history.prune(7) === 7);
    expect(history.rows({ table: "trades" })).toEqual(range(10, 90));
  });
});
