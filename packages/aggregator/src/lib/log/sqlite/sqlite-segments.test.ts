import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { LogCore } from "../log-core.ts";
import { readKind, readLog } from "../read-log.ts";
import { segmentName, sqliteName } from "../segment-name.ts";
import { coresOfTests } from "../testing/cores.ts";
import { errorOf, readCore, request, tick } from "../testing/folder.ts";
import { openSegment, openSegmentToRead } from "./segment-file.ts";
import { SqliteWriter } from "./testing/sqlite-writer.ts";

// Logs that earlier versions wrote.

const cores = coresOfTests();
const { open, openCore } = cores;

const positions = (core: LogCore): number[] => readCore(core).map(({ position }) => position);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const fileOf = (first: number): string => join(cores.directory, "log", sqliteName(first));

/** Segments of so many requests each, as an earlier version that was stopped left them. */
function written(segments: number, records = 2): void {
  mkdirSync(join(cores.directory, "log"), { recursive: true });
  for (let first = 1; first <= segments * records; first += records) {
    const writer = new SqliteWriter(fileOf(first), first);
    writer.append(
      first,
      Array.from({ length: records }, (_, index) => request(first + index - 1)),
    );
    writer.close();
  }
}

describe("a log of an earlier version", () => {
  test("goes on in a segment of this one, without a gap, and is read as one log", () => {
    written(2);
    const core = openCore();
    expect(core.position).toBe(4);
    expect(core.append([tick(1), request(5)])).toBe(5);
    expect(positions(core)).toEqual(upTo(6));
    core.close();
    expect(readdirSync(join(cores.directory, "log")).sort()).toEqual([
      sqliteName(1),
      sqliteName(3),
      segmentName(5),
      "00009007199254740991.sqlite",
      "reached",
    ]);
    for (const salvage of [false, true]) {
      const again = openCore({ salvage });
      expect([again.salvaged, positions(again)]).toEqual([[], upTo(6)]);
      again.close();
    }
    expect([...readLog(cores.directory)].map(({ position }) => position)).toEqual(upTo(6));
    expect([...readKind(cores.directory, "traces", 0, 1e9)]).toHaveLength(5);
    expect([...readKind(cores.directory, "tick", 0, 1e9)]).toMatchObject([{ position: 5 }]);
  });

  test("ages out, segment by segment", () => {
    written(2);
    const core = openCore({ segmentBytes: 1 });
    core.append([request(5)]);
    core.append([request(6)]);
    core.dropThrough(2);
    expect(positions(core)).toEqual([3, 4, 5, 6]);
    core.dropThrough(5);
    expect(positions(core)).toEqual([6]);
    core.close();
    expect(positions(openCore())).toEqual([6]);
    expect([...readLog(cores.directory)]).toHaveLength(1);
  });

  test("that was killed: what is in its write-ahead log is read", () => {
    written(1);
    const writer = new SqliteWriter(fileOf(1), 1);
    writer.append(3, [request(2)]);
    const copies = ["", "-wal", "-shm"].map((suffix) => [suffix, readFileSync(fileOf(1) + suffix)] as const);
    writer.close();
    for (const [suffix, bytes] of copies) writeFileSync(fileOf(1) + suffix, bytes);
    const core = openCore();
    expect(core.append([tick(9)])).toBe(4);
    core.close();
    expect(positions(openCore())).toEqual(upTo(4));
  });

  test("with an empty segment at its end, which is begun again", () => {
    written(1);
    openSegment(fileOf(3), { previous: 2, through: null, lost: 0 }).close();
    const core = openCore();
    expect(core.append([tick(1)])).toBe(3);
    expect(existsSync(fileOf(3))).toBe(false);
    core.close();
    expect(positions(openCore())).toEqual(upTo(3));
  });

  test("of a segment whose maker was killed while it wrote the first page", () => {
    written(1);
    const maker = new DatabaseSync(join(cores.directory, "unfinished"));
    maker.exec("PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN");
    maker.exec("CREATE TABLE records (body); INSERT INTO records VALUES (randomblob(100000))");
    copyFileSync(join(cores.directory, "unfinished"), fileOf(3));
    copyFileSync(join(cores.directory, "unfinished-journal"), `${fileOf(3)}-journal`);
    maker.close();
    const core = openCore();
    expect(positions(core)).toEqual([1, 2]);
    expect(core.append([request(7)])).toBe(3);
    expect(positions(core)).toEqual([1, 2, 3]);
  });
});

describe("damage to a segment of an earlier version", () => {
  test("a body that has changed, records that are missing, another database, another layout", async () => {
    const changes: readonly (readonly [string, string])[] = [
      ["UPDATE records SET received_ms = 7 WHERE position = 1", "log_corrupt"],
      ["DELETE FROM records WHERE position = 1", "log_corrupt"],
      ["PRAGMA application_id = 0", "log_corrupt"],
      ["PRAGMA user_version = 999", "log_version"],
    ];
    for (const [change, code] of changes) {
      rmSync(join(cores.directory, "log"), { recursive: true, force: true });
      written(2);
      const database = new DatabaseSync(fileOf(1));
      database.exec(change);
      database.close();
      expect(await errorOf(() => positions(openCore())), change).toMatchObject({ code });
    }
  });

  test("is salvaged: the rest is kept, the loss counted, once", () => {
    written(2, 40);
    const bytes = readFileSync(fileOf(1));
    bytes.fill(0xee, bytes.length / 2, bytes.length / 2 + 100_000);
    writeFileSync(fileOf(1), bytes);
    const core = openCore({ salvage: true });
    const [{ kept = 0, lost = 0 } = {}] = core.salvaged;
    expect([core.salvaged.length, kept + lost]).toEqual([1, 40]);
    expect(kept).toBeGreaterThan(5);
    expect(core.append([tick(1)])).toBe(81);
    core.close();
    expect(readCore(openCore())).toHaveLength(kept + 41);
  });

  test("is salvaged in the newest one too, behind which this version goes on", () => {
    written(1, 40);
    writeFileSync(fileOf(1), "x".repeat(50_000));
    const core = openCore({ salvage: true, atLeast: 40 });
    expect(core.salvaged).toMatchObject([{ first: 1, last: 40, kept: 0, lost: 40 }]);
    expect(core.append([tick(1)])).toBe(41);
    core.close();
    expect(positions(openCore())).toEqual([41]);
  });

  test("one that is missing is a gap", async () => {
    written(2);
    openCore().append([tick(1)]);
    open.pop()?.close();
    rmSync(fileOf(3));
    expect(await errorOf(() => openCore())).toMatchObject({ code: "log_gap" });
    expect(await errorOf(() => [...readLog(cores.directory)])).toMatchObject({ code: "log_gap" });
    const core = openCore({ salvage: true });
    expect(core.salvaged).toMatchObject([{ first: 3, last: 4, lost: 2 }]);
    core.close();
    expect(positions(openCore())).toEqual([1, 2, 5]);
  });
});

test("an earlier version refuses a log that has segments of this one, for it opens the file that says so", async () => {
  openCore().append([tick(1)]);
  // What each earlier version does with each file of such a name.
  expect(
    await errorOf(() => openSegmentToRead(join(cores.directory, "log", "00009007199254740991.sqlite"))),
  ).toMatchObject({
    code: "log_version",
  });
});

describe("a log in a single file, as an earlier Slipstream wrote it", () => {
  const layout1 = `
    CREATE TABLE records (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, received_ms REAL NOT NULL, format TEXT,
      compression TEXT, body BLOB);
    PRAGMA application_id = ${0x53_6c_69_70};
    PRAGMA user_version = 1;`;
  const write = (): void => {
    const database = new DatabaseSync(join(cores.directory, "log.sqlite"));
    database.exec(`PRAGMA journal_mode = WAL; ${layout1}`);
    database.exec(`INSERT INTO records VALUES (1, 'tick', 5.5, NULL, NULL, NULL),
      (2, 'traces', 6.5, 'json', 'gzip', x'0102')`);
    database.close();
  };

  test("becomes the first segment, and goes on", () => {
    write();
    const core = openCore({ segmentBytes: 1 });
    expect(existsSync(join(cores.directory, "log.sqlite"))).toBe(false);
    expect(readCore(core)).toMatchObject([
      { position: 1, kind: "tick", receivedMs: 5.5 },
      { position: 2, kind: "traces", receivedMs: 6.5, format: "json", compression: "gzip" },
    ]);
    expect(core.append([request(1)])).toBe(3);
    core.close();
    const again = openCore();
    expect(positions(again)).toEqual([1, 2, 3]);
  });

  test("beside segments is an error that says so", async () => {
    openCore().append([request(0), request(1)]);
    open.pop()?.close();
    write();
    expect(await errorOf(() => openCore())).toMatchObject({ code: "log_ambiguous" });
    rmSync(join(cores.directory, "log.sqlite"));
    expect(positions(openCore())).toEqual([1, 2]);
  });
});
