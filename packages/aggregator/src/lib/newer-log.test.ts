import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, onTestFinished, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import type { AggregatorOptions } from "./aggregator-options.ts";
import type { NewRecord } from "./log/log.ts";
import { openLog } from "./log/open-log.ts";
import { readLog } from "./log/read-log.ts";
import { errorOf, segmentFiles, tick } from "./log/testing/folder.ts";
import { replayLog } from "./replay/replay.ts";

const silence: NewRecord = { ...tick(3), kind: "silence", body: Buffer.from("by a newer version") };

async function start(dataDir: string, options: Partial<AggregatorOptions> = {}): Promise<void> {
  const aggregator = await createAggregator({ dataDir, port: 0, ...options });
  await aggregator.close();
}

async function append(directory: string, records: readonly NewRecord[], segmentBytes?: number) {
  const log = await openLog({ directory, segmentBytes });
  for (const record of records) await log.append(record);
  await log.close();
}

const kinds = (dataDir: string): string[] => [...readLog(dataDir)].map(({ kind }) => kind);

test("a record of a kind that a newer version wrote stops the aggregator and a replay, and stays in the log", async () => {
  const dataDir = testFolder();
  await append(dataDir, [tick(1), tick(2), silence, tick(4)]);
  for (const salvage of [false, true]) {
    const { code, message } = await errorOf(() => start(dataDir, { salvage }));
    expect(code).toBe("log_newer");
    expect(message).toContain("at position 3");
    expect(kinds(dataDir)).toEqual(["tick", "tick", "silence", "tick"]);
  }
  expect(await errorOf(() => replayLog(dataDir))).toMatchObject({ code: "log_newer" });
  // What it says may apply to what comes later.
  expect(await errorOf(() => replayLog(dataDir, { fromMs: 4 }))).toMatchObject({ code: "log_newer" });
  expect(replayLog(dataDir, { toMs: 3 })).toMatchObject({ records: 2 });
});

test("salvaging a damaged segment keeps what a newer version wrote", async () => {
  const dataDir = testFolder();
  const body = Buffer.alloc(30_000, "by a newer version");
  const records = Array.from({ length: 16 }, (_, receivedMs) => ({ ...silence, receivedMs, body }));
  await append(dataDir, records, 1_000_000);
  const [file = ""] = segmentFiles(dataDir);
  const bytes = readFileSync(file);
  bytes.fill(0xee, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40_000);
  writeFileSync(file, bytes);
  const told: string[] = [];
  const logger = { info() {}, error() {}, warn: (_: object, message: string) => told.push(message) };
  expect(await errorOf(() => start(dataDir))).toMatchObject({ code: "log_corrupt" });
  expect(await errorOf(() => start(dataDir, { salvage: true, logger }))).toMatchObject({ code: "log_newer" });
  expect(told.join()).toContain("salvaged");
  expect(kinds(dataDir).filter((kind) => kind === "silence").length).toBeGreaterThan(4);
  expect(readdirSync(join(dataDir, "log")).some((name) => name.includes("damaged"))).toBe(true);
});

test("a damaged log starts with --salvage, and says what was lost", async () => {
  const dataDir = testFolder();
  await append(
    dataDir,
    Array.from({ length: 30 }, (_, ms) => tick(ms)),
  );
  const [file = ""] = segmentFiles(dataDir);
  writeFileSync(file, "not a database any more");
  onTestFinished(() => expect(existsSync(file)).toBe(true));
  expect(await errorOf(() => start(dataDir))).toMatchObject({ code: "log_corrupt" });
  const told: object[] = [];
  const logger = { info() {}, error() {}, warn: (details: object) => told.push(details) };
  await start(dataDir, { salvage: true, logger });
  expect(told).toContainEqual(expect.objectContaining({ movedTo: expect.stringContaining(".damaged") }));
});
