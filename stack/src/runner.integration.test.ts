import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { type RealProcess, startProcess } from "@slipstream/testing/real-process";
import { expect, onTestFinished, test } from "vitest";
import { isPortFree } from "./free-port.ts";
import { isAlive, type ProcessIdentity } from "./run/identity.ts";
import { type RunState, runFolder } from "./run/run-folder.ts";

const main = join(import.meta.dirname, "testing", "small-stack.main.ts");

/** The runner with three small parts: `last` needs `middle`, which needs `first`. */
function runner(data: string, ...args: readonly string[]): RealProcess {
  const flags = ["--conditions=slipstream-source", main];
  const started = startProcess(
    process.execPath,
    [...flags, "--data", data, "--ports", "free", ...args],
    data,
  );
  onTestFinished(() => started.kill());
  return started;
}

async function running(data: string): Promise<RealProcess> {
  const started = runner(data);
  onTestFinished(() => nothingLeft(data));
  await eventually("the stack runs", () => {
    if (started.exited) throw new Error(started.output());
    return started.output().includes("The stack runs");
  });
  return started;
}

async function ended(process: RealProcess): Promise<string> {
  await eventually("it ends", () => process.exited);
  return process.output();
}

function state(data: string): RunState {
  const found = runFolder(data).readState();
  if (found === undefined) throw new Error("no state");
  return found;
}

const order = (data: string): readonly string[] =>
  readFileSync(join(data, "order.log"), "utf8").trim().split("\n");

/** Kills by their ids what a failing test would leave. */
function nothingLeft(data: string): void {
  for (const identity of runFolder(data).processes().values())
    if (isAlive(identity)) process.kill(identity.pid, "SIGKILL");
}

async function expectNothingLeft(data: string, processes: readonly ProcessIdentity[]): Promise<void> {
  expect(runFolder(data).processes().size).toBe(0);
  expect(processes.filter(isAlive)).toEqual([]);
  for (const port of Object.values(state(data).setting.ports)) expect(await isPortFree(port)).toBe(true);
}

const processesOf = (data: string): readonly ProcessIdentity[] => [...runFolder(data).processes().values()];

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "parts start in their order, and %s ends them in the reverse one and leaves nothing",
  async (signal) => {
    const data = testFolder();
    const started = await running(data);
    const processes = processesOf(data);
    expect(processes).toHaveLength(3);
    started.signal(signal);
    expect(await ended(started)).toContain("The stack has ended.");
    expect(order(data)).toEqual([
      "first serves",
      "middle serves",
      "last serves",
      "last ends",
      "middle ends",
      "first ends",
    ]);
    await expectNothingLeft(data, processes);
  },
);

test("a signal that comes twice at once, as from a terminal and from npm, is one", async () => {
  const data = testFolder();
  const started = await running(data);
  const processes = processesOf(data);
  started.signal("SIGINT");
  started.signal("SIGINT");
  await ended(started);
  expect(order(data).slice(3)).toEqual(["last ends", "middle ends", "first ends"]);
  await expectNothingLeft(data, processes);
});

test("a part that dies is reported with the end of its log, and started again", async () => {
  const data = testFolder();
  const started = await running(data);
  const pid = runFolder(data).processes().get("middle")?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  await eventually("it is back", () => runFolder(data).processes().get("middle")?.pid !== pid);
  await eventually("it serves", () => started.output().split("middle         ready").length === 3);
  expect(started.output()).toMatch(/middle ended \(SIGKILL\)\. The end of .*middle\.log:\n.*\n +I am middle/);
  const processes = processesOf(data);
  started.signal("SIGTERM");
  await ended(started);
  await expectNothingLeft(data, processes);
});

test("what a killed runner left is ended by the next start, and by stop", async () => {
  const data = testFolder();
  const killed = await running(data);
  const processes = processesOf(data);
  await killed.kill();
  expect(processes.filter(isAlive)).toHaveLength(3);

  const next = await running(data);
  expect(next.output()).toContain("Ended what an earlier run left: last, middle, first.");
  expect(processes.filter(isAlive)).toEqual([]);

  const left = processesOf(data);
  await next.kill();
  expect(await ended(runner(data, "stop"))).toContain("Ended last, middle, first.");
  await expectNothingLeft(data, left);
});

test("a start that is stopped is a failure, and leaves nothing", async () => {
  const data = testFolder();
  const started = runner(data);
  onTestFinished(() => nothingLeft(data));
  await eventually("it starts", () => started.output().includes("Starting last, middle, first"));
  started.signal("SIGINT");
  expect(await ended(started)).toContain("Stopped before it ran. Nothing of it is left.");
  expect(runFolder(data).processes().size).toBe(0);
});

test("logs of a folder in which no stack has run say so, and make none", async () => {
  const data = join(testFolder(), "none");
  expect(await ended(runner(testFolder(), "logs", "--data", data))).toContain("No stack has run");
  expect(existsSync(data)).toBe(false);
});

test("a process that got the pid of a part is not touched", async () => {
  const data = testFolder();
  const started = await running(data);
  started.signal("SIGTERM");
  await ended(started);
  const innocent = startProcess(process.execPath, ["-e", "setInterval(() => {}, 1000)"], data);
  onTestFinished(() => innocent.kill());
  writeFileSync(join(data, "run", "first.pid"), JSON.stringify({ pid: innocent.pid, started: "earlier" }));
  expect(await ended(runner(data, "stop"))).toContain("The stack does not run.");
  expect(innocent.exited).toBe(false);
});

test("a second run with the same data is refused, and says what to do", async () => {
  const data = testFolder();
  const started = await running(data);
  expect(await ended(runner(data))).toContain(`The stack runs already (pid ${started.pid})`);
  expect(started.exited).toBe(false);
});

test("status and logs show the parts; stop ends them from elsewhere", async () => {
  const data = testFolder();
  const started = await running(data);
  const processes = processesOf(data);
  const status = await ended(runner(data, "status"));
  for (const name of ["first", "middle", "last"]) expect(status).toMatch(new RegExp(`${name} +serves`));
  for (const said of [started.output(), status]) expect(said.split("Its disk makes noises.")).toHaveLength(2);
  expect(await ended(runner(data, "logs", "middle"))).toMatch(/\nI am middle\n$/);
  expect(await ended(runner(data, "logs"))).toMatch(/first +\| I am first\n/);
  await ended(runner(data, "stop"));
  await ended(started);
  expect(await ended(runner(data, "status"))).toContain("The stack does not run.");
  await expectNothingLeft(data, processes);
});
