import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspectLog } from "../inspect/inspect-log.ts";
import { FRAMES_AT } from "./frames/file-header.ts";
import type { LogCore, LogCoreOptions } from "./log-core.ts";
import { logFolder } from "./open-segments.ts";
import { REACHED_FILE, readReached } from "./reached.ts";
import { readLog } from "./read-log.ts";
import { coresOfTests } from "./testing/cores.ts";
import { errorOf, readCore, request, segmentFiles, tick } from "./testing/folder.ts";

const cores = coresOfTests();

const folder = (): string => logFolder(cores.directory);
const reachedFile = (): string => join(folder(), REACHED_FILE);
const newest = (): string => segmentFiles(cores.directory).at(-1) ?? "";
const positions = (core: LogCore): number[] => readCore(core).map(({ position }) => position);
const problems = (covered = 0): readonly string[] =>
  inspectLog(cores.directory, covered, Number.POSITIVE_INFINITY).problems;

/**
 * A log as a killed process leaves it: a complete segment with position 1, and one that is written to, with groups at 2 to 3, 4 to 5 and
 * so on up to 11.
 *
 * @returns how the newest segment was after each of these groups
 */
function killed(): readonly Buffer[] {
  const core = cores.openCore({ segmentBytes: 10_000 });
  core.append([request(1, 20_000)]);
  const states: Buffer[] = [];
  for (let group = 1; group <= 5; group++) {
    core.append([request(2 * group, 300), tick(2 * group + 1)]);
    states.push(readFileSync(newest()));
  }
  core.close();
  writeFileSync(newest(), states.at(-1) ?? "");
  return states;
}

const reopened = (options: Partial<LogCoreOptions> = {}): number[] => {
  const core = cores.openCore(options);
  const found = positions(core);
  core.close();
  return found;
};
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test("it says how far the log has come, at any moment", () => {
  const core = cores.openCore({ segmentBytes: 1 });
  expect(readReached(folder())).toBe(0);
  for (let group = 1; group <= 5; group++) {
    core.append([tick(1), tick(2), tick(3)]);
    expect(readReached(folder())).toBe(3 * group);
  }
  core.close();
  cores.openCore().append([tick(1)]);
  expect(readReached(folder())).toBe(16);
  expect(statSync(reachedFile()).mode & 0o777).toBe(0o600);
});

test("what was refused was not reached", () => {
  const core = cores.openCore();
  core.append([tick(1)]);
  const file = newest();
  renameSync(file, `${file}-away`);
  expect(() => core.append([tick(2)])).toThrow("is gone");
  renameSync(`${file}-away`, file);
  expect(readReached(folder())).toBe(1);
});

describe("the newest segment after a kill, before a checkpoint", () => {
  const endOf = (group: number, states: readonly Buffer[]): number => states[group - 1]?.length ?? 0;
  const damages: readonly [what: string, damage: (states: readonly Buffer[]) => void, kept: number][] = [
    ["is cut off behind a group", (states) => truncateSync(newest(), endOf(3, states)), 7],
    ["is cut off within its last group", (states) => truncateSync(newest(), endOf(5, states) - 1), 10],
    ["is cut off within another group", (states) => truncateSync(newest(), endOf(3, states) + 30), 7],
    ["is cut off behind its header", () => truncateSync(newest(), FRAMES_AT), 1],
    ["is empty", () => truncateSync(newest()), 1],
    [
      "is as it was, and zeros where groups were",
      (states) => {
        const bytes = readFileSync(newest());
        writeFileSync(newest(), bytes.fill(0, endOf(3, states)));
      },
      7,
    ],
    [
      "has another bit in its last group",
      (states) => {
        const bytes = readFileSync(newest());
        const at = endOf(4, states) + 60;
        bytes[at] = Number(bytes[at]) ^ 1;
        writeFileSync(newest(), bytes);
      },
      9,
    ],
    ["is gone", () => rmSync(newest()), 1],
  ];

  test.each(damages)("%s: the start says so, and so do replay and doctor", async (_, damage, kept) => {
    damage(killed());
    const code = expect.stringMatching(/^log_(gap|corrupt)$/);
    expect(await errorOf(() => cores.openCore())).toMatchObject({ code });
    expect(await errorOf(() => [...readLog(cores.directory)])).toMatchObject({ code });
    expect(problems()).toHaveLength(1);
    const core = cores.openCore({ salvage: true });
    const lost = core.salvaged.reduce((sum, part) => sum + (part.lost ?? Number.NaN), 0);
    // Of a group that is cut off, what is whole is kept, and what is behind what is damaged.
    expect(lost).toBeLessThanOrEqual(11 - kept);
    expect(lost + positions(core).length).toBe(11);
    expect(positions(core).slice(0, kept)).toEqual(upTo(kept));
    // No position is given again.
    expect(core.append([tick(1)])).toBe(12);
    core.close();
    expect(problems()).toEqual([]);
    expect(reopened().at(-1)).toBe(12);
  });

  test("is as it was: nothing is wrong", () => {
    killed();
    expect(problems()).toEqual([]);
    expect(reopened()).toEqual(upTo(11));
  });

  test("and the others are gone: what no checkpoint has is missed", async () => {
    killed();
    for (const file of segmentFiles(cores.directory)) rmSync(file);
    expect(await errorOf(() => cores.openCore({ checkAfter: 8, atLeast: 8 }))).toMatchObject({
      code: "log_gap",
    });
    const core = cores.openCore({ checkAfter: 8, atLeast: 8, salvage: true });
    expect(core.salvaged).toMatchObject([{ first: 9, last: 11, kept: 0, lost: 3 }]);
    expect(core.append([tick(1)])).toBe(12);
  });

  test("and the others are gone on purpose, after a checkpoint: a log begins behind it", () => {
    killed();
    for (const file of segmentFiles(cores.directory)) rmSync(file);
    expect(cores.openCore({ checkAfter: 11, atLeast: 11 }).append([tick(1)])).toBe(12);
  });
});

describe("it is older than the log, or cannot be used: the log is read as it is", () => {
  const spoils: readonly [what: string, spoil: (file: string) => void][] = [
    ["missing", (file) => rmSync(file)],
    ["empty", (file) => truncateSync(file)],
    ["cut off", (file) => truncateSync(file, 20)],
    ["torn", (file) => writeFileSync(file, readFileSync(file).fill(0, 12))],
    ["zeros", (file) => writeFileSync(file, Buffer.alloc(36))],
    ["something else", (file) => writeFileSync(file, "no position ".repeat(100))],
    [
      "another bit",
      (file) => {
        const bytes = readFileSync(file);
        bytes[14] = Number(bytes[14]) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
    [
      "a copy",
      (file) => {
        copyFileSync(file, `${file}-copy`);
        renameSync(`${file}-copy`, file);
      },
    ],
    [
      "a folder",
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ];

  test.each(spoils)("%s", (_, spoil) => {
    const states = killed();
    spoil(reachedFile());
    writeFileSync(newest(), states[2] ?? "");
    expect(readReached(folder())).toBe(0);
    expect(problems()).toEqual([]);
    expect([...readLog(cores.directory)].map(({ position }) => position)).toEqual(upTo(7));
    const core = cores.openCore();
    expect(core.append([tick(1)])).toBe(8);
    core.close();
    expect(reopened()).toEqual(upTo(8));
  });

  test("a folder that was copied, its segments before it: it says nothing until records were written there", () => {
    const states = killed();
    const copy = join(cores.directory, "copy");
    writeFileSync(newest(), states[2] ?? "");
    cpSync(folder(), logFolder(copy), { recursive: true });
    const core = cores.openCore({ directory: copy });
    expect(positions(core)).toEqual(upTo(7));
    core.append([tick(1)]);
    expect(readReached(logFolder(copy))).toBe(8);
  });

  test("an older one, as after a power failure or a version that does not write it", () => {
    killed();
    const file = reachedFile();
    const before = readFileSync(file);
    const core = cores.openCore();
    core.append([tick(1), tick(2)]);
    core.close();
    writeFileSync(file, before);
    expect(readReached(folder())).toBe(11);
    expect(problems()).toEqual([]);
    expect(reopened()).toEqual(upTo(13));
  });
});
