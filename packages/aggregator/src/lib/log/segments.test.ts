import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LogCore, type LogCoreOptions } from "./log-core.ts";
import { openLog } from "./open-log.ts";
import { positionOf } from "./position.ts";
import { segmentName } from "./segment-name.ts";
import {
  errorOf,
  makeDirectory,
  readAll,
  readCore,
  removeDirectory,
  request,
  segmentFiles,
  tick,
} from "./testing/folder.ts";

let directory: string;
const open: LogCore[] = [];
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => {
  for (const core of open.splice(0)) core.close();
  removeDirectory(directory);
});

/** The log as its thread has it: the same without the thread. */
const openCore = (options: Partial<LogCoreOptions> = {}): LogCore => {
  const core = new LogCore({
    directory,
    atLeast: 0,
    checkAfter: 0,
    salvage: false,
    segmentBytes: 1e9,
    segmentMs: 1e9,
    ...options,
  });
  open.push(core);
  return core;
};

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
    const [first = "", second = ""] = segmentFiles(directory);
    for (const file of [first, second]) expect(existsSync(`${file}-wal`)).toBe(false);
    const database = new DatabaseSync(first, { readOnly: true });
    expect(database.prepare("SELECT count(*) AS count FROM records").get()).toEqual({ count: 2 });
    database.close();
  });

  test("dropThrough deletes whole ones, never the one that is written to, and the position goes on", () => {
    const core = filled(4);
    core.dropThrough(3);
    expect(firsts(core)).toEqual([3, 5, 7]);
    expect(positions(core)).toEqual(upTo(8, 3));
    core.dropThrough(100);
    expect(firsts(core)).toEqual([7]);
    expect(segmentFiles(directory)).toHaveLength(1);
    const again = reopen(core);
    expect(again.append([tick(1)])).toBe(9);
    expect(positions(again)).toEqual([7, 8, 9]);
  });

  test("droppedThrough tells what is no longer there", async () => {
    filled(3).close();
    const log = await openLog({ directory });
    expect(log.droppedThrough).toBe(0);
    await log.dropThrough(positionOf(4));
    expect([log.droppedThrough, log.segments().map(({ after }) => after)]).toEqual([4, [4]]);
    expect((await readAll(log)).map(({ position }) => position)).toEqual([5, 6]);
    await log.close();
    const again = await openLog({ directory });
    expect(again.droppedThrough).toBe(4);
    await again.close();
  });

  test("one that is missing is noticed, and named with the positions", async () => {
    filled(4).close();
    const [, second = ""] = segmentFiles(directory);
    renameSync(second, join(directory, "elsewhere"));
    const error = await errorOf(() => openCore());
    expect(error.code).toBe("log_gap");
    expect(error.message).toContain("positions 3 to 4");
    renameSync(join(directory, "elsewhere"), second);
    expect(positions(openCore())).toEqual(upTo(8));
  });

  test("records that are missing within one are noticed", async () => {
    filled(2).close();
    const database = new DatabaseSync(segmentFiles(directory)[0] ?? "");
    database.exec("DELETE FROM records WHERE position = 1");
    database.close();
    expect(await errorOf(() => openCore())).toMatchObject({ code: "log_corrupt" });
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
    make(join(directory, "log", segmentName(5)));
    const core = openCore();
    expect(core.position).toBe(4);
    expect(core.append([tick(1)])).toBe(5);
    expect(positions(reopen(core))).toEqual(upTo(5));
  });

  test("an empty file as the only segment", () => {
    mkdirSync(join(directory, "log"));
    writeFileSync(join(directory, "log", segmentName(1)), "");
    const core = openCore();
    expect(core.append([tick(1)])).toBe(1);
    expect(positions(reopen(core))).toEqual([1]);
  });
});

describe("atLeast", () => {
  test("a log that has not come so far goes on beyond it, in a new segment", () => {
    const core = reopen(filled(1), { atLeast: 10 });
    expect(core.position).toBe(10);
    expect(core.append([tick(1), tick(2)])).toBe(11);
    expect(firsts(core)).toEqual([1, 11]);
    expect(positions(core)).toEqual([1, 2, 11, 12]);
    // It continues the one before although positions are left out.
    expect(positions(reopen(core))).toEqual([1, 2, 11, 12]);
    expect(positions(reopen(core, { atLeast: 12 }))).toEqual([1, 2, 11, 12]);
  });

  test("an empty log begins beyond it, and says that it holds nothing before", async () => {
    const log = await openLog({ directory, atLeast: positionOf(7) });
    expect([log.position, log.droppedThrough]).toEqual([7, 7]);
    expect(await log.append(tick(1))).toBe(8);
    expect([log.position, log.droppedThrough]).toEqual([8, 7]);
    await log.close();
  });

  test("an empty segment that was made for another position is in nobody's way", () => {
    const core = reopen(filled(1), { atLeast: 10 });
    core.probe(0);
    expect(firsts(core)).toEqual([1, 11]);
    const further = reopen(core, { atLeast: 20 });
    expect(further.append([tick(1)])).toBe(21);
    expect(positions(reopen(further))).toEqual([1, 2, 21]);
  });
});

describe("a log in a single file, as an earlier Slipstream wrote it", () => {
  const layout1 = `
    CREATE TABLE records (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, received_ms REAL NOT NULL, format TEXT,
      compression TEXT, body BLOB);
    PRAGMA application_id = ${0x53_6c_69_70};
    PRAGMA user_version = 1;`;
  const write = (): void => {
    const database = new DatabaseSync(join(directory, "log.sqlite"));
    database.exec(`PRAGMA journal_mode = WAL; ${layout1}`);
    database.exec(`INSERT INTO records VALUES (1, 'tick', 5.5, NULL, NULL, NULL),
      (2, 'traces', 6.5, 'json', 'gzip', x'0102')`);
    database.close();
  };

  test("becomes the first segment, and goes on", () => {
    write();
    const core = openCore({ segmentBytes: 1 });
    expect(existsSync(join(directory, "log.sqlite"))).toBe(false);
    expect(readCore(core)).toMatchObject([
      { position: 1, kind: "tick", receivedMs: 5.5 },
      { position: 2, kind: "traces", receivedMs: 6.5, format: "json", compression: "gzip" },
    ]);
    expect(core.append([request(1)])).toBe(3);
    expect(positions(reopen(core))).toEqual([1, 2, 3]);
  });

  test("beside segments is an error that says so", async () => {
    filled(1).close();
    write();
    expect(await errorOf(() => openCore())).toMatchObject({ code: "log_ambiguous" });
    rmSync(join(directory, "log.sqlite"));
    expect(positions(openCore())).toEqual([1, 2]);
  });
});

test("a segment whose maker was killed while it wrote the first page is begun again", () => {
  filled(1).close();
  const next = join(directory, "log", segmentName(3));
  const maker = new DatabaseSync(join(directory, "unfinished"));
  maker.exec("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN");
  maker.exec("CREATE TABLE records (body); INSERT INTO records VALUES (randomblob(100000))");
  copyFileSync(join(directory, "unfinished"), next);
  copyFileSync(join(directory, "unfinished-journal"), `${next}-journal`);
  maker.close();
  const core = openCore();
  expect(positions(core)).toEqual([1, 2]);
  expect(core.append([request(7)])).toBe(3);
  expect(positions(core)).toEqual([1, 2, 3]);
});
