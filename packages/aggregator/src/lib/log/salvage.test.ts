import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogCore } from "./log-core.ts";
import { openLog } from "./open-log.ts";
import type { Salvaged } from "./salvage.ts";
import { segmentName } from "./segment-name.ts";
import { coresOfTests } from "./testing/cores.ts";
import {
  errorOf,
  forgetReached,
  readCore,
  removeDirectory,
  request,
  segmentFiles,
  tick,
} from "./testing/folder.ts";

const RECORDS = 40;

const cores = coresOfTests({ segmentBytes: 1 });
const { openCore } = cores;

/** Segments of so many requests each; their files. */
const filled = (segments: number, bytes?: number): string[] => {
  const core = openCore();
  for (let from = 0; from < segments * RECORDS; from += RECORDS) {
    core.append(Array.from({ length: RECORDS }, (_, index) => request(from + index, bytes)));
  }
  core.close();
  return segmentFiles(cores.directory);
};

/** Overwrites a part of a file, from a share of its length on. */
const scratch = (file: string, share: number, bytes: number): void => {
  const content = readFileSync(file);
  const from = Math.floor(content.length * share);
  content.fill(0xee, from, Math.min(content.length, from + bytes));
  writeFileSync(file, content);
};

/** What is read is what was written at that position, and nothing is missing but what the report says. */
const expectKept = (core: LogCore, first: number, last: number, lost: number): void => {
  const records = readCore(core, first - 1).filter(({ position }) => position <= last);
  expect(records.length).toBe(last - first + 1 - lost);
  for (const record of records) {
    const wanted = request(record.position - 1, "body" in record ? record.body.length : 0);
    expect(record).toMatchObject({ receivedMs: wanted.receivedMs });
    if (record.kind === "traces" && wanted.kind === "traces")
      expect([...record.body.subarray(0, 3)]).toEqual([...wanted.body.subarray(0, 3)]);
  }
};

test("pages damaged in the middle: the rest is kept, the file moved aside, the loss counted, once", async () => {
  const [, second = ""] = filled(3);
  scratch(second, 0.5, 100_000);
  const damaged = readFileSync(second);
  expect(await errorOf(() => openCore())).toMatchObject({ code: "log_corrupt" });

  const core = openCore({ salvage: true });
  expect(core.salvaged).toHaveLength(1);
  const [{ kept, lost, first, last, movedTo = "", reason }] = core.salvaged as [Salvaged];
  expect([first, last, kept + (lost ?? 0)]).toEqual([41, 80, RECORDS]);
  expect(kept).toBeGreaterThan(5);
  expect(lost).toBeGreaterThan(0);
  expect(reason).toContain(second);
  expect(readFileSync(movedTo).equals(damaged)).toBe(true);
  expectKept(core, 1, 120, lost ?? 0);
  expect(core.append([tick(1)])).toBe(121);
  core.close();

  const again = openCore();
  expect([again.salvaged, again.position]).toEqual([[], 121]);
  expectKept(again, 1, 120, lost ?? 0);
});

test("wherever it is damaged: it opens again, no position is given twice, what is read is what was written", () => {
  const size = 400_000;
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: size }),
      (share, bytes) => {
        removeDirectory(cores.directory);
        const files = filled(2);
        scratch(files[0] ?? "", share, bytes);
        const core = openCore({ salvage: true });
        const lost = core.salvaged.reduce((sum, salvaged) => sum + (salvaged.lost ?? 0), 0);
        expectKept(core, 1, 2 * RECORDS, lost);
        expect(core.append([tick(1)])).toBe(2 * RECORDS + 1);
        core.close();
        const again = openCore();
        expectKept(again, 1, 2 * RECORDS, lost);
        again.close();
      },
    ),
    { numRuns: 8 },
  );
});

test("files under each other's names are moved aside, and their records are counted as lost", async () => {
  const [, second = "", third = ""] = filled(4);
  renameSync(second, `${second}.other`);
  renameSync(third, second);
  renameSync(`${second}.other`, third);
  expect(await errorOf(() => openCore())).toMatchObject({ code: "log_corrupt" });
  const core = openCore({ salvage: true });
  expect(core.salvaged).toMatchObject([
    { first: RECORDS + 1, last: 2 * RECORDS, kept: 0, lost: RECORDS },
    { first: 2 * RECORDS + 1, last: 3 * RECORDS, kept: 0, lost: RECORDS },
  ]);
  core.close();
  expect(readCore(openCore())).toHaveLength(2 * RECORDS);
});

test("a copy of a segment under another name: nothing is lost", () => {
  const [, second = ""] = filled(3);
  copyFileSync(second, join(cores.directory, "log", segmentName(RECORDS + 7)));
  const core = openCore({ salvage: true });
  expect(core.salvaged).toMatchObject([{ first: RECORDS + 7, kept: 0, lost: 0 }]);
  core.close();
  expect(readCore(openCore())).toHaveLength(3 * RECORDS);
});

test("a newest segment under a later name: its records stay in the file that is moved aside", () => {
  const [, second = ""] = filled(2);
  renameSync(second, join(cores.directory, "log", segmentName(999)));
  forgetReached(cores.directory);
  const core = openCore({ salvage: true });
  expect(core.salvaged).toMatchObject([{ first: 999, last: undefined, kept: 0, lost: undefined }]);
  expect(core.append([tick(1)])).toBe(RECORDS + 1);
});

describe("the newest segment", () => {
  test("torn off at its end: what is before is kept, and positions go on beyond the checkpoint", () => {
    const [file = ""] = filled(1, 30_000);
    truncateSync(file, readFileSync(file).length / 2);
    const core = openCore({ salvage: true, atLeast: RECORDS });
    const [{ kept = 0 } = {}] = core.salvaged;
    expect(kept).toBeGreaterThan(5);
    expect(kept).toBeLessThan(RECORDS);
    expect(core.append([tick(1)])).toBe(RECORDS + 1);
    core.close();
    expect(readCore(openCore()).length).toBe(kept + 1);
  });

  test("nothing of it can be read: it is put aside, and what was lost is known if the log says how far it had come", () => {
    const [, second = ""] = filled(2);
    writeFileSync(second, "x".repeat(50_000));
    const core = openCore({ salvage: true });
    expect(core.salvaged).toMatchObject([{ first: RECORDS + 1, last: 2 * RECORDS, kept: 0, lost: RECORDS }]);
    expect(core.append([tick(1)])).toBe(2 * RECORDS + 1);
    core.close();
    expect(readCore(openCore())).toHaveLength(RECORDS + 1);
  });

  test("nothing of it can be read, and the log does not say how far it had come", () => {
    const [, second = ""] = filled(2);
    writeFileSync(second, "x".repeat(50_000));
    forgetReached(cores.directory);
    const core = openCore({ salvage: true });
    expect(core.salvaged).toMatchObject([{ first: RECORDS + 1, last: undefined, kept: 0, lost: undefined }]);
    expect(core.append([tick(1)])).toBe(RECORDS + 1);
    core.close();
    expect(readCore(openCore())).toHaveLength(RECORDS + 1);
  });

  test("a salvaged one that is written to goes on as any other", () => {
    const [file = ""] = filled(1);
    const bytes = readFileSync(file);
    bytes[25_000] = 99;
    writeFileSync(file, bytes);
    const core = openCore({ salvage: true, segmentBytes: 1e9 });
    expect(core.salvaged).toMatchObject([{ kept: RECORDS - 1, lost: 1, last: RECORDS }]);
    expect(core.append([tick(1)])).toBe(RECORDS + 1);
    core.close();
    const again = openCore({ segmentBytes: 1e9 });
    expect(again.append([tick(2)])).toBe(RECORDS + 2);
    expect(readCore(again)).toHaveLength(RECORDS + 1);
  });
});

test("a segment that is missing: what was lost is counted, and the log goes on without, once", async () => {
  const [, second = ""] = filled(3);
  rmSync(second);
  expect(await errorOf(() => openCore())).toMatchObject({ code: "log_gap" });
  const core = openCore({ salvage: true });
  expect(core.salvaged).toMatchObject([{ movedTo: undefined, first: 41, last: 80, kept: 0, lost: RECORDS }]);
  core.close();
  expect(readCore(openCore())).toHaveLength(2 * RECORDS);
});

test("a crash between its two moves leaves nothing undone", () => {
  const [, second = ""] = filled(3);
  scratch(second, 0.5, 100_000);
  const core = openCore({ salvage: true });
  const wanted = readCore(core).length;
  core.close();
  // As if the damaged file had been moved, and the new one not yet.
  renameSync(second, `${second}.salvaged`);
  const again = openCore();
  expect(readCore(again)).toHaveLength(wanted);
  again.close();
  // As if it had not been moved either.
  writeFileSync(`${second}.salvaged`, "half of it");
  expect(readCore(openCore())).toHaveLength(wanted);
  expect(existsSync(`${second}.salvaged`)).toBe(false);
});

test("a sound log stays as it is", () => {
  const files = filled(2);
  const before = files.map((file) => readFileSync(file));
  const core = openCore({ salvage: true, segmentBytes: 1e9 });
  expect(core.salvaged).toEqual([]);
  core.close();
  expect(segmentFiles(cores.directory).map((file) => readFileSync(file))).toEqual(before);
});

test("a damaged log in a single file, as an earlier Slipstream wrote it", () => {
  writeFileSync(join(cores.directory, "log.sqlite"), "x".repeat(50_000));
  const core = openCore({ salvage: true });
  expect(core.salvaged).toMatchObject([{ kept: 0, lost: undefined }]);
  expect(core.append([tick(1)])).toBe(1);
});

test("openLog tells of what it salvaged", async () => {
  const [first = ""] = filled(2);
  scratch(first, 0.5, 50_000);
  const told: Salvaged[] = [];
  const log = await openLog({
    directory: cores.directory,
    salvage: true,
    onSalvaged: (salvaged) => told.push(salvaged),
  });
  await log.close();
  expect(told).toMatchObject([{ first: 1, last: RECORDS }]);
});
