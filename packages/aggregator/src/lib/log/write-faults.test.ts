import { fstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Disk, disk } from "./disk.ts";
import type { LogCore, LogCoreOptions } from "./log-core.ts";
import { readLog } from "./read-log.ts";
import { coresOfTests } from "./testing/cores.ts";
import { forgetReached, readCore, request, segmentFiles, tick } from "./testing/folder.ts";

// What the log does when the disk fails, one call at a time.

const cores = coresOfTests();
const openCore = (on: Disk = disk, options: Partial<LogCoreOptions> = {}): LogCore =>
  cores.openCore(options, on);

/** As the operating system reports it. */
function failure(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: failed, ${syscall}`), { code, syscall });
}

interface FailingDisk extends Disk {
  /** The next calls fail so, and then the disk works again. */
  fail(call: keyof Disk, code: string, times?: number): void;
}

/** It also fails if a file on which a write or sync has failed is used again. */
function failingDisk(): FailingDisk {
  const failing = new Map<keyof Disk, string[]>();
  const failed = new Set<string>();
  const attempt = (call: keyof Disk, descriptor: number | undefined): void => {
    // A number that was freed is given to the next file.
    const { ino = 0n, birthtimeNs = 0n } =
      descriptor === undefined ? {} : fstatSync(descriptor, { bigint: true });
    const file = `${ino} ${birthtimeNs}`;
    if (descriptor !== undefined && failed.has(file))
      throw new Error("a file that had failed was used again");
    const code = failing.get(call)?.shift();
    if (code === undefined) return;
    failed.add(file);
    throw failure(code, call);
  };
  return {
    fail: (call, code, times = 1) =>
      void failing.set(
        call,
        Array.from({ length: times }, () => code),
      ),
    write(descriptor, pieces, at) {
      attempt("write", descriptor);
      return disk.write(descriptor, pieces, at);
    },
    sync(descriptor) {
      attempt("sync", descriptor);
      disk.sync(descriptor);
    },
    syncFolder(folder) {
      attempt("syncFolder", undefined);
      disk.syncFolder(folder);
    },
  };
}

const numbers = (core: LogCore): number[][] =>
  readCore(core).map(({ position, receivedMs }) => [position, receivedMs]);

describe.each([
  ["write", "EIO"],
  ["write", "ENOSPC"],
  ["sync", "EIO"],
] as const)("a %s that fails with %s", (call, code) => {
  test("is tried on no file twice: the next record begins a segment, and what was refused is not in the log", () => {
    const failing = failingDisk();
    const core = openCore(failing);
    core.append([tick(1), tick(2)]);
    failing.fail(call, code);
    expect(() => core.append([tick(3), tick(4)])).toThrow(code);
    expect([core.position, numbers(core)]).toEqual([
      2,
      [
        [1, 1],
        [2, 2],
      ],
    ]);
    expect(core.append([tick(5)])).toBe(3);
    expect(core.append([tick(6)])).toBe(4);
    const wanted = [
      [1, 1],
      [2, 2],
      [3, 5],
      [4, 6],
    ];
    expect(numbers(core)).toEqual(wanted);
    expect(core.segments().map(({ first, last }) => [first, last])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...readLog(cores.directory)].map(({ receivedMs }) => receivedMs)).toEqual([1, 2, 5, 6]);
    core.close();
    expect(numbers(openCore())).toEqual(wanted);
  });

  test("in the first group of a segment: it is begun again, however often", () => {
    const failing = failingDisk();
    const core = openCore(failing);
    for (let round = 0; round < 3; round++) {
      core.probe(0);
      failing.fail(call, code);
      expect(() => core.append([tick(1)])).toThrow(code);
    }
    expect(core.append([tick(2)])).toBe(1);
    expect(segmentFiles(cores.directory)).toHaveLength(1);
    core.close();
    expect(numbers(openCore())).toEqual([[1, 2]]);
  });

  test("while a segment is made: the next record tries again", () => {
    const failing = failingDisk();
    const core = openCore(failing, { segmentBytes: 1 });
    core.append([tick(1)]);
    failing.fail(call, code, 2);
    expect(() => core.append([tick(2)])).toThrow(code);
    expect(() => core.probe(0)).toThrow(code);
    expect(numbers(core)).toEqual([[1, 1]]);
    expect(core.append([tick(3)])).toBe(2);
    core.close();
    expect(numbers(openCore())).toEqual([
      [1, 1],
      [2, 3],
    ]);
  });
});

test("a folder that cannot be synced takes no segment", () => {
  const failing = failingDisk();
  const core = openCore(failing, { segmentBytes: 1 });
  core.append([tick(1)]);
  failing.fail("syncFolder", "EIO");
  expect(() => core.append([tick(2)])).toThrow("EIO");
  expect(core.append([tick(3)])).toBe(2);
  core.close();
  expect(numbers(openCore())).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test("a group of which the disk kept all, although its sync failed, is not in the log after a crash either", () => {
  const failing = failingDisk();
  const core = openCore(failing);
  core.append([tick(1)]);
  const [file = ""] = segmentFiles(cores.directory);
  let whole = Buffer.alloc(0);
  failing.sync = (descriptor) => {
    whole = readFileSync(file);
    failing.sync = disk.sync;
    throw failure("EIO", `fdatasync ${descriptor}`);
  };
  expect(() => core.append([tick(2), request(3)])).toThrow("EIO");
  expect(core.append([tick(4)])).toBe(2);
  // As if the truncation had never reached the disk, and the process had been killed.
  writeFileSync(file, whole);
  const wanted = [
    [1, 1],
    [2, 4],
  ];
  expect([...readLog(cores.directory)].map(({ receivedMs }) => receivedMs)).toEqual([1, 4]);
  core.close();
  writeFileSync(file, whole);
  const again = openCore();
  expect(numbers(again)).toEqual(wanted);
  again.close();
  expect(numbers(openCore(disk, { salvage: true }))).toEqual(wanted);
});

test("a group whose sync failed just before the process was killed: it is written again before anything is put behind it", () => {
  const core = openCore();
  core.append([tick(1)]);
  core.append([tick(2), tick(3)]);
  const [file = ""] = segmentFiles(cores.directory);
  const bytes = readFileSync(file);
  core.close();
  writeFileSync(file, bytes);
  const written: number[] = [];
  const watching: Disk = {
    ...disk,
    write(descriptor, pieces, at) {
      written.push(at);
      return disk.write(descriptor, pieces, at);
    },
  };
  const again = openCore(watching);
  expect(again.append([tick(4)])).toBe(4);
  const frameBytes = 44;
  expect(written.slice(-2)).toEqual([bytes.length - 2 * frameBytes, bytes.length]);
  expect(numbers(again)).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
});

test("a disk that writes less than it is asked to gets the rest, byte by byte if need be", () => {
  const slow: Disk = {
    ...disk,
    write: (descriptor, pieces, at) => {
      const [piece = new Uint8Array(0)] = pieces;
      return disk.write(descriptor, [piece.subarray(0, 997)], at);
    },
  };
  const core = openCore(slow);
  core.append([request(1, 10_000), tick(2), request(3, 100_000)]);
  core.append(Array.from({ length: 3_000 }, (_, index) => request(index, 10)));
  core.close();
  const again = openCore();
  expect(again.position).toBe(3_003);
  expect(readCore(again).map(({ body }) => body.length)).toEqual([
    10_000,
    0,
    100_000,
    ...Array(3_000).fill(10),
  ]);
});

test("a disk that takes nothing, and says nothing, is an error and no endless loop", () => {
  const core = openCore({ ...disk, write: () => 0 });
  expect(() => core.append([tick(1)])).toThrow("took nothing");
});

describe("what a killed process leaves", () => {
  /** A segment that was not completed, with some bytes of it gone or changed. */
  const left = (change: (bytes: Buffer) => Buffer): void => {
    const core = openCore();
    for (let number = 0; number < 5; number++) core.append([tick(number), request(number, 1_000)]);
    const [file = ""] = segmentFiles(cores.directory);
    const bytes = change(readFileSync(file));
    core.close();
    writeFileSync(file, bytes);
    // It was killed before it could say that the last group was on the disk.
    forgetReached(cores.directory);
  };

  test("half a group: what is whole of it is kept, the rest removed, and the log goes on behind", () => {
    left((bytes) => bytes.subarray(0, bytes.length - 500));
    const core = openCore();
    expect(core.position).toBe(9);
    expect(core.append([tick(77)])).toBe(10);
    expect(core.append([tick(78)])).toBe(11);
    core.close();
    expect(numbers(openCore()).slice(-2)).toEqual([
      [10, 77],
      [11, 78],
    ]);
  });

  test("half a group that was acknowledged is damage, and so is anything in the groups before", () => {
    left((bytes) => bytes.subarray(0, bytes.length - 500));
    expect(() => openCore(disk, { atLeast: 10 })).toThrow("damaged");
    const core = openCore(disk, { atLeast: 10, salvage: true });
    expect(core.salvaged).toHaveLength(1);
    expect(core.append([tick(1)])).toBe(11);
    core.close();
    rmSync(cores.directory, { recursive: true });
    left((bytes) => {
      bytes[bytes.length - 3_000] = 99;
      return bytes;
    });
    expect(() => openCore()).toThrow("damaged");
    expect(() => [...readLog(cores.directory)]).toThrow("damaged");
    const salvaged = openCore(disk, { salvage: true });
    expect(salvaged.salvaged).toMatchObject([{ first: 1, last: 10, kept: 9, lost: 1 }]);
    expect(salvaged.append([tick(1)])).toBe(11);
    expect(readCore(salvaged)).toHaveLength(10);
    salvaged.close();
    expect(readCore(openCore())).toHaveLength(10);
  });

  test("a log that is read meanwhile ends with the last group that is whole", () => {
    left((bytes) => bytes.subarray(0, bytes.length - 500));
    expect([...readLog(cores.directory)]).toHaveLength(9);
  });
});
