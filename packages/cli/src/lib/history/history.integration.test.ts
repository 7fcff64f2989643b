import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EmbeddedHistory } from "@slipstream/aggregator";
import { type HistoryRecord, historyTable } from "@slipstream/conventions";
import { historyRow } from "@slipstream/engine";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";

const START_MS = Date.UTC(2026, 0, 1);

function trade(index: number, rest: Partial<HistoryRecord<"trades">> = {}): ReturnType<typeof historyRow> {
  const unknown = Object.fromEntries(historyTable("trades").columns.map(({ name }) => [name, null]));
  return historyRow("trades", {
    ...(unknown as unknown as HistoryRecord<"trades">),
    timestamp: (START_MS + index * 60_000) * 1_000 + 7,
    trade_id: `t${index}`,
    trace_id: "a".repeat(32),
    span_id: "b".repeat(16),
    pair: index % 2 === 0 ? "SOL/USDC" : "JUP/USDC",
    status: "success",
    size_usd: 1_000 + index / 3,
    ...rest,
  });
}

/** A folder with a data folder in it, whose history holds five trades. The database stays open, as an aggregator's does. */
function project(): { folder: string; database: DatabaseSync } {
  const folder = testFolder();
  mkdirSync(join(folder, ".slipstream"));
  const database = new DatabaseSync(join(folder, ".slipstream", "state.sqlite"));
  database.exec("PRAGMA journal_mode = WAL");
  new EmbeddedHistory(database).write([0, 1, 2, 3, 4].map((index) => trade(index)));
  return { folder, database };
}

const history = (folder: string, ...args: string[]) => runCli(["history", ...args], { cwd: folder });

describe("slipstream history", () => {
  it("prints the newest rows as a table, also while the store is written", async () => {
    const { folder, database } = project();
    database.exec("BEGIN IMMEDIATE");
    const { code, stdout } = await history(folder, "trades", "--limit", "2");
    database.exec("ROLLBACK");
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^timestamp {2,}pair {2,}side {2,}size_usd {2,}status/);
    expect(lines[1]).toMatch(/^2026-01-01 00:03:00\.000 {2}JUP\/USDC {2}– +1001 {2}success/);
    expect(lines[2]).toContain("t4");
  });

  it("prints every column as JSON, of the time and the pair that are asked for", async () => {
    const { folder } = project();
    const args = [
      "--json",
      "--pair",
      "SOL/USDC",
      "--from",
      "2026-01-01T00:01",
      "--to",
      "2026-01-01T00:05:00+00:00",
    ];
    const { code, stdout } = await history(folder, "trades", ...args);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout);
    expect(rows.map((row: { trade_id: string }) => row.trade_id)).toEqual(["t2", "t4"]);
    expect(rows[0]).toMatchObject({
      timestamp: "2026-01-01T00:02:00.000007Z",
      size_usd: 1_000 + 2 / 3,
      slot: null,
    });
    expect(Object.keys(rows[0])).toHaveLength(historyTable("trades").columns.length);
  });

  it("says that there are no such rows", async () => {
    const { folder } = project();
    expect(await history(folder, "alerts")).toEqual({
      code: 0,
      stdout: "",
      stderr: expect.stringMatching(/^slipstream: no such rows in .*\n$/),
    });
    expect((await history(folder, "alerts", "--json")).stdout).toBe("[]\n");
  });

  it.each([
    [["nothing"], 2, /Allowed choices are trades, latency_percentiles/],
    [["trades", "--from", "yesterday"], 2, /--from = "yesterday" is not a time; allowed: 2026-03-01/],
    [["trades", "--limit", "0"], 2, /Allowed: a whole number from 1/],
    [["latency_percentiles", "--pair", "SOL/USDC"], 2, /no column "pair".*operation/],
    [["trades", "--data", ".", "--questdb"], 2, /exclude each other/],
    [["trades", "--questdb"], 2, /needs a configuration string/],
    [
      ["trades", "--questdb", "tcp::addr=127.0.0.1:9009;token=geheim;"],
      2,
      /questdb = \(not shown\) \(from --questdb\)/,
    ],
    [["trades", "--questdb", "http::addr=127.0.0.1:9;password=geheim;x=y;"], 2, /cannot be used/],
    [
      [
        "trades",
        "--questdb",
        "http::addr=127.0.0.1:1;",
        "--questdb-pg",
        "postgres://a:geheim@127.0.0.1:1/qdb",
      ],
      1,
      /cannot be reached at 127\.0\.0\.1:1: .* set questdbPg \(--questdb-pg, SLIPSTREAM_QUESTDB_PG\)/,
    ],
    [["trades", "--data", "elsewhere"], 1, /no history in elsewhere .*--data/],
  ])("%j ends with %i and says why", async (args, code, message) => {
    const { folder } = project();
    const result = await history(folder, ...args);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).not.toContain("geheim");
  });

  it("names the demo's folder to who looks where only the demo has been", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, ".slipstream/demo"), { recursive: true });
    writeFileSync(join(folder, ".slipstream/demo/state.sqlite"), "");
    const { code, stderr } = await runCli(["history", "trades"], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toContain("--data .slipstream/demo");
  });

  it("says what is wrong with a file that is none", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "data"));
    const database = new DatabaseSync(join(folder, "data", "state.sqlite"));
    database.exec("CREATE TABLE other (x)");
    database.close();
    const { code, stderr } = await history(folder, "trades", "--data", "data");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/cannot be read: no such table: trades/)]);
    rmSync(join(folder, "data"), { recursive: true });
  });
});
