import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import { crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type Aggregator, createAggregator, openEmbeddedReader, replayLog } from "@slipstream/aggregator";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, test } from "vitest";
import { readStoredHistory, rowsOf } from "../aggregator/stored-history.ts";
import { type Entry, expectedOf, fixtures, unpack, type Value } from "./fixtures.ts";
import { resource, spanOf } from "./load/otlp-json.ts";
import { END_MS, ENGINE } from "./load/requests.ts";
import { beginOf, FIRST_MS, PARTS, TRADES, tradeSpans } from "./load/trades.ts";

/** Those with checkpoints, and of them those whose state had one version for all of it. */
const withState = fixtures.filter((name) => !name.startsWith("layout"));
const former = withState.filter((name) => name.startsWith("v"));

function start(dataDir: string): Promise<Aggregator> {
  return createAggregator({ dataDir, port: 0, now: () => END_MS, ...ENGINE });
}

/** What an aggregator reports, in the form of what is expected of it. */
async function reported(
  aggregator: Aggregator,
): Promise<{ statistics: object; services: object; metrics: unknown }> {
  const { statistics, services } = aggregator.current();
  const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
  return {
    statistics: Object.fromEntries(Object.entries(statistics).map(([name, entry]) => [name, plain(entry)])),
    services,
    metrics: new Map(seriesOf(metrics.split("\n"))),
  };
}

/** Values and what they are made of, without what newer versions say about them beside it. */
function plain(entry: Entry): unknown {
  if ("series" in entry) return entry.series.map((value) => ({ labels: value.labels, ...numbers(value) }));
  return numbers(entry);
}

function numbers({ value, count, windowSeconds }: Value): Value {
  return { value, count, windowSeconds };
}

function seriesOf(lines: readonly string[]): [string, string][] {
  return lines.flatMap((line): [string, string][] => {
    const at = line.lastIndexOf(" ");
    return line === "" || line.startsWith("#") ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
}

/** Everything that the old version reported is there, to the last digit. */
async function expectNothingLost(name: string, aggregator: Aggregator): Promise<void> {
  const { current, metrics } = expectedOf(name);
  const now = await reported(aggregator);
  const statistics = Object.fromEntries(
    Object.entries(current.statistics).map(([key, entry]) => [key, plain(entry)]),
  );
  expect(now.statistics).toMatchObject(statistics);
  expect(now.services).toMatchObject(current.services);
  const series = now.metrics as Map<string, string>;
  const wanted = seriesOf(metrics);
  expect(wanted.map(([key]) => [key, series.get(key)])).toEqual(wanted);
}

/** The log forgets all but its last segment. */
function forgetBeginning(dataDir: string): void {
  const segments = readdirSync(join(dataDir, "log"))
    .filter((file) => /\.(segment|sqlite)$/.test(file) && !file.startsWith("00009007"))
    .sort();
  expect(segments.length).toBeGreaterThan(1);
  for (const file of segments.slice(0, -1)) rmSync(join(dataDir, "log", file));
}

/** All that an old version finds again when it is started on the folder. */
function formerTables(dataDir: string): unknown {
  const database = new DatabaseSync(join(dataDir, "state.sqlite"), { readOnly: true });
  try {
    const all = (query: string) => database.prepare(query).all();
    return {
      layout: all("PRAGMA user_version"),
      checkpoints: all("SELECT * FROM checkpoints"),
      seen: all("SELECT * FROM seen"),
    };
  } finally {
    database.close();
  }
}

/** The table in which older versions keep trades. */
function rowsOfTrades(dataDir: string): unknown {
  const database = new DatabaseSync(join(dataDir, "state.sqlite"), { readOnly: true });
  try {
    return database.prepare("SELECT * FROM trades ORDER BY change").all();
  } finally {
    database.close();
  }
}

/** Makes the checkpoints those of a version that did not have the part. */
function removePart(dataDir: string, name: string): void {
  const database = new DatabaseSync(join(dataDir, "state.sqlite"));
  database.exec("DELETE FROM checkpoints");
  database.prepare("UPDATE engine_formats SET parts = json_remove(parts, ?)").run(`$."${name}"`);
  for (const { position, state } of database
    .prepare("SELECT position, state FROM engine_checkpoints")
    .all()) {
    const { parts } = deserialize(zstdDecompressSync(state as Uint8Array)) as {
      parts: Record<string, object>;
    };
    const { [name]: _, ...rest } = parts;
    const blob = zstdCompressSync(serialize({ parts: rest }));
    database
      .prepare("UPDATE engine_checkpoints SET state = ?, checksum = ? WHERE position = ?")
      .run(blob, crc32(blob), position as number);
  }
  database.close();
}

const sinceOf = (aggregator: Aggregator, name: string): unknown => {
  const entry = aggregator.current().statistics[name];
  return entry === undefined || "series" in entry ? entry?.series[0]?.since : entry.since;
};

describe.each(fixtures)("a data folder of format %s", (name) => {
  test("loses nothing in an upgrade, nor at the next start", async () => {
    const dataDir = testFolder();
    unpack(name, dataDir);
    for (let starts = 0; starts < 2; starts += 1) {
      const aggregator = await start(dataDir);
      await expectNothingLost(name, aggregator);
      expect(Date.parse(String(sinceOf(aggregator, "trades")))).toBeCloseTo(FIRST_MS + 12_200, -4);
      await aggregator.close();
    }
  });
});

describe.each(withState)("a data folder of format %s whose log has lost its beginning", (name) => {
  test("loses nothing, and says what it knows of when its totals began", async () => {
    const dataDir = testFolder();
    unpack(name, dataDir);
    forgetBeginning(dataDir);
    const unknown = { since: null, reason: expect.stringContaining("2026-11-21T00:") };
    const since = former.includes(name) ? unknown : { since: "2026-11-20T10:00:12.200Z" };
    for (let starts = 0; starts < 2; starts += 1) {
      const aggregator = await start(dataDir);
      await expectNothingLost(name, aggregator);
      expect(aggregator.current().statistics.trades).toMatchObject({ series: [since, since] });
      await aggregator.close();
      expect(replayLog(dataDir).current).toEqual(aggregator.current());
    }
  });
});

test.each(former)(
  "a data folder of format %s is left as it was for the old version to return to",
  async (name) => {
    const dataDir = testFolder();
    unpack(name, dataDir);
    const before = formerTables(dataDir);
    const aggregator = await start(dataDir);
    await aggregator.close();
    expect(formerTables(dataDir)).toEqual(before);
  },
);

test("trades that an older version kept as rows are read beside those in blocks, each once", async () => {
  const dataDir = testFolder();
  unpack("rows1", dataDir);
  const before = readStoredHistory(dataDir).get("trades") ?? new Map();
  const asRows = rowsOfTrades(dataDir);
  expect(before.size).toBeGreaterThan(100);
  const aggregator = await start(dataDir);
  const spans = tradeSpans(PARTS - 1, TRADES + 5, beginOf(PARTS - 1)).map(spanOf);
  const body = JSON.stringify({
    resourceSpans: [{ resource: resource("desk", "desk-2"), scopeSpans: [{ spans }] }],
  });
  const answer = await fetch(`${aggregator.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(answer.status).toBe(200);
  await aggregator.close();

  const reader = openEmbeddedReader(dataDir);
  const rows = await reader.rows({ table: "trades" });
  await reader.close();
  const stored = readStoredHistory(dataDir);
  expect(rows).toEqual(rowsOf(stored, "trades"));
  // One that the last checkpoint of the older version does not cover, and the new one.
  expect(rows).toHaveLength(before.size + 2);
  expect(new Map([...before].map(([key]) => [key, stored.get("trades")?.get(key)]))).toEqual(before);
  expect(rowsOfTrades(dataDir)).toEqual(asRows);
});

test("a statistic that is new begins by itself, and says since when it counts", async () => {
  const dataDir = testFolder();
  unpack("v6", dataDir);
  forgetBeginning(dataDir);
  await (await start(dataDir)).close();
  removePart(dataDir, "statistics.trades");
  const aggregator = await start(dataDir);
  const { trades, ...rest } = (await reported(aggregator)).statistics as Record<string, unknown>;
  const {
    trades: _,
    trades_per_minute: _rate,
    success_rate: _share,
    ...before
  } = expectedOf("v6").current.statistics;
  expect(trades).toMatchObject([{ value: 0 }, { value: 0 }]);
  // The newest record is that of the options, which this version added to.
  expect(sinceOf(aggregator, "trades")).toBe(new Date(END_MS).toISOString());
  expect(rest).toMatchObject(
    Object.fromEntries(Object.entries(before).map(([key, entry]) => [key, plain(entry)])),
  );
  await aggregator.close();
});

test("a record of a kind that only newer versions know stops the start, and nothing is changed", async () => {
  const dataDir = testFolder();
  unpack("v6", dataDir);
  const segment = readdirSync(join(dataDir, "log")).sort().at(-1) ?? "";
  const database = new DatabaseSync(join(dataDir, "log", segment));
  const position = 1 + Number(database.prepare("SELECT max(position) AS last FROM records").get()?.last);
  database
    .prepare("INSERT INTO records (position, kind, received_ms, checksum) VALUES (?, 'forecast', ?, ?)")
    .run(position, END_MS, crc32(`${position} forecast ${END_MS}`));
  database.close();
  const before = formerTables(dataDir);
  await expect(start(dataDir)).rejects.toMatchObject({ code: "log_newer" });
  expect(formerTables(dataDir)).toEqual(before);
});
