import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

test("a folder is made with those that lead to it, for its owner only, and one that is there stays", () => {
  const folder = join(testFolder(), "a", "b");
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("what cannot be made is an error that names it", () => {
  const file = join(testFolder(), "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow(`${file} is a file, not a folder.`);
  expect(() => makeFolder(join(file, "a"))).toThrow(file);
});

test.runIf(process.platform === "linux")("so is a folder in /proc, at once", () => {
  expect(() => makeFolder("/proc/slipstream/data")).toThrow(/^The folder \/proc\/slipstream cannot be made/);
});
