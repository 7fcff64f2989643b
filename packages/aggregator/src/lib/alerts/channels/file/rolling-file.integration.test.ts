import { execFile, execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it, onTestFinished } from "vitest";
import { appendLines } from "./rolling-file.ts";

const file = (path: string) => ({ path, maxBytes: 1_048_576, keepFiles: 10 });

/** A small file system; undefined if this user may mount none. */
function smallDisk(): string | undefined {
  const folder = testFolder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder]).status !== 0) return undefined;
  onTestFinished(() => void execFileSync("umount", [folder]));
  return folder;
}

it("a disk that is full fails the line and ends nothing; it is written when there is room", async () => {
  const folder = smallDisk();
  if (folder === undefined) return expect(process.getuid?.()).not.toBe(0);
  const path = join(folder, "alerts.log");
  await appendLines(file(path), "first\n");
  const ballast = join(folder, "ballast");
  // Half a page of the file's own is left: a part of the line is written.
  writeFileSync(ballast, new Uint8Array(statfsSync(folder).bavail * statfsSync(folder).bsize));
  const line = `${"x".repeat(10_000)}\n`;
  await expect(appendLines(file(path), line)).rejects.toMatchObject({ code: "ENOSPC" });
  await expect(appendLines(file(path), line)).rejects.toMatchObject({ code: "ENOSPC" });
  rmSync(ballast);
  await appendLines(file(path), line);
  const lines = readFileSync(path, "utf8").split("\n");
  expect([lines[0], `${lines.at(-2)}\n`, lines.at(-1)]).toEqual(["first", line, ""]);
});

describe("a day", () => {
  /** Writes a line at each time, in a process of that time zone, as if it were then. */
  async function write(zone: string, folder: string, times: readonly string[]): Promise<void> {
    const script = `
      import { utimesSync } from "node:fs";
      import { appendLines } from ${JSON.stringify(join(import.meta.dirname, "rolling-file.ts"))};
      const RealDate = Date;
      const path = ${JSON.stringify(join(folder, "alerts.log"))};
      for (const time of ${JSON.stringify(times)}) {
        globalThis.Date = class extends RealDate {
          constructor(...given) { super(...(given.length === 0 ? [time] : given)); }
          static now() { return RealDate.parse(time); }
        };
        await appendLines({ path, maxBytes: 1_048_576, keepFiles: 10 }, time + "\\n");
        utimesSync(path, new RealDate(time), new RealDate(time));
      }`;
    await promisify(execFile)(
      process.execPath,
      ["--conditions=slipstream-source", "--input-type=module", "-e", script],
      {
        env: { ...process.env, TZ: zone },
      },
    );
  }

  const content = (folder: string): Record<string, readonly string[]> =>
    Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8").trim().split("\n")]),
    );

  it.each([
    // In Berlin: from 22:00 UTC of the day before to 23:00 UTC.
    [
      25,
      ["2026-10-24", "2026-10-25"],
      ["2026-10-24T21:59:00Z", "2026-10-24T22:01:00Z", "2026-10-25T22:59:00Z", "2026-10-25T23:01:00Z"],
    ],
    // From 23:00 UTC of the day before to 22:00 UTC.
    [
      23,
      ["2026-03-28", "2026-03-29"],
      ["2026-03-28T22:59:00Z", "2026-03-28T23:01:00Z", "2026-03-29T21:59:00Z", "2026-03-29T22:01:00Z"],
    ],
  ])("of %i hours is one file", async (_, [before, day], times) => {
    const folder = testFolder();
    await write("Europe/Berlin", folder, times);
    expect(content(folder)).toEqual({
      [`alerts.${before}.1.log`]: times.slice(0, 1),
      [`alerts.${day}.1.log`]: times.slice(1, 3),
      "alerts.log": times.slice(3),
    });
  });
});
