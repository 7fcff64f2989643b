import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockDirectory } from "./directory-lock.ts";
import type { Log } from "./log.ts";
import { openLog } from "./open-log.ts";
import { positionOf } from "./position.ts";
import {
  appendAll,
  errorOf,
  makeDirectory,
  readAll,
  removeDirectory,
  request,
  segmentFiles,
  tick,
} from "./testing/folder.ts";

let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  removeDirectory(directory);
});

/** A log of so many requests of 10 kB, closed; its only segment. */
const filled = async (records: number): Promise<string> => {
  const log = await openLog({ directory });
  await appendAll(
    log,
    Array.from({ length: records }, (_, index) => request(index)),
  );
  await log.close();
  return segmentFiles(directory)[0] ?? "";
};

test("goes on where it ended when it is opened again", async () => {
  await filled(3);
  const log = await openLog({ directory });
  expect(log.position).toBe(3);
  expect(await log.append(tick(9))).toBe(4);
  await log.close();
});

describe("a file that cannot be used is named, with what to do", () => {
  test("no database", async () => {
    const file = await filled(1);
    writeFileSync(file, "not a database, but long enough to be taken for one ".repeat(50));
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "log_corrupt", field: "data" });
    expect(error.message).toContain(file);
    expect(error.message).toContain("--salvage");
  });

  test("a database of something else", async () => {
    const file = await filled(1);
    writeFileSync(file, "");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE t (x)");
    other.close();
    expect(await errorOf(() => openLog({ directory }))).toMatchObject({ code: "log_corrupt" });
  });

  test("a torn file", async () => {
    truncateSync(await filled(50), 40_000);
    expect(await errorOf(() => openLog({ directory }))).toMatchObject({ code: "log_corrupt" });
  });

  test("damaged pages, with the positions that the file held", async () => {
    const file = await filled(50);
    const bytes = readFileSync(file);
    bytes.fill(0xee, bytes.length / 2, bytes.length / 2 + 200_000);
    writeFileSync(file, bytes);
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "log_corrupt" });
    expect(error.message).toContain("positions 1 to 50");
    // What recovery does not read is not looked at.
    await (await openLog({ directory, checkAfter: positionOf(50) })).close();
  });

  test("a single byte of a body, when it is read", async () => {
    // Changed by way of SQLite, which sees nothing wrong in it, nor would it in a byte that the disk has changed.
    const database = new DatabaseSync(await filled(5));
    const changed = new Uint8Array(10_000).fill(2);
    changed[5_000] = 3;
    database.prepare("UPDATE records SET body = ? WHERE position = 3").run(changed);
    database.close();
    const log = await openLog({ directory });
    const error = await errorOf(() => readAll(log));
    expect(error).toMatchObject({ code: "log_corrupt" });
    expect(error.message).toContain("position 3 ");
    await log.close();
  });

  test("a newer layout", async () => {
    const database = new DatabaseSync(await filled(1));
    database.exec("PRAGMA user_version = 999");
    database.close();
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "log_version" });
    expect(error.message).toMatch(/layout 999.*Update Slipstream/s);
  });

  test("no directory to be had", async () => {
    writeFileSync(join(directory, "plain"), "");
    const open = () => openLog({ directory: join(directory, "plain", "data") });
    expect(await errorOf(open)).toMatchObject({ code: "data_unusable" });
    writeFileSync(join(directory, "log"), "");
    expect(await errorOf(() => openLog({ directory }))).toMatchObject({ code: "log_unusable" });
  });

  test.runIf(existsSync("/proc/self"))("a place that takes no folders", async () => {
    const open = () => openLog({ directory: "/proc/nowhere/data" });
    expect(await errorOf(open)).toMatchObject({ code: "data_unusable" });
  });

  test("after each of these the directory is free again", async () => {
    writeFileSync(join(directory, "log"), "");
    await errorOf(() => openLog({ directory }));
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
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "data_in_use", field: "data" });
    expect(error.message).toContain(`pid ${child.pid}`);
    expect(error.message).toContain("--data (SLIPSTREAM_DATA_DIR)");

    child.kill("SIGKILL");
    await once(child, "exit");
    const log = await openLog({ directory });
    expect(readFileSync(join(directory, "aggregator.pid"), "utf8").trim()).toBe(String(process.pid));
    await log.close();
  });

  test("also within one process; a lock that the caller has is used, and stays the caller's", async () => {
    const first = await openLog({ directory });
    expect((await errorOf(() => openLog({ directory }))).code).toBe("data_in_use");
    await first.close();
    const lock = lockDirectory(directory);
    await (await openLog({ directory, lock })).close();
    expect((await errorOf(() => openLog({ directory }))).code).toBe("data_in_use");
    lock.release();
    await (await openLog({ directory })).close();
  });
});

describe("while writes fail", () => {
  let log: Log;
  let blocker: DatabaseSync;
  beforeEach(async () => {
    log = await openLog({ directory, probeIntervalMs: 20 });
    await log.append(tick(1));
    // Another connection that holds the write lock: every transaction of ours fails.
    blocker = new DatabaseSync(segmentFiles(directory)[0] ?? "");
    blocker.exec("BEGIN IMMEDIATE");
  });
  afterEach(async () => {
    if (blocker.isOpen) blocker.close();
    await log.close();
  });

  test("appends are rejected and the reason shows; what was committed stays; it recovers by itself", async () => {
    const results = await Promise.allSettled([log.append(tick(2)), log.append(tick(3))]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(log.fault).toContain("locked by another program");
    expect(log.position).toBe(1);

    blocker.exec("ROLLBACK");
    await vi.waitUntil(() => log.fault === undefined, { timeout: 10_000 });
    expect(await log.append(tick(4))).toBe(2);
    expect((await readAll(log)).map(({ position, receivedMs }) => [position, receivedMs])).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  test("an append that succeeds clears the fault at once", async () => {
    expect(await errorOf(() => log.append(tick(2)))).toMatchObject({ code: "log_unavailable" });
    blocker.close();
    expect(await log.append(tick(3))).toBe(2);
    expect(log.fault).toBeUndefined();
  });
});
