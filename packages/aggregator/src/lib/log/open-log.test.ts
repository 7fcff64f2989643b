import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockDirectory } from "./directory-lock.ts";
import { encodeHeader, FRAMES_AT, newHeader } from "./frames/file-header.ts";
import type { Log } from "./log.ts";
import { openLog } from "./open-log.ts";
import { positionOf } from "./position.ts";
import { segmentName } from "./segment-name.ts";
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
  test("something else", async () => {
    const file = await filled(1);
    writeFileSync(file, "not a segment, but as long as its header could be ".repeat(50));
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "log_corrupt", field: "data" });
    expect(error.message).toContain(file);
    expect(error.message).toContain("--salvage");
    writeFileSync(file, "not a segment, and longer than its header would be ".repeat(100));
    expect(await errorOf(() => openLog({ directory }))).toMatchObject({ code: "log_corrupt" });
  });

  test.each([0.99, 0.5, 0.01])("one that was complete and is cut off, at %f of it", async (share) => {
    const file = await filled(50);
    truncateSync(file, Math.floor(statSync(file).size * share));
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
    const file = await filled(5);
    const bytes = readFileSync(file);
    bytes[25_000] = 99;
    writeFileSync(file, bytes);
    expect(await errorOf(() => openLog({ directory }))).toMatchObject({ code: "log_corrupt" });
    const log = await openLog({ directory, checkAfter: positionOf(5) });
    const error = await errorOf(() => readAll(log));
    expect(error).toMatchObject({ code: "log_corrupt" });
    expect(error.message).toContain("follows on position 2 ");
    await log.close();
  });

  test("a newer layout", async () => {
    const file = await filled(1);
    const header = { ...newHeader(1, { previous: 0, through: null, lost: 0 }), layout: 999 };
    writeFileSync(file, Buffer.concat([encodeHeader(header), readFileSync(file).subarray(FRAMES_AT)]));
    const error = await errorOf(() => openLog({ directory }));
    expect(error).toMatchObject({ code: "log_version" });
    expect(error.message).toMatch(/layout 999.*Update Slipstream/s);
    expect(await errorOf(() => openLog({ directory, salvage: true }))).toMatchObject({ code: "log_version" });
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

describe("while no segment can be made", () => {
  let log: Log;
  const blocked = (): string => join(directory, "log", segmentName(2));
  beforeEach(async () => {
    log = await openLog({ directory, probeIntervalMs: 20, segmentBytes: 1 });
    await log.append(tick(1));
    mkdirSync(blocked());
  });
  afterEach(() => log.close());

  test("appends are rejected and the reason shows; what was committed stays; it recovers by itself", async () => {
    const results = await Promise.allSettled([log.append(tick(2)), log.append(tick(3))]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(log.fault).toContain("cannot be written");
    expect(log.position).toBe(1);

    rmSync(blocked(), { recursive: true });
    await vi.waitUntil(() => log.fault === undefined, { timeout: 10_000 });
    expect(await log.append(tick(4))).toBe(2);
    expect((await readAll(log)).map(({ position, receivedMs }) => [position, receivedMs])).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  test("an append that succeeds clears the fault at once", async () => {
    expect(await errorOf(() => log.append(tick(2)))).toMatchObject({ code: "log_unavailable" });
    rmSync(blocked(), { recursive: true });
    expect(await log.append(tick(3))).toBe(2);
    expect(log.fault).toBeUndefined();
  });
});
