import { DatabaseSync } from "node:sqlite";
import { type HistoryRow, recordOf, rowOfDesk, timestampUs } from "@slipstream/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EmbeddedHistory, type EmbeddedHistoryOptions } from "../embedded-history.ts";
import { findRows, readDesks } from "../embedded-query.ts";
import type { HistoryQuery } from "../query.ts";
import { blocksOf } from "../testing/blocks.ts";
import { latencyRow, START_MS, tradeRow } from "../testing/rows.ts";

const HOUR = 3_600;
const DAY_MS = 86_400_000;

interface Opened {
  readonly database: DatabaseSync;
  readonly history: EmbeddedHistory;
  /** Writes rows as the blocks that are closed at a position. */
  write(rows: readonly HistoryRow[], position?: number): void;
}

function open(options: EmbeddedHistoryOptions = {}): Opened {
  const database = new DatabaseSync(":memory:");
  const history = new EmbeddedHistory(database, { now: () => START_MS, ...options });
  return { database, history, write: (rows, position) => history.write([], blocksOf(rows, position)) };
}

function range(count: number, from = 0): readonly HistoryRow[] {
  return Array.from({ length: count }, (_, index) => tradeRow(from + index));
}

/** What a history holds: of the rows with one key the last one, ascending. */
function heldOf(written: readonly HistoryRow[]): HistoryRow[] {
  const byKey = new Map(
    written.map((row) => {
      const { timestamp, trace_id, span_id, desk } = recordOf(row);
      return [JSON.stringify([timestamp, trace_id, span_id, desk]), row] as const;
    }),
  );
  return [...byKey.values()].sort(
    (a, b) => timestampUs(a) - timestampUs(b) || (traceOf(a) < traceOf(b) ? -1 : 1),
  );
}

const traceOf = (row: HistoryRow): string => String(recordOf(row).trace_id);

function matches(row: HistoryRow, { desk = "", fromMs, toMs, equal = {} }: HistoryQuery): boolean {
  const record = recordOf(row);
  const timeMs = timestampUs(row) / 1_000;
  if (record.desk !== desk || (fromMs ?? timeMs) > timeMs || (toMs ?? Number.POSITIVE_INFINITY) <= timeMs)
    return false;
  return Object.entries(equal).every(([name, value]) => record[name] === value);
}

const anyQuery: fc.Arbitrary<HistoryQuery> = fc.record(
  {
    table: fc.constant("trades" as const),
    desk: fc.constantFrom("", "beta", "nobody"),
    fromMs: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((second) => START_MS + second * 1_000),
    toMs: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }).map((second) => START_MS + second * 1_000 + 0.5),
    limit: fc.integer({ min: 0, max: 12 }),
    equal: fc.oneof(
      fc.constantFrom("SOL/USDC", "JUP/USDC", "none").map((pair) => ({ pair })),
      fc.integer({ min: 0, max: 9 }).map((n) => ({ trade_id: `t${n}` })),
      fc.constant({ pair: "SOL/USDC", service: "desk" }),
      fc.constant({ signer: "nobody" }),
    ),
  },
  { requiredKeys: ["table"] },
);

const anyRow = fc
  .record({
    index: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -2 * HOUR, max: 2 * HOUR })),
    desk: fc.constantFrom("", "", "beta"),
  })
  .map(({ index, desk }) => rowOfDesk(tradeRow(index, { trade_id: `t${Math.abs(index) % 10}` }), desk));

/** Rows as an older version wrote them, or as blocks. */
const anyWrites = fc.array(
  fc.record({
    packed: fc.boolean(),
    rows: fc.array(anyRow, { maxLength: 20 }),
    position: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 6 },
);

describe("rows of trades in blocks", () => {
  it("answer every question as the rows themselves would, beside those that an older version wrote", () => {
    fc.assert(
      fc.property(anyWrites, fc.array(anyQuery, { maxLength: 5 }), (writes, queries) => {
        const { history, write } = open();
        for (const { packed, rows, position } of writes) {
          if (packed) write(rows, position);
          else history.write(rows);
          history.group();
        }
        const held = heldOf(writes.flatMap(({ rows }) => rows));
        for (const query of [{ table: "trades" } as const, ...queries]) {
          const expected = held.filter((row) => matches(row, query));
          const limit = query.limit ?? expected.length;
          expect(history.rows(query)).toEqual(limit === 0 ? [] : expected.slice(-limit));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of one key are the one that was written last", () => {
    const { history, write } = open();
    history.write([tradeRow(0, { pair: "older" })]);
    write([tradeRow(0, { pair: "first" }), tradeRow(1)], 1);
    write([tradeRow(0, { pair: "last" })], 2);
    expect(history.rows({ table: "trades" })).toEqual([tradeRow(0, { pair: "last" }), tradeRow(1)]);
    // As an older version writes it that was returned to meanwhile.
    history.write([tradeRow(0, { pair: "again" })]);
    expect(history.rows({ table: "trades", limit: 2 })[0]).toEqual(tradeRow(0, { pair: "again" }));
  });

  it("have only the columns that were asked for", () => {
    const { history, write } = open();
    write([tradeRow(0)]);
    const [row] = history.rows({ table: "trades", columns: ["pair"], equal: { trade_id: "t0" } });
    const known = Object.entries(recordOf(row as HistoryRow)).filter(([, value]) => value !== null);
    expect(Object.fromEntries(known)).toEqual({ pair: "SOL/USDC", desk: "" });
  });

  it("of a damaged block are an error where they would be in the answer, and only there", () => {
    const { database, history, write } = open();
    for (const hour of [0, 2, 4]) write([tradeRow(hour * HOUR)], 1 + hour);
    database.exec("UPDATE trade_rows SET data = zeroblob(length(data)) WHERE change = 2");
    expect(() => history.rows({ table: "trades" })).toThrow(/1 trade between 2025-01-01T02:00:00.000Z/);
    expect(history.rows({ table: "trades", limit: 1 })).toEqual([tradeRow(4 * HOUR)]);
    expect(history.rows({ table: "trades", equal: { trade_id: "t0" } })).toEqual([tradeRow(0)]);
    const ask = () => history.rows({ table: "trades", equal: { trade_id: `t${2 * HOUR}` } });
    expect(ask).toThrow(expect.objectContaining({ code: "history_damaged" }));
    database.exec("UPDATE trade_blocks SET filter = zeroblob(length(filter))");
    expect(ask).toThrow(expect.objectContaining({ code: "history_damaged" }));
  });

  it("name the desks that there are", () => {
    const { database, history, write } = open();
    expect(readDesks(database)).toEqual({ own: "", others: [] });
    history.write([rowOfDesk(tradeRow(0), "gamma")]);
    write([tradeRow(0), rowOfDesk(tradeRow(0), "beta"), rowOfDesk(tradeRow(0), "gamma")]);
    expect(readDesks(database)).toEqual({ own: "", others: ["beta", "gamma"] });
  });

  it("are read from a file that has none, and in which there are no tables for them", () => {
    const { database, history } = open();
    history.write(range(2));
    database.exec("DROP TABLE trade_blocks; DROP TABLE trade_rows; DROP TABLE trade_layouts");
    expect(findRows(database, { table: "trades" }).rows).toEqual(range(2));
    expect(readDesks(database)).toEqual({ own: "", others: [] });
  });

  it("roll back with the transaction of their owner", () => {
    const { database, history, write } = open();
    write(range(2));
    database.exec("BEGIN");
    write(range(2, 2), 2);
    database.exec("ROLLBACK");
    expect(history.rows({ table: "trades" })).toEqual(range(2));
    write(range(2, 2), 2);
    expect(history.changes(0, 10).rows).toEqual(range(4));
  });
});

describe("a trade among many blocks", () => {
  const count = 1_300;
  const find = (history: EmbeddedHistory, column: string, value: string) =>
    history.rows({ table: "trades", equal: { [column]: value }, limit: 100 });

  function quietDesk(): Opened {
    const opened = open();
    for (let i = 0; i < count; i += 1) opened.write([tradeRow(i, { signature: `s${i}` })], 1 + i);
    while (opened.history.group());
    return opened;
  }

  it("is found by its ids, in groups and behind them, also if a filter is damaged", () => {
    const { database, history } = quietDesk();
    const groups = () => database.prepare("SELECT count(*) AS n FROM trade_filters").get();
    expect(groups()).toEqual({ n: 2 });
    const findAll = (): void => {
      for (const at of [0, 511, 512, 1_023, 1_024, count - 1]) {
        const row = tradeRow(at, { signature: `s${at}` });
        expect(find(history, "trade_id", `t${at}`)).toEqual([row]);
        expect(find(history, "trace_id", traceOf(row))).toContainEqual(row);
        expect(find(history, "signature", `s${at}`)).toEqual([row]);
      }
    };
    findAll();
    database.exec("UPDATE trade_filters SET filters = zeroblob(length(filters)) WHERE first = 1");
    findAll();
    database.exec("UPDATE trade_filters SET filters = zeroblob(length(filters))");
    database.exec("UPDATE trade_blocks SET filter = zeroblob(length(filter))");
    findAll();
    expect(find(history, "trade_id", "none")).toEqual([]);
  });

  it("is not found once it is deleted, and then its group goes too", () => {
    const { database } = quietDesk();
    const history = new EmbeddedHistory(database, { now: () => START_MS, retention: { maxRows: 600 } });
    while (history.prune(100) >= 100);
    expect(find(history, "trade_id", "t600")).toEqual([]);
    expect(find(history, "trade_id", "t701")).toHaveLength(1);
    expect(database.prepare("SELECT count(*) AS n FROM trade_filters").get()).toEqual({ n: 1 });
  });
});

describe("changes of blocks", () => {
  it("come in the order in which they were written, among those of tables, in parts", () => {
    const { history, write } = open();
    const written = [...range(5), latencyRow(0, "a"), ...range(3, 5)];
    write(range(5));
    history.write([latencyRow(0, "a")]);
    write(range(3, 5), 2);
    for (const limit of [1, 2, 4, 7, 100]) {
      const read: HistoryRow[] = [];
      for (let after = 0; ; ) {
        const { rows, change } = history.changes(after, limit);
        expect(rows.length).toBeLessThanOrEqual(limit);
        if (rows.length === 0) break;
        read.push(...rows);
        after = change;
      }
      expect(read).toEqual(written);
    }
  });

  it("of a block that is made again have no new number", () => {
    const { database, history, write } = open();
    write(range(3));
    const { change } = history.changes(0, 10);
    write(range(3));
    expect(history.changes(change, 10).rows).toEqual([]);
    const reopened = new EmbeddedHistory(database);
    reopened.write([], blocksOf(range(3)));
    expect(reopened.newest).toBe(3);
    expect(reopened.newestTimeMs).toBe(START_MS + 2_000);
  });

  it("pass over a block that cannot be read, and count its rows", () => {
    const { database, history, write } = open();
    const source = history.sourceFor("questdb");
    write(range(2));
    write(range(3, 2), 2);
    write(range(1, 5), 3);
    database.exec("UPDATE trade_rows SET data = x'' WHERE change = 5");
    const first = source.changes(0, 2);
    expect([first.rows, source.dropped]).toEqual([range(2), 0]);
    // A sink comes to it again after a write that failed.
    for (let again = 0; again < 3; again += 1) {
      expect(source.changes(first.change, 2)).toEqual({ rows: range(1, 5), change: 6 });
      expect(source.dropped).toBe(3);
    }
  });
});

describe("retention of blocks", () => {
  it("deletes a block once all of it is too old by its event and by its writing", () => {
    let nowMs = START_MS;
    const { history, write } = open({ retention: { days: { trades: 10 } }, now: () => nowMs });
    write([tradeRow(0), tradeRow(3 * HOUR)]);
    const source = history.sourceFor("questdb");
    source.moveTo(1);
    nowMs = START_MS + HOUR * 1_000;
    history.write([latencyRow(0, "a")]);
    nowMs = START_MS + 9 * DAY_MS;
    // A block of the chain that is old, and a trade of today.
    write([tradeRow(-86_400 * 300), tradeRow(9 * 86_400)], 2);
    nowMs = START_MS + 10 * DAY_MS + 2 * HOUR * 1_000;
    expect(history.prune()).toBe(1);
    expect(history.rows({ table: "trades" })).toHaveLength(3);
    nowMs = START_MS + 11 * DAY_MS;
    expect(history.prune()).toBe(1);
    expect(history.rows({ table: "trades" })).toEqual([tradeRow(-86_400 * 300), tradeRow(9 * 86_400)]);
    expect(source.dropped).toBe(1);
  });

  it("keeps so many rows at most, and a block more, those that were written last", () => {
    const { database, history, write } = open({ retention: { maxRows: 25 } });
    for (let at = 0; at < 10; at += 1) write(range(10, 10 * at), 1 + at);
    while (history.prune(7) >= 7);
    expect(history.rows({ table: "trades" })).toEqual(range(30, 70));
    expect(database.prepare("SELECT count(*) AS blobs FROM trade_rows").get()).toEqual({ blobs: 3 });
  });

  it("of what an older version wrote goes on", () => {
    const { history, write } = open({ retention: { maxRows: 10 } });
    history.write(range(50));
    write(range(10, 50));
    while (history.prune(7) >= 7);
    expect(history.rows({ table: "trades" })).toEqual(range(10, 50));
  });
});
