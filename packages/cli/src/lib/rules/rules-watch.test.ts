import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it, onTestFinished } from "vitest";
import { RulesWatch } from "./rules-watch.ts";

it("reports that a file is written, replaced, linked to another one or made again, and nothing of a file that it left", async () => {
  const folder = testFolder();
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("a"), "1");
  writeFileSync(path("b"), "of another size");
  symlinkSync("a", path("rules"));
  let changes = 0;
  const watch = new RulesWatch(() => changes++, 20);
  onTestFinished(() => watch.close());
  const reported = (what: string, change: () => void): Promise<boolean> => {
    const before = changes;
    change();
    return eventually(what, () => changes > before);
  };
  // When it looks for the first time is not known: the file grows until it has seen that.
  let size = 20;
  const grows = (name: string): Promise<boolean> => {
    const before = changes;
    return eventually(`${name} grows`, () => {
      writeFileSync(path(name), "x".repeat(++size));
      return changes > before;
    });
  };
  watch.follow(path("rules"));
  await grows("a");
  await reported("a write", () => writeFileSync(path("a"), "shorter"));
  await reported("a replacement", () => {
    writeFileSync(path("new"), "another");
    renameSync(path("new"), path("a"));
  });
  await reported("a link to another file", () => {
    symlinkSync("b", path("link"));
    renameSync(path("link"), path("rules"));
  });
  await reported("a file that is made again", () => {
    rmSync(path("rules"));
    writeFileSync(path("rules"), "here again");
  });
  watch.follow(path("b"));
  const before = changes;
  writeFileSync(path("rules"), "nobody looks at this");
  await grows("b");
  expect(changes).toBe(before + 1);
});
