import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { testFolder } from "@slipstream/testing/folders";
import { beforeEach, describe, expect, it } from "vitest";
import { createAggregator } from "../aggregator.ts";
import { STATE_FILE } from "../history/embedded-reader.ts";
import { tracesJsonBody, tradeSpan } from "../intake/testing/bodies.ts";
import { listSegments } from "../log/segment-name.ts";
import { inspectData } from "./inspect-data.ts";

const LONG_MS = 60_000;
let folder: string;

beforeEach(() => {
  folder = testFolder();
});

async function withTrades(requests: number): Promise<Awaited<ReturnType<typeof createAggregator>>> {
  const aggregator = await createAggregator({ dataDir: folder, port: 0, logSegmentBytes: 1_048_576 });
  for (let at = 0; at < requests; at++) {
    const trade = tradeSpan();
    const filler = { key: "filler", value: { stringValue: "x".repeat(400_000) } };
    const body = tracesJsonBody({ ...trade, attributes: [...(trade.attributes ?? []), filler] });
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(`${aggregator.url}/v1/traces`, { method: "POST", headers, body });
    expect(status).toBe(200);
  }
  return aggregator;
}

/** Every file with its content and its time of change. */
function everyFile(): unknown {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .toSorted()
    .map((name) => {
      const stat = statSync(join(folder, name));
      return [name, stat.mtimeMs, stat.isFile() ? readFileSync(join(folder, name)).toString("base64") : ""];
    });
}

/** Of a folder whose log can be listed. */
function inspected(budgetMs = LONG_MS) {
  const { log, trades } = inspectData(folder, budgetMs);
  if (typeof log === "string") throw new Error(log);
  return { log, trades };
}

const segments = () => listSegments(join(folder, "log")).map(({ file }) => file);

describe("what a data folder holds", () => {
  it("is looked at while an aggregator runs, and when it is stopped, without a trace", async () => {
    const aggregator = await withTrades(8);
    const running = inspected();
    expect(running.log).toMatchObject({ problems: [], seenSegments: segments().length });
    expect(segments().length).toBeGreaterThan(1);
    await aggregator.close();
    const before = everyFile();
    const { log, trades } = inspected();
    expect(log).toMatchObject({
      problems: [],
      segments: segments().length,
      positions: [1, expect.any(Number)],
    });
    expect(log?.seenBytes).toBe(log?.bytes);
    expect(trades).toMatchObject({ hours: 1, seenHours: 1, missing: undefined });
    expect(everyFile()).toEqual(before);
  });

  it("is read for as long as it may be, and how much that was is said", async () => {
    await (await withTrades(8)).close();
    const { log, trades } = inspected(0);
    expect(log).toMatchObject({ seenSegments: 0, seenBytes: 0, positions: undefined, problems: [] });
    expect(log?.segments).toBe(segments().length);
    expect(trades).toMatchObject({ hours: 1, seenHours: 0 });
  });

  it("is nothing where nothing was written", () => {
    writeFileSync(join(folder, "file"), "");
    for (const path of ["none", "file", "file/below"]) {
      expect(inspectData(join(folder, path), LONG_MS)).toEqual({ log: undefined, trades: undefined });
    }
    writeFileSync(join(folder, "log"), "");
    expect(inspectData(folder, LONG_MS)).toEqual({
      log: expect.stringMatching(/ENOTDIR/),
      trades: undefined,
    });
  });

  it("is damaged, and says where", async () => {
    await (await withTrades(13)).close();
    const [, second = "", third = ""] = segments();
    const bytes = readFileSync(second);
    bytes[20_000] = (bytes[20_000] as number) ^ 1;
    writeFileSync(second, bytes);
    const database = new DatabaseSync(join(folder, STATE_FILE));
    database.exec("UPDATE trade_blocks SET to_us = to_us | (1 << 60)");
    database.close();
    const { log, trades } = inspected();
    expect(log?.problems).toEqual([expect.stringContaining(second)]);
    expect(trades).toMatchObject({ missing: { rows: expect.any(Number) } });
    bytes[20_000] = (bytes[20_000] as number) ^ 1;
    writeFileSync(second, bytes);
    rmSync(third);
    expect(inspected().log?.problems.join()).toMatch(/positions \d+ to \d+ are missing/);
  });

  it("has lost its newest records, as the checkpoint shows, or its state is no database", async () => {
    await (await withTrades(8)).close();
    const newest = segments().at(-1) ?? "";
    rmSync(newest);
    expect(inspected().log?.problems.join()).toMatch(/its newest records are missing/);
    writeFileSync(join(folder, STATE_FILE), "x".repeat(8_192));
    expect(inspectData(folder, LONG_MS).trades).toMatch(/not a database/);
    truncateSync(join(folder, STATE_FILE));
    chmodSync(join(folder, STATE_FILE), 0o400);
    expect(inspectData(folder, LONG_MS).trades).toMatchObject({ hours: 0 });
  });
});
