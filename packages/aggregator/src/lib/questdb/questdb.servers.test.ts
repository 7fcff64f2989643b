import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { historyTable, historyTableNames } from "@slipstream/conventions";
import { type HistoryRow, rowOfDesk } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { type QuestDbServer, startQuestDb } from "@slipstream/testing/questdb-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { EmbeddedHistory } from "../history/embedded-history.ts";
import { latencyRow, START_MS, tradeRow } from "../history/testing/rows.ts";
import { createHistorySink, type HistorySink } from "../sinks/history-sink.ts";
import { processWriter } from "../writer/identity.ts";
import { questDbAddress } from "./address.ts";
import { createTableSql } from "./definition.ts";
import { inspectQuestDb } from "./lazy.ts";
import { createQuestDbHistory } from "./questdb-history.ts";
import { QuestDbLease } from "./questdb-lease.ts";
import { openQuestDbReader } from "./reader.ts";

let server: QuestDbServer;
let database: DatabaseSync;
let history: EmbeddedHistory;
let sinks: HistorySink[];

beforeAll(async () => {
  server = await startQuestDb();
});
afterAll(() => server.close());
beforeEach(() => {
  database = new DatabaseSync(":memory:");
  history = new EmbeddedHistory(database);
  sinks = [];
});
afterEach(async () => {
  for (const sink of sinks) await sink.close();
  for (const name of historyTableNames) await server.query(`DROP TABLE IF EXISTS ${name}`);
  database.close();
});

function newLease(tablePrefix = "", run: string = randomUUID()): QuestDbLease {
  return new QuestDbLease({ tablePrefix, writer: processWriter({ desk: "", run }) });
}

function startSink(
  options: { ttlDays?: number; timeoutMs?: number; checkMs?: number; prefix?: string } = {},
): HistorySink {
  const { ttlDays, timeoutMs = 2_000, checkMs, prefix = "" } = options;
  const address = questDbAddress(server.conf, server.pgUrl);
  const tablePrefix = prefix;
  const store = createQuestDbHistory({
    address,
    ttlDays,
    timeoutMs,
    tablePrefix,
    lease: newLease(tablePrefix),
  });
  const source = history.sourceFor("questdb");
  const sink = createHistorySink({ store, source, flushMs: 50, settleMs: 500, batchRows: 500, checkMs });
  sinks.push(sink);
  return sink;
}

function write(rows: readonly HistoryRow[]): void {
  history.write(rows);
  for (const sink of sinks) sink.notify();
}

function trades(from: number, count: number): readonly HistoryRow[] {
  return Array.from({ length: count }, (_, index) => tradeRow(from + index));
}

async function inQuestDb(table: "trades" | "latency_percentiles"): Promise<readonly HistoryRow[]> {
  const reader = await openQuestDbReader(questDbAddress(server.conf, server.pgUrl));
  try {
    return await reader.rows({ table });
  } finally {
    await reader.close();
  }
}

/** Waits until QuestDB holds the very rows that the embedded history holds. */
async function filled(table: "trades" | "latency_percentiles" = "trades"): Promise<void> {
  const wanted = history.rows({ table });
  let last = "";
  await eventually(
    `the same rows in ${table}`,
    async () => {
      const rows = await inQuestDb(table);
      last = `${rows.length} of ${wanted.length}`;
      return JSON.stringify(rows) === JSON.stringify(wanted);
    },
    150_000,
  ).catch((error: unknown) => {
    throw new Error(`${last}; ${JSON.stringify(sinks.map((sink) => sink.status()))}`, { cause: error });
  });
}

test("rows arrive as they are in the embedded history, amended ones and odd texts among them", async () => {
  const sink = startSink({ ttlDays: 40 });
  const odd = ["a b", 'x="y",z', "back\\slash", "new\nline", "tab\t", "é€😀", "NUL\0", "half \ud800", "'"];
  write(odd.map((text, index) => tradeRow(index, { pair: text, trade_id: text, strategy: text })));
  write([tradeRow(100, { size_usd: 1 / 3, pnl_usd: -1.5e-7, slot: Number.MAX_SAFE_INTEGER })]);
  write([tradeRow(101, { timestamp: START_MS * 1_000 + 123_457, sol_usd: 1e300 })]);
  write([latencyRow(0, "solana.rpc"), latencyRow(0, "db.write"), latencyRow(1, "solana.rpc")]);
  await filled();
  await filled("latency_percentiles");
  write([latencyRow(0, "solana.rpc", { count: 99, p99_ms: null })]);
  await filled("latency_percentiles");
  await eventually("its position moves", () => history.sourceFor("questdb").position === history.newest);
  expect(sink.status()).toMatchObject({ up: true, queueItems: 0, dropped: 0, lagMs: 0 });

  const tables = await server.query("SELECT table_name, dedup, walEnabled, ttlValue, ttlUnit FROM tables()");
  expect(tables.filter(([name]) => historyTableNames.includes(name as never)).sort()).toEqual(
    historyTableNames
      .map((name) => {
        const ttl = historyTable(name).partition === "DAY" ? [40, "DAY"] : [2, "MONTH"];
        return [name, true, true, ...ttl];
      })
      .sort(),
  );
});

test("a query selects the same rows from both", async () => {
  startSink();
  write(trades(0, 50));
  await filled();
  const reader = await openQuestDbReader(questDbAddress(server.conf, server.pgUrl));
  const queries = [
    { limit: 3 },
    { fromMs: START_MS + 10_000.5, toMs: START_MS + 20_000 },
    { equal: { pair: "JUP/USDC", status: "success" }, limit: 5 },
    { equal: { pair: "'; DROP TABLE trades" } },
  ];
  for (const query of queries) {
    const rows = await reader.rows({ table: "trades", ...query });
    expect(rows).toEqual(history.rows({ table: "trades", ...query }));
  }
  await expect(reader.rows({ table: "trades", equal: { operation: "x" } })).rejects.toThrow(/no column/);
  await reader.close();
});

test("tables of a version that did not tell desks apart get the column; desks' rows do not replace each other", async () => {
  const mine = [...trades(0, 3), latencyRow(0, "solana.rpc")];
  for (const name of ["trades", "latency_percentiles"] as const) {
    const { columns, ...table } = historyTable(name);
    const former = { ...table, columns: columns.filter((column) => column.name !== "desk") };
    await server.query(createTableSql(former, { tablePrefix: "" }));
  }
  // As that version wrote it: without a desk.
  const timestamp = `${START_MS}000::timestamp`;
  await server.query(
    `INSERT INTO latency_percentiles (timestamp, operation, count) VALUES (${timestamp}, 'solana.rpc', 1)`,
  );
  history.write([...mine, ...mine.map((row) => rowOfDesk(row, "beta"))]);
  startSink();
  await filled();
  await filled("latency_percentiles");
  const reader = await openQuestDbReader(questDbAddress(server.conf, server.pgUrl));
  for (const table of ["trades", "latency_percentiles"] as const) {
    const query = { table, desk: "beta" };
    await eventually("the other desk's rows", async () => {
      return JSON.stringify(await reader.rows(query)) === JSON.stringify(history.rows(query));
    });
  }
  write([
    latencyRow(0, "solana.rpc", { count: 5 }),
    rowOfDesk(latencyRow(0, "solana.rpc", { count: 6 }), "beta"),
  ]);
  await filled("latency_percentiles");
  const counts = "SELECT desk, count FROM latency_percentiles ORDER BY count";
  await eventually("one row each", async () => {
    return (
      JSON.stringify(await server.query(counts)) ===
      JSON.stringify([
        [null, "5"],
        ["beta", "6"],
      ])
    );
  });
  expect(await reader.desks()).toEqual({ own: "", others: ["beta"] });
  await reader.close();
});

test("killed and restarted in mid-stream: no row twice and none missing", async () => {
  startSink();
  let next = 0;
  const writing = setInterval(() => {
    write(trades(next, 100));
    next += 100;
  }, 20);
  try {
    // QuestDB cannot start again if it is killed while it makes a table.
    await eventually("rows have arrived", () => history.sourceFor("questdb").position > 0);
    for (const round of [1, 2]) {
      const from = next;
      await eventually("rows are under way", () => next > from + 1_000 * round);
      await server.kill();
      await eventually("rows pile up", () => next > from + 3_000);
      await server.restart();
    }
  } finally {
    clearInterval(writing);
  }
  await filled();
  expect((await inQuestDb("trades")).length).toBe(next);
});

test("away from the beginning: filled when it comes", async () => {
  await server.kill();
  const sink = startSink();
  for (let from = 0; from < 20_000; from += 1_000) write(trades(from, 1_000));
  await eventually("it is told to be down", () => sink.status().up === false);
  expect(sink.status()).toMatchObject({ queueItems: 20_000, dropped: 0, writtenTimeMs: null });
  await server.restart();
  await filled();
});

test("a sink that is made anew goes on where the last one was", async () => {
  const first = startSink();
  write(trades(0, 700));
  await eventually("its position moves", () => history.sourceFor("questdb").position === history.newest);
  await first.close();
  await server.query("UPDATE trades SET side = 'untouched'");
  write(trades(700, 10));
  startSink();
  await eventually("the new rows", async () => (await inQuestDb("trades")).length === 710);
  await eventually("its position moves", () => history.sourceFor("questdb").position === history.newest);
  const [[untouched] = []] = await server.query("SELECT count() FROM trades WHERE side = 'untouched'");
  expect(untouched).toBe("700");
});

test("hangs for a while: nothing waits for it, memory stays, and amended rows are right afterwards", async () => {
  const sink = startSink({ timeoutMs: 500 });
  write([latencyRow(0, "a", { count: 1 })]);
  await filled("latency_percentiles");
  server.pause();
  try {
    let slowest = 0;
    let round = 2;
    await eventually("the sink is down", () => {
      if (round > 60) return sink.status().up === false;
      const from = performance.now();
      write([latencyRow(0, "a", { count: round }), ...trades(round * 200, 200)]);
      slowest = Math.max(slowest, performance.now() - from);
      round += 1;
      return false;
    });
    expect(sink.status().queueItems).toBeGreaterThan(5_000);
    expect(slowest).toBeLessThan(500);
  } finally {
    server.resume();
  }
  await filled();
  await filled("latency_percentiles");
  await eventually("its position moves", () => history.sourceFor("questdb").position === history.newest);
  await filled("latency_percentiles");
});

test("a QuestDB that lost its tables is filled anew", async () => {
  const first = startSink();
  write(trades(0, 100));
  await filled();
  await eventually("its position moves", () => history.sourceFor("questdb").position === history.newest);
  await first.close();
  await server.query("DROP TABLE trades");
  startSink();
  await filled();
  expect(await inQuestDb("trades")).toHaveLength(100);
});

test("a table with columns that are missing gets them; one of another shape is told, and left alone", async () => {
  await server.query(
    "CREATE TABLE latency_percentiles (timestamp TIMESTAMP, operation SYMBOL, mine LONG) TIMESTAMP(timestamp) PARTITION BY DAY WAL",
  );
  await server.query(
    "CREATE TABLE trades (timestamp TIMESTAMP, trace_id VARCHAR, span_id VARCHAR, pair DOUBLE) TIMESTAMP(timestamp) PARTITION BY DAY WAL",
  );
  const sink = startSink();
  write([tradeRow(1), latencyRow(0, "a")]);
  await eventually("it is told", () => sink.status().lastError);
  expect(sink.status().lastError).toMatch(
    /table "trades" is not Slipstream's: its column "pair" is DOUBLE, not SYMBOL\..*set questdbTablePrefix/,
  );
  expect((await server.query("SELECT * FROM table_columns('latency_percentiles')")).length).toBe(3);
  await server.query("RENAME TABLE trades TO trades_old");
  await filled();
  await filled("latency_percentiles");
  write([latencyRow(0, "a", { count: 77 })]);
  await filled("latency_percentiles");
  await server.query("DROP TABLE trades_old");
});

test("a table that is someone else's is told", async () => {
  await server.query("CREATE TABLE trades (ts TIMESTAMP, symbol SYMBOL) TIMESTAMP(ts) PARTITION BY DAY WAL");
  await server.query(
    "CREATE TABLE alerts (timestamp TIMESTAMP, x SYMBOL) TIMESTAMP(timestamp) PARTITION BY DAY WAL",
  );
  const sink = startSink();
  await eventually("it is told", () => sink.status().lastError);
  expect(sink.status().lastError).toMatch(/"trades" is not Slipstream's: its designated timestamp is "ts"/);
  expect(sink.status().lastError).not.toMatch(/RENAME|ALTER|DROP/i);
  expect(sink.status().lastError).toMatch(/"alerts" is not Slipstream's: it has no column "alert"/);
});

test("with a prefix, tables of the desk's own stay as they are, and readers find ours", async () => {
  await server.query("CREATE TABLE trades (ts TIMESTAMP, symbol SYMBOL) TIMESTAMP(ts) PARTITION BY DAY WAL");
  const sink = startSink({ prefix: "slipstream_" });
  write(trades(0, 5));
  await eventually("written", () => sink.status().up === true && sink.status().queueItems === 0);
  const address = questDbAddress(server.conf, server.pgUrl);
  const reader = await openQuestDbReader(address, "slipstream_");
  await eventually("all rows", async () => (await reader.rows({ table: "trades" })).length === 5).finally(
    () => reader.close(),
  );
  expect(
    await inspectQuestDb({ conf: server.conf, pgUrl: server.pgUrl, tablePrefix: "slipstream_" }, 3_000),
  ).toMatchObject({
    tables: expect.arrayContaining(historyTableNames.map((name) => `slipstream_${name}`)),
    writer: { pid: process.pid, epoch: 1 },
  });
  expect(await server.query("SELECT count() FROM trades")).toEqual([["0"]]);
  for (const name of historyTableNames) await server.query(`DROP TABLE slipstream_${name}`);
});

test("wrong credentials are told without being shown", async () => {
  const guarded = await startQuestDb({ http: { user: "desk", password: "right-secret" } });
  try {
    const run = randomUUID();
    const told = async (conf: string, pgUrl?: string): Promise<string> => {
      const store = createQuestDbHistory({
        address: questDbAddress(conf, pgUrl),
        tablePrefix: "",
        lease: newLease("", run),
        timeoutMs: 3_000,
      });
      const error: unknown = await store
        .open()
        .then(() => store.write([tradeRow(1)]))
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      await store.release?.();
      const text = error instanceof Error ? error.message : "it worked";
      expect(text).not.toMatch(/secret/);
      return text;
    };
    const wrong = guarded.conf.replace("right-secret", "wrong-secret");
    expect(await told(wrong, guarded.pgUrl)).toMatch(/refuses the name, password or token/);
    const wrongPg = guarded.pgUrl.replace(":quest@", ":wrong-secret@");
    expect(await told(guarded.conf, wrongPg)).toMatch(/PostgreSQL wire.*SLIPSTREAM_QUESTDB_PG/);
    expect(await told(guarded.conf, guarded.pgUrl)).toBe("it worked");
    const found = (conf: string): Promise<unknown> => inspectQuestDb({ conf, pgUrl: guarded.pgUrl }, 3_000);
    await expect(found(wrong)).rejects.toThrow(/refuses the name, password or token/);
    const without = guarded.conf.replace(/username=.*/, "");
    await expect(found(without)).rejects.toThrow(/refuses the name, password or token/);
    await expect(found(guarded.conf)).resolves.toMatchObject({ suspended: [], writer: undefined });
    await guarded.kill();
    expect(await told(guarded.conf, guarded.pgUrl)).toMatch(/cannot be reached at 127.0.0.1/);
  } finally {
    await guarded.close();
  }
});

test("tables that are dropped while they are written to are made and filled anew", async () => {
  startSink({ checkMs: 1_000 });
  write(trades(0, 100));
  await filled();
  await server.query("DROP TABLE trades");
  write(trades(100, 100));
  // QuestDB makes the table by itself on a write, or writes to the old one.
  await filled();
  write(trades(50, 100));
  await filled();
  const [[dedup] = []] = await server.query("SELECT dedup FROM tables() WHERE table_name = 'trades'");
  expect(dedup).toBe(true);
});
