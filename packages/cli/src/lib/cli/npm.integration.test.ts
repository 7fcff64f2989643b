import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { expect, onTestFinished, test } from "vitest";

const root = join(import.meta.dirname, "../../../../..");

/** Starts a program of npm in a process group of its own, with standard signals. */
function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const own = Object.entries(process.env).filter(([name]) => !/^(SLIPSTREAM_|OTEL_|npm_|NODE_)/i.test(name));
  const child = spawn(program, args, {
    cwd: root,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  }
  const group = child.pid ?? Number.NaN;
  onTestFinished(() => {
    for (const pid of groupOf(group)) process.kill(pid, "SIGKILL");
  });
  return { child, group, output: () => output };
}

/** The processes of a process group that have not ended. */
function groupOf(group: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [state, , itsGroup] =
          readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
        return state !== "Z" && Number(itsGroup) === group;
      } catch {
        return false;
      }
    });
}

test.each(["SIGTERM", "SIGINT"] as const)("%s to npm start alone ends the demo cleanly", async (signal) => {
  const env = { SLIPSTREAM_DATA_DIR: testFolder() };
  const { child, group, output } = start("npm", ["start", "--", "--port", "0"], env);
  await eventually("it trades", () => output().includes("trades/min"), 60_000);
  child.kill(signal);
  await eventually("everything has ended", () => groupOf(group).length === 0, 30_000);
  expect(output()).toMatch(/The demo ended after \d+ trades/);
});

test("SIGTERM to npx alone ends the aggregator cleanly", async () => {
  const env = { SLIPSTREAM_DATA_DIR: testFolder() };
  const { child, group, output } = start("npx", ["slipstream", "aggregate", "--port", "0"], env);
  await eventually("it listens", () => output().includes("Ctrl-C ends it"), 60_000);
  child.kill("SIGTERM");
  await eventually("everything has ended", () => groupOf(group).length === 0, 30_000);
  expect(output()).toMatch(/Stopped/);
});
