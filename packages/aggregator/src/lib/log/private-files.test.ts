import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDataFolder } from "../data-folder.ts";
import { makePrivate } from "./private-files.ts";
import { makeDirectory, removeDirectory, tick } from "./testing/folder.ts";

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

function folder(): string {
  const directory = makeDirectory();
  onTestFinished(() => removeDirectory(directory));
  return directory;
}

test("a folder that was there before, and files that an earlier version made, are closed to others", () => {
  const directory = folder();
  mkdirSync(join(directory, "log"));
  const files = [
    "state.sqlite",
    "state.sqlite-wal",
    "aggregator.lock",
    "log/1.sqlite",
    "log/1.sqlite.damaged",
  ];
  for (const file of [...files, "notes.txt"]) writeFileSync(join(directory, file), "");
  for (const path of ["", "log", ...files, "notes.txt"]) chmodSync(join(directory, path), 0o755);
  expect(makePrivate(directory)).toBeUndefined();
  expect(["", "log"].map((path) => modeOf(join(directory, path)))).toEqual(["700", "700"]);
  expect(files.map((file) => modeOf(join(directory, file)))).toEqual(files.map(() => "600"));
  // It is not ours.
  expect(modeOf(join(directory, "notes.txt"))).toBe("755");
});

test("a folder that others use too keeps its rights, and that is reported", () => {
  const directory = folder();
  chmodSync(directory, 0o1777);
  writeFileSync(join(directory, "state.sqlite"), "", { mode: 0o644 });
  expect(makePrivate(directory)).toMatch(/is for more than Slipstream$/);
  expect(modeOf(directory)).toBe("1777");
  expect(modeOf(join(directory, "state.sqlite"))).toBe("600");
});

test("whatever the umask, new files are the owner's alone", async () => {
  const directory = folder();
  const data = await openDataFolder({ dataDir: directory, now: Date.now, watermark: () => undefined });
  await data.log.append(tick(1));
  for (const file of ["aggregator.lock", "aggregator.pid", "instance", "state.sqlite", "state.sqlite-wal"])
    expect(modeOf(join(directory, file)), file).toBe("600");
  for (const file of ["log/00000000000000000001.segment", "log/00009007199254740991.sqlite"])
    expect(modeOf(join(directory, file)), file).toBe("600");
  await data.close();
});
