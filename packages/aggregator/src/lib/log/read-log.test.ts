import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "./open-log.ts";
import { numberOf, positionOf } from "./position.ts";
import { droppedThrough, readLog } from "./read-log.ts";
import { segmentName } from "./segment-name.ts";
import {
  appendAll,
  errorOf,
  makeDirectory,
  readAll,
  removeDirectory,
  request,
  segmentFiles,
} from "./testing/folder.ts";

let directory: string;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => removeDirectory(directory));

const fill = async (groups: number, dropThrough = 0): Promise<void> => {
  const log = await openLog({ directory, segmentBytes: 1 });
  for (let index = 0; index < groups; index++) await appendAll(log, [request(index), request(index)]);
  await log.dropThrough(positionOf(dropThrough));
  await log.close();
};

const positions = (after = 0): number[] =>
  [...readLog(directory, positionOf(after))].map(({ position }) => numberOf(position));

test("reads what the log itself reads, from any position, by its directory or its folder of segments", async () => {
  await fill(3);
  const log = await openLog({ directory });
  expect([...readLog(directory)]).toEqual(await readAll(log));
  await log.close();
  expect([...readLog(join(directory, "log"))]).toHaveLength(6);
  for (let after = 0; after <= 7; after++) expect(positions(after)).toEqual([1, 2, 3, 4, 5, 6].slice(after));
});

test("begins with the oldest that is kept", async () => {
  await fill(3, 2);
  expect(droppedThrough(directory)).toBe(2);
  expect(positions()).toEqual([3, 4, 5, 6]);
});

test("a segment that has just been made is no error", async () => {
  await fill(2);
  writeFileSync(join(directory, "log", segmentName(5)), "");
  expect(positions()).toEqual([1, 2, 3, 4]);
});

test("one without a record is passed over, and its lost records are a gap", async () => {
  await fill(3);
  writeFileSync(join(directory, "log", segmentName(4)), "");
  expect(positions()).toEqual([1, 2, 3, 4, 5, 6]);
  rmSync(join(directory, "log", segmentName(4)));
  writeFileSync(segmentFiles(directory)[1] ?? "", "");
  expect(await errorOf(() => positions())).toMatchObject({ code: "log_gap" });
});

test("none, an empty one, a gap and damage are told apart", async () => {
  expect(await errorOf(() => positions())).toMatchObject({ code: "log_missing" });
  mkdirSync(join(directory, "log"));
  expect(positions()).toEqual([]);
  await fill(3);
  const [first = "", second = ""] = segmentFiles(directory);
  writeFileSync(first, "x".repeat(10_000));
  expect(await errorOf(() => positions())).toMatchObject({ code: "log_corrupt" });
  expect(positions(2)).toEqual([3, 4, 5, 6]);
  rmSync(first);
  expect(positions()).toEqual([3, 4, 5, 6]);
  await fill(2);
  rmSync(second);
  expect(positions()).toEqual([5, 6, 7, 8, 9, 10]);
  rmSync(segmentFiles(directory)[1] ?? "");
  expect(await errorOf(() => positions())).toMatchObject({ code: "log_gap" });
});
