import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KnownFiles, knownFile } from "./known-files.ts";
import { makeDirectory, removeDirectory } from "./testing/folder.ts";

function folder(): string {
  const directory = makeDirectory();
  onTestFinished(() => removeDirectory(directory));
  return directory;
}

test("a file that is deleted, replaced, or moved away and back", () => {
  const file = join(folder(), "a");
  writeFileSync(file, "one");
  const files = new KnownFiles();
  files.remember(file);
  writeFileSync(file, "changed in place");
  expect(() => files.check()).not.toThrow();
  renameSync(file, `${file}.aside`);
  expect(() => files.check()).toThrow(/a is gone; put it back, or restart the aggregator with --salvage$/);
  writeFileSync(file, "another");
  expect(() => files.check()).toThrow(/a is another one than the aggregator has opened/);
  files.remember(file);
  expect(() => files.check()).toThrow(/another one/);
  rmSync(file);
  renameSync(`${file}.aside`, file);
  expect(() => files.check()).not.toThrow();
  rmSync(file);
  files.forget(file);
  expect(() => files.check()).not.toThrow();
});

test("a folder that is moved away, and another put in its place", () => {
  const directory = join(folder(), "data");
  mkdirSync(directory);
  const files = new KnownFiles([knownFile(directory)]);
  renameSync(directory, `${directory}.old`);
  mkdirSync(directory);
  expect(() => files.check()).toThrow(/data is another one/);
});
