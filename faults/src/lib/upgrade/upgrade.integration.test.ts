import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Aggregator, createAggregator, replayLog } from "@slipstream/aggregator";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, test } from "vitest";
import { type Entry, expectedOf, fixtures, unpack, type Value } from "./fixtures.ts";
import { END_MS, ENGINE } from "./load/requests.ts";
import { FIRST_MS } from "./load/trades.ts";

const withState = fixtures.filter((name) => name.startsWith("v"));

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
    .filter((file) => file.endsWith(".sqlite"))
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
  test("loses nothing, and does not say when its totals began", async () => {
    const dataDir = testFolder();
    unpack(name, dataDir);
    forgetBeginning(dataDir);
    for (let starts = 0; starts < 2; starts += 1) {
      const aggregator = await start(dataDir);
      await expectNothingLost(name, aggregator);
      const { trades } = aggregator.current().statistics;
      expect(trades).toMatchObject({
        series: [{ since: null, reason: expect.stringContaining("2026-11-21T00:") }, {}],
      });
      await aggregator.close();
    }
    expect(replayLog(dataDir).current.statistics).toEqual(expect.objectContaining({}));
  });

  test("is left as it was for the old version to return to, until the log has moved on", async () => {
    const dataDir = testFolder();
    unpack(name, dataDir);
    const before = formerTables(dataDir);
    const aggregator = await start(dataDir);
    await aggregator.close();
    expect(formerTables(dataDir)).toEqual(before);
  });
});
