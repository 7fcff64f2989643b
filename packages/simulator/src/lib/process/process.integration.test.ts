import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@slipstream/testing/eventually";
import { sharedFolder } from "@slipstream/testing/folders";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../../testing/otlp-receiver.ts";
import { forkSimulation } from "./fork.ts";

const directory = sharedFolder();

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

function lastLine(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "");
}

/** The process itself, without the helper. */
function run(args: string[]): ReturnType<typeof fork> {
  const main = fileURLToPath(new URL("../../simulator.main.ts", import.meta.url));
  return fork(main, args, {
    execArgv: ["--conditions=slipstream-source"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

describe("a simulator process", () => {
  test("trades, reports its summary, and delivers everything when it is stopped", async () => {
    const file = join(directory, "stopped.ndjson");
    const simulator = await forkSimulation({ endpoint: receiver.url, rate: 20, groundTruthFile: file });
    await eventually("trades", () => (simulator.summary()?.trades ?? 0) >= 5);
    const summary = await simulator.stop();
    expect(await simulator.done).toEqual(summary);
    expect(summary.telemetry).toMatchObject({ queuedSpans: 0, droppedSpans: 0 });
    expect(receiver.spans.length).toBe(summary.telemetry.exportedSpans);
    expect(lastLine(file)).toEqual({ type: "totals", ...summary });
  });

  test.each(["SIGTERM", "SIGINT", "disconnect"] as const)("ends cleanly on %s", async (way) => {
    const file = join(directory, `${way}.ndjson`);
    const child = run([`--endpoint=${receiver.url}`, "--rate=20", `--ground-truth=${file}`]);
    await eventually("spans", () => receiver.spans.length > 10);
    if (way === "disconnect") child.disconnect();
    else child.kill(way);
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(lastLine(file)).toMatchObject({ type: "totals", inFlight: 0 });
  });

  test("says which option is invalid", async () => {
    await expect(forkSimulation({ rate: -1 })).rejects.toMatchObject({
      field: "rate",
      message: expect.stringMatching(/^rate: .*-1$/),
    });
    const child = run(["--rate=often"]);
    const [code] = await once(child, "exit");
    expect(code).toBe(2);
  });

  test("a process that dies is reported", async () => {
    const simulator = await forkSimulation({ endpoint: receiver.url });
    process.kill(simulator.pid ?? 0, "SIGKILL");
    await expect(simulator.done).rejects.toThrow("SIGKILL");
  });
});
