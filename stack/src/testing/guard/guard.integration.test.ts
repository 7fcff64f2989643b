import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { startProcess } from "@slipstream/testing/real-process";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../../run/identity.ts";
import { runFolder } from "../../run/run-folder.ts";

test("if the process that started a stack is killed, its guard ends the parts and deletes the folder", async () => {
  const folder = join(testFolder(), "stack");
  mkdirSync(folder);
  const main = join(import.meta.dirname, "guarded-stack.main.ts");
  const owner = startProcess(process.execPath, ["--conditions=slipstream-source", main, folder], folder);
  onTestFinished(() => owner.kill());
  await eventually("the stack runs", () => {
    if (owner.exited) throw new Error(owner.output());
    return owner.output().includes("The stack runs.");
  });
  const parts = [...runFolder(join(folder, "data")).processes().values()];
  onTestFinished(() => {
    for (const part of parts) if (isAlive(part)) process.kill(part.pid, "SIGKILL");
  });
  expect(parts.filter(isAlive)).toHaveLength(2);
  await owner.kill();
  await eventually("nothing is left", () => !parts.some(isAlive) && !existsSync(folder));
  expect(parts.filter(isAlive)).toEqual([]);
});
