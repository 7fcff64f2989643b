import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { eventually } from "@slipstream/testing/eventually";
import { testFolder } from "@slipstream/testing/folders";
import { freePort } from "slipstream-stack/free-port";
import { describe, expect, it, onTestFinished } from "vitest";

const bin = join(import.meta.dirname, "../../../bin/slipstream.js");

/** Starts the command line with a disk that is full in place of some of its output. */
function start(args: readonly string[], full: readonly ("stdout" | "stderr")[]): ChildProcess {
  const disk = openSync("/dev/full", "w");
  const to = (stream: "stdout" | "stderr") => (full.includes(stream) ? disk : "pipe");
  const env = { PATH: process.env.PATH };
  const stdio = ["ignore", to("stdout"), to("stderr")] as const;
  const child = spawn(process.execPath, [bin, ...args], { cwd: testFolder(), env, stdio: [...stdio] });
  closeSync(disk);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<unknown> {
  const [[code], stderr] = await Promise.all([
    once(child, "close"),
    child.stderr === null ? "" : text(child.stderr),
  ]);
  return { code, stderr };
}

describe("output to a disk that is full", () => {
  it.each([[["--version"]], [["--help"]], [["config", "--json"]], [["rules", "list"]]])(
    "ends %j with one line and 1",
    async (args) => {
      expect(await ended(start(args, ["stdout"]))).toEqual({
        code: 1,
        stderr: "slipstream: cannot write to stdout: no space left on device (ENOSPC)\n",
      });
    },
  );

  it("ends a command whose log is there too", async () => {
    expect(await ended(start(["config"], ["stdout", "stderr"]))).toEqual({ code: 1, stderr: "" });
  });

  it("does not end an aggregator", async () => {
    const port = await freePort();
    for (const full of [["stdout"], ["stderr"], ["stdout", "stderr"]] as const) {
      const child = start(["aggregate", "--port", String(port), "--data", "data"], full);
      const result = ended(child);
      const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200;
      await eventually("it is ready", () => isReady().catch(() => false));
      child.kill("SIGHUP");
      child.kill("SIGTERM");
      expect(await result).toMatchObject({
        code: 0,
        stderr: expect.stringContaining(child.stderr === null ? "" : "Stopped"),
      });
    }
  });
});

describe("output that is not read to its end", () => {
  it("ends a command without a word", async () => {
    const child = start(["config", "--json"], []);
    child.stdout?.destroy();
    expect(await ended(child)).toEqual({ code: 0, stderr: "" });
  });
});
