import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Log } from "./log.ts";
import { openLog } from "./open-log.ts";
import type { Position } from "./position.ts";
import {
  canMount,
  errorOf,
  makeDirectory,
  mountDisk,
  readAll,
  removeDirectory,
  request,
  tick,
} from "./testing/folder.ts";

let directory: string;
let log: Log | undefined;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(async () => {
  await log?.close();
  log = undefined;
  vi.restoreAllMocks();
  removeDirectory(directory);
});

/** Appends one after another until one is refused; the positions that were acknowledged, and why the last one was not. */
const appendUntilRefused = async (
  to: Log,
  bytes: number,
): Promise<{ acknowledged: Position[]; reason: string }> => {
  const acknowledged: Position[] = [];
  for (let number = 0; ; number++) {
    try {
      acknowledged.push(await to.append(request(number, bytes)));
    } catch (error) {
      return { acknowledged, reason: String(error) };
    }
  }
};

describe.skipIf(!canMount())("on a disk of 16 MiB", () => {
  beforeEach(() => {
    mountDisk(directory, "16m");
  });
  afterEach(async () => {
    await log?.close();
    log = undefined;
    execFileSync("umount", [directory]);
  });

  test("that is full: appends are refused in words, nothing acknowledged is lost, and room is noticed by itself", async () => {
    const ballast = join(directory, "ballast");
    writeFileSync(ballast, new Uint8Array(9 * 2 ** 20));
    log = await openLog({ directory, segmentBytes: 2 ** 20, probeIntervalMs: 20 });
    const { acknowledged, reason } = await appendUntilRefused(log, 100_000);
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(reason).toContain("disk full");
    expect(log.fault).toContain("disk full");
    const kept = async (): Promise<Position[]> => (await readAll(log as Log)).map(({ position }) => position);
    expect(await kept()).toEqual(acknowledged);

    rmSync(ballast);
    await eventually("the log takes records again", () => log?.fault === undefined);
    const next = acknowledged.length + 1;
    expect(await log.append(request(1, 100_000))).toBe(next);
    await log.close();
    log = await openLog({ directory });
    expect(await kept()).toEqual([...acknowledged, next]);
  });

  test("that is full for a while: the fault is reported once, and its end once", async () => {
    const ballast = join(directory, "ballast");
    writeFileSync(ballast, new Uint8Array(12 * 2 ** 20));
    const faults: (string | undefined)[] = [];
    const probeIntervalMs = 20;
    log = await openLog({ directory, probeIntervalMs, onFault: (reason) => faults.push(reason) });
    await appendUntilRefused(log, 100_000);
    // As the clock's ticks do, with probes between them.
    for (let number = 0; number < 5; number++) {
      const from = performance.now();
      await eventually("a probe's time has passed", () => performance.now() - from > 2 * probeIntervalMs);
      expect(await errorOf(() => log?.append(request(number, 100_000)))).toMatchObject({
        code: "log_unavailable",
      });
    }
    rmSync(ballast);
    await eventually("the log takes records again", () => log?.fault === undefined);
    expect(faults).toEqual(["The log cannot be written: disk full (ENOSPC).", undefined]);
  });

  test("that is full once more when it is opened again: what is there is read", async () => {
    log = await openLog({ directory, segmentBytes: 2 ** 20 });
    const { acknowledged } = await appendUntilRefused(log, 300_000);
    await log.close();
    log = await openLog({ directory });
    expect(await readAll(log)).toHaveLength(acknowledged.length);
    await log.close();
  });

  test("that becomes read-only, and writable again", async () => {
    log = await openLog({ directory, probeIntervalMs: 20, segmentBytes: 1 });
    await log.append(tick(1));
    // A process cannot make its own open files read-only; a folder in which the next segment cannot be made, it can.
    const folder = join(directory, "log");
    execFileSync("mount", ["--bind", folder, folder]);
    try {
      execFileSync("mount", ["-o", "remount,bind,ro", folder]);
      expect(await errorOf(() => log?.append(tick(2)))).toMatchObject({ code: "log_unavailable" });
      expect(log.fault).toMatch(/cannot be (opened|written)|read-only/);
    } finally {
      execFileSync("mount", ["-o", "remount,bind,rw", folder]);
      await eventually("the log takes records again", () => log?.fault === undefined);
      expect(await log.append(tick(3))).toBe(2);
      await log.close();
      log = undefined;
      execFileSync("umount", [folder]);
    }
  });
});
