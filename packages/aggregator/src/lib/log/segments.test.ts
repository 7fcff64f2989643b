import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LogCore, LogCoreOptions } from "./log-core.ts";
import { openLog } from "./open-log.ts";
import { positionOf } from "./position.ts";
import { readLog } from "./read-log.ts";
import { segmentName } from "./segment-name.ts";
import { coresOfTests } from "./testing/cores.ts";
import { errorOf, forgetReached, readAll, readCore, request, segmentFiles, tick } from "./testing/folder.ts";

const cores = coresOfTests();
const { openCore } = cores;

const reopen = (core: LogCore, options: Partial<LogCoreOptions> = {}): LogCore => {
  core.close();
  return openCore(options);
};

const firsts = (core: LogCore): number[] => core.segments().map(({ first }) => first);
const positions = (core: LogCore, after = 0): number[] =>
  readCore(core, after).map(({ position }) => position);
const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** A log of segments with two records each. */
const filled = (segments: number): LogCore => {
  const core = openCore({ segmentBytes: 1 });
  for (let index = 0; index < segments; index++) core.append([request(2 * index), request(2 * index + 1)]);
  return core;
};

describe("segments", () => {
  test("a new one begins by size, and all of them are read as one", () => {
    const core = openCore({ segmentBytes: 300_000 });
    for (let index = 0; index < 100; index++) core.append([request(index), tick(index)]);
    expect(firsts(core).length).toBeGreaterThan(3);
    for (const { bytes } of core.segments().slice(0, -1)) expect(bytes).toBeLessThan(700_000);
    expect(positions(core)).toEqual(upTo(200));
    expect(positions(core, 77)).toEqual(upTo(200, 78));
    const again = reopen(core);
    expect(again.position).toBe(200);
    expect(positions(again)).toEqual(upTo(200));
  });

  test("a new one begins by age, in the time of the records", () => {
    const core = openCore({ segmentMs: 1_000 });
    for (const ms of [5_000, 5_999, 6_000, 6_001, 9_000]) core.append([tick(ms)]);
    expect(core.segments().map(({ first, last, fromMs, toMs }) => [first, last, fromMs, toMs])).toEqual([
      [1, 2, 5_000, 5_999],
      [3, 4, 6_000, 6_001],
      [5, 5, 9_000, 9_000],
    ]);
    expect(reopen(core).segments()).toMatchObject(
      core.segments().map(({ first, last }) => ({ first, last })),
    );
  });

  test("one that is complete is one file, which other programs can copy", () => {
    const core = filled(3);
    core.seal();
    const [first = ""] = segmentFiles(cores.directory);
    const copy = join(cores.directory, "copy");
    mkdirSync(copy);
    copyFileSync(first, join(copy, basename(first)));
    expect([...readLog(copy)].map(({ position }) => position)).toEqual([1, 2]);
  });

  test("dropThrough deletes whole ones, never the one that is written to, and the position goes on", () => {
    const core = filled(4);
    core.dropThrough(3);
    expect(firsts(core)).toEqual([3, 5, 7]);
    expect(positions(core)).toEqual(upTo(8, 3));
    core.dropThrough(100);
    expect(firsts(core)).toEqual([7]);
    expect(segmentFiles(cores.directory)).toHaveLength(1);
    const again = reopen(core);
    expect(again.append([tick(1)])).toBe(9);
    expect(positions(again)).toEqual([7, 8, 9]);
  });

  test("droppedThrough tells what is no longer there", async () => {
    filled(3).close();
    const log = await openLog({ directory: cores.directory });
    expect(log.droppedThrough).toBe(0);
    await log.dropThrough(positionOf(4));
    expect([log.droppedThrough, log.segments().map(({ after }) => after)]).toEqual([4, [4]]);
    expect((await readAll(log)).map(({ position }) => position)).toEqual([5, 6]);
    await log.close();
    const again = await openLog({ directory: cores.directory });
    expect(again.droppedThrough).toBe(4);
    await again.close();
  });

  test("one that is missing is noticed, and named with the positions", async () => {
    filled(4).close();
    const [, second = ""] = segmentFiles(cores.directory);
    renameSync(second, join(cores.directory, "elsewhere"));
    const error = await errorOf(() => openCore());
    expect(error.code).toBe("log_gap");
    expect(error.message).toContain("positions 3 to 4");
    renameSync(join(cores.directory, "elsewhere"), second);
    expect(positions(openCore())).toEqual(upTo(8));
  });
});

describe("what a crash can leave", () => {
  test.each([
    ["an empty file", (file: string) => writeFileSync(file, "")],
    [
      "a segment without a record",
      (file: string) => {
        const core = openCore({ segmentBytes: 1 });
        core.probe(0);
        core.close();
        expect(existsSync(file)).toBe(true);
      },
    ],
  ])("%s as the newest segment", (_, make) => {
    filled(2).close();
    make(join(cores.directory, "log", segmentName(5)));
    const core = openCore();
    expect(core.position).toBe(4);
    expect(core.append([tick(1)])).toBe(5);
    expect(positions(reopen(core))).toEqual(upTo(5));
  });

  test("an empty file as the only segment", () => {
    mkdirSync(join(cores.directory, "log"));
    writeFileSync(join(cores.directory, "log", segmentName(1)), "");
    const core = openCore();
    expect(core.append([tick(1)])).toBe(1);
    expect(positions(reopen(core))).toEqual([1]);
  });
});

describe("atLeast", () => {
  test("a log that has not come so far lacks its end; salvaged, it goes on beyond it, in a new segment", async () => {
    const whole = filled(1);
    expect(await errorOf(() => reopen(whole, { atLeast: 10 }))).toMatchObject({
      code: "log_gap",
      message: expect.stringContaining("ends at position 2, but it had reached 10"),
    });
    const core = openCore({ atLeast: 10, salvage: true });
    expect(core.salvaged).toMatchObject([{ first: 3, last: 10, kept: 0, lost: 8 }]);
    expect(core.position).toBe(10);
    expect(core.append([tick(1), tick(2)])).toBe(11);
    expect(firsts(core)).toEqual([1, 11]);
    expect(positions(core)).toEqual([1, 2, 11, 12]);
    // It continues the one before although positions are left out.
    expect(positions(reopen(core))).toEqual([1, 2, 11, 12]);
    expect(positions(reopen(core, { atLeast: 12 }))).toEqual([1, 2, 11, 12]);
  });

  test("the newest segment was deleted, or cut off where a record ends", async () => {
    const files = (): readonly string[] => segmentFiles(cores.directory);
    filled(2).close();
    const [, newest = ""] = files();
    const bytes = readFileSync(newest);
    for (const damage of [
      () => rmSync(newest),
      () => truncateSync(newest, 0),
      () => truncateSync(newest, 4_168),
    ]) {
      writeFileSync(newest, bytes);
      damage();
      expect(await errorOf(() => openCore({ atLeast: 4, checkAfter: 4 }))).toMatchObject({
        code: expect.stringMatching("log_gap|log_corrupt"),
      });
      const core = openCore({ atLeast: 4, checkAfter: 4, salvage: true });
      expect(core.salvaged).toMatchObject([{ first: 3, last: 4, kept: 0, lost: 2 }]);
      expect(core.append([tick(1)])).toBe(5);
      expect(positions(core)).toEqual([1, 2, 5]);
      core.close();
      for (const file of files().slice(1)) rmSync(file);
      forgetReached(cores.directory);
    }
  });

  test("an empty log begins beyond it, and says that it holds nothing before", async () => {
    const log = await openLog({ directory: cores.directory, atLeast: positionOf(7) });
    expect([log.position, log.droppedThrough]).toEqual([7, 7]);
    expect(await log.append(tick(1))).toBe(8);
    expect([log.position, log.droppedThrough]).toEqual([8, 7]);
    await log.close();
  });

  test("an empty segment that was made for another position is in nobody's way", () => {
    const core = reopen(filled(1), { atLeast: 10, salvage: true });
    core.probe(0);
    expect(firsts(core)).toEqual([1, 11]);
    const further = reopen(core, { atLeast: 20, salvage: true });
    expect(further.append([tick(1)])).toBe(21);
    expect(positions(reopen(further))).toEqual([1, 2, 21]);
  });
});
