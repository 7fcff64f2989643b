import { createServer } from "node:http";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { listening } from "@slipstream/testing/listening";
import { expect, onTestFinished, test } from "vitest";
import { status } from "./commands/status.ts";
import { endOf } from "./log-file.ts";
import type { Part } from "./parts/part.ts";
import type { Progress } from "./progress.ts";
import { endLeftovers } from "./run/leftovers.ts";
import { runFolder } from "./run/run-folder.ts";
import { startStack } from "./run/stack.ts";
import { smallPart } from "./testing/small-part.ts";

const repository = import.meta.dirname;

function said(): Progress & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, line: (text) => void lines.push(text), during: (_, work) => work };
}

function options(
  parts: readonly Part[],
  data: string,
  progress: Progress = said(),
): Parameters<typeof startStack>[0] {
  return { repository, data, all: parts, parts, ports: { free: true, named: {} }, progress };
}

test("a part that does not end by itself is killed", async () => {
  const data = testFolder();
  const progress = said();
  const stubborn = smallPart("stubborn", { onTerm: "console.log('no')", stopMs: 200 });
  const stack = await startStack(options([stubborn], data, progress));
  const { pid = 0 } = stack.part("stubborn");
  await stack.stop();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  expect(progress.lines.join("\n")).toContain("stubborn has not ended after 0.2 s and is killed.");
});

test("a second stop kills at once", async () => {
  const stubborn = smallPart("stubborn", { onTerm: "console.log('no')", stopMs: 60_000 });
  const stack = await startStack(options([stubborn], testFolder()));
  const { pid = 0 } = stack.part("stubborn");
  const stopping = stack.stop();
  await stack.stop(true);
  await stopping;
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("killing ends a start too, whose parts do not end by themselves", async () => {
  const data = testFolder();
  const stubborn = smallPart("stubborn", { onTerm: "console.log('no')", stopMs: 60_000 });
  const [stopped, killed] = [new AbortController(), new AbortController()];
  const never: Part = { ...stubborn, isHealthy: () => Promise.resolve(false) };
  const starting = startStack({ ...options([never], data), signal: stopped.signal, kill: killed.signal });
  starting.catch(() => {});
  const serves = (): boolean => endOf(runFolder(data).log("stubborn"), 1).includes("I am stubborn");
  await eventually("it runs", serves);
  const pid = runFolder(data).processes().get("stubborn")?.pid ?? 0;
  stopped.abort(new Error("Stopped."));
  killed.abort();
  await expect(starting).rejects.toThrow("Stopped.");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("if a part ends while it starts, the error has the end of its log, and the others are ended", async () => {
  const data = testFolder();
  const broken: Part = {
    ...smallPart("broken", { after: ["good"] }),
    command: () => ({
      program: process.execPath,
      args: ["-e", "console.log('no such table'); process.exit(3)"],
    }),
  };
  const error = await startStack(options([smallPart("good"), broken], data)).catch(String);
  expect(error).toMatch(/broken ended \(exit code 3\)\. The end of .*\n.*\n +no such table/);
  expect(runFolder(data).processes().size).toBe(0);
});

test("a program that is not there is an error", async () => {
  const missing: Part = {
    ...smallPart("missing"),
    command: () => ({ program: "/no/such/program", args: [] }),
  };
  await expect(startStack(options([missing], testFolder()))).rejects.toThrow("ENOENT");
});

test("if a part cannot be prepared, those that start beside it are ended", async () => {
  const data = testFolder();
  const unprepared: Part = {
    ...smallPart("unprepared"),
    prepare() {
      throw new Error("no space left");
    },
  };
  const parts = [smallPart("good"), unprepared];
  onTestFinished(async () => {
    await endLeftovers(runFolder(data), parts);
  });
  await expect(startStack(options(parts, data))).rejects.toThrow("no space left");
  await eventually("no child is left", () => !process.getActiveResourcesInfo().includes("ProcessWrap"));
  expect(runFolder(data).processes().size).toBe(0);
});

test("a port in use is an error before anything starts", async () => {
  const data = testFolder();
  const port = await listening(createServer());
  const wishes = { free: true, named: { good: port } };
  const error = await startStack({ ...options([smallPart("good")], data), ports: wishes }).catch(String);
  expect(error).toContain(`Port ${port}, which good needs, is in use`);
  expect(runFolder(data).processes().size).toBe(0);
});

test("a part that ends again and again is given up, and the rest goes on", async () => {
  const progress = said();
  const parts = [smallPart("good"), smallPart("bad", { serving: "setTimeout(() => process.exit(1), 300)" })];
  const stack = await startStack(options(parts, testFolder(), progress));
  await eventually("it is given up", () => progress.lines.some((line) => line.includes("not started again")));
  expect(stack.part("bad").pid).toBeUndefined();
  expect(stack.part("good").pid).toBeDefined();
  await stack.stop();
  expect(stack.part("good").pid).toBeUndefined();
});

test("while the stack starts, status says what serves, what does not serve yet, and what does not run yet", async () => {
  const data = testFolder();
  const never: Part = { ...smallPart("never", { after: ["good"] }), isHealthy: () => Promise.resolve(false) };
  const parts = [smallPart("good"), never, smallPart("last", { after: ["never"] })];
  const stopped = new AbortController();
  const starting = startStack({ ...options(parts, data), signal: stopped.signal });
  starting.catch(() => {});
  await eventually("it starts", () => runFolder(data).processes().has("never"));
  const progress = said();
  expect(await status(data, { all: parts, repository, cache: data, progress })).toBe(1);
  const words = progress.lines.flatMap((line) => /^ {2}(?:good|never|last) +\S+(?: \S+)*/.exec(line) ?? []);
  expect(words).toEqual([
    "  good          serves",
    "  never         does not serve",
    "  last          does not run",
  ]);
  stopped.abort(new Error("Stopped."));
  await expect(starting).rejects.toThrow("Stopped.");
});

test("a start that is given up leaves nothing", async () => {
  const data = testFolder();
  const never: Part = { ...smallPart("never"), isHealthy: () => Promise.resolve(false) };
  const stopped = new AbortController();
  const starting = startStack({ ...options([never], data), signal: stopped.signal });
  starting.catch(() => {});
  const pid = await eventually("it runs", () => runFolder(data).processes().get("never")?.pid);
  stopped.abort(new Error("Stopped."));
  await expect(starting).rejects.toThrow("Stopped.");
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
