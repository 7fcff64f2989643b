import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SlipstreamError } from "../errors.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { Log } from "./log.ts";
import { openSqliteLog } from "./sqlite-log.ts";

let directory: string;
let file: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipstream-log-"));
  file = join(directory, "log.db");
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  rmSync(directory, { recursive: true, force: true });
});

const tick = (receivedMs: number): { kind: "tick"; receivedMs: number } => ({ kind: "tick", receivedMs });

const filled = async (records: number): Promise<void> => {
  const log = openSqliteLog({ file });
  const body = new Uint8Array(10_000).fill(7);
  const traces = { kind: "traces", receivedMs: 5, format: "protobuf", compression: "gzip", body } as const;
  await Promise.all(Array.from({ length: records }, () => log.append(traces)));
  await log.close();
};

const errorOf = (open: () => unknown): SlipstreamError => {
  try {
    open();
  } catch (error) {
    if (error instanceof SlipstreamError) return error;
    throw error;
  }
  throw new Error("opened");
};

test("goes on where it ended when it is opened again", async () => {
  await filled(3);
  const log = openSqliteLog({ file });
  expect(log.position).toBe(3);
  expect(await log.append(tick(9))).toBe(4);
  await log.close();
});

describe("a file that cannot be used is named, with what to do", () => {
  test("no database", () => {
    writeFileSync(file, "not a database, but long enough to be taken for one ".repeat(50));
    expect(errorOf(() => openSqliteLog({ file }))).toMatchObject({ code: "log_corrupt", field: "data" });
    expect(errorOf(() => openSqliteLog({ file })).message).toContain(file);
  });

  test("a database of something else", () => {
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE t (x)");
    other.close();
    expect(errorOf(() => openSqliteLog({ file }))).toMatchObject({ code: "log_corrupt" });
  });

  test("a torn file", async () => {
    await filled(50);
    truncateSync(file, 40_000);
    expect(errorOf(() => openSqliteLog({ file }))).toMatchObject({ code: "log_corrupt" });
  });

  test("a page damaged in the middle, when it is reached", async () => {
    await filled(50);
    const bytes = readFileSync(file);
    bytes.fill(0xee, bytes.length / 2, bytes.length / 2 + 200_000);
    writeFileSync(file, bytes);
    const log = openSqliteLog({ file });
    const read = async (): Promise<void> => {
      for await (const record of log.read(0)) expect(record.position).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: "log_corrupt" });
    await log.close();
  });

  test("a newer layout", async () => {
    await filled(1);
    const database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const error = errorOf(() => openSqliteLog({ file }));
    expect(error).toMatchObject({ code: "log_version" });
    expect(error.message).toMatch(/layout 999.*Update Slipstream/s);
  });

  test("no directory to be had", () => {
    writeFileSync(join(directory, "plain"), "");
    expect(errorOf(() => openSqliteLog({ file: join(directory, "plain", "log.db") }))).toMatchObject({
      code: "data_unusable",
    });
  });

  test("after each of these the directory is free again", () => {
    writeFileSync(file, "x".repeat(5000));
    errorOf(() => openSqliteLog({ file }));
    lockDirectory(directory).release();
  });
});

describe("one aggregator to a directory", () => {
  test("the second is told the pid of the first; one that was killed holds nothing", async () => {
    const script = fileURLToPath(new URL("testing/hold-directory.main.ts", import.meta.url));
    child = spawn(process.execPath, ["--conditions=slipstream-source", script, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (child.stdout === null) throw new Error("no stdout");
    await once(child.stdout, "data");
    const error = errorOf(() => openSqliteLog({ file }));
    expect(error).toMatchObject({ code: "data_in_use", field: "data" });
    expect(error.message).toContain(`pid ${child.pid}`);
    expect(error.message).toMatch(/--endpoint.*--data/s);

    child.kill("SIGKILL");
    await once(child, "exit");
    const log = openSqliteLog({ file });
    expect(readFileSync(join(directory, "aggregator.pid"), "utf8").trim()).toBe(String(process.pid));
    await log.close();
  });

  test("also within one process", async () => {
    const first = openSqliteLog({ file });
    expect(errorOf(() => openSqliteLog({ file: join(directory, "other.db") })).code).toBe("data_in_use");
    await first.close();
    await openSqliteLog({ file }).close();
  });
});

describe("while writes fail", () => {
  let log: Log;
  let blocker: DatabaseSync;
  beforeEach(async () => {
    log = openSqliteLog({ file, probeIntervalMs: 20 });
    await log.append(tick(1));
    // Another connection that holds the write lock: every transaction of ours fails, as on a full disk.
    blocker = new DatabaseSync(file);
    blocker.exec("BEGIN IMMEDIATE");
  });
  afterEach(async () => {
    if (blocker.isOpen) blocker.close();
    await log.close();
  });

  test("appends are rejected and the reason shows; what was committed stays; it recovers by itself", async () => {
    const results = await Promise.allSettled([log.append(tick(2)), log.append(tick(3))]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(log.fault).toContain("locked");
    expect(log.position).toBe(1);

    blocker.exec("ROLLBACK");
    await vi.waitUntil(() => log.fault === undefined, { timeout: 10_000 });
    expect(await log.append(tick(4))).toBe(2);
    const kept = [];
    for await (const { position, receivedMs } of log.read(0)) kept.push([position, receivedMs]);
    expect(kept).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  test("an append that succeeds clears the fault at once", async () => {
    await expect(log.append(tick(2))).rejects.toThrow("cannot be written");
    blocker.close();
    expect(await log.append(tick(3))).toBe(2);
    expect(log.fault).toBeUndefined();
  });
});
