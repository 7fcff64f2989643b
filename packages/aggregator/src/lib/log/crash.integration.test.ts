import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eventually } from "@slipstream/testing/eventually";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "./open-log.ts";
import { numberOf, positionOf } from "./position.ts";
import { readLog } from "./read-log.ts";
import { makeDirectory, readAll, removeDirectory, request, segmentFiles, tick } from "./testing/folder.ts";

const script = fileURLToPath(new URL("testing/append.main.ts", import.meta.url));

let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  removeDirectory(directory);
});

/** A process that appends to the log, and what was acknowledged to it so far: the number by position. */
const startAppending = (): {
  readonly acknowledged: Map<number, number>;
  readonly kill: () => Promise<void>;
} => {
  const acknowledged = new Map<number, number>();
  const started = spawn(process.execPath, ["--conditions=slipstream-source", script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  let rest = "";
  started.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [position = 0, number = 0] = line.split(" ").map(Number);
      acknowledged.set(position, number);
    }
  });
  return {
    acknowledged,
    kill: async () => {
      started.kill("SIGKILL");
      await once(started, "close");
    },
  };
};

test("what a process had acknowledged when it was killed is there, each at its position, and it goes on", async () => {
  let before = 0;
  for (const records of [1, 60, 150]) {
    const { acknowledged, kill } = startAppending();
    await eventually("records are acknowledged", () => acknowledged.size >= records);
    await kill();
    const log = await openLog({ directory, segmentBytes: 1_000_000 });
    const kept = await readAll(log);
    expect(kept.map(({ position }) => position)).toEqual(kept.map((_, index) => index + 1));
    expect(log.position).toBeGreaterThanOrEqual(before + acknowledged.size);
    for (const [position, number] of acknowledged) {
      const record = kept[position - 1];
      const wanted = request(number, 20_000);
      expect(record).toMatchObject({ position, receivedMs: wanted.receivedMs });
      if (record?.kind === "traces" && wanted.kind === "traces") {
        expect(Buffer.compare(record.body, wanted.body)).toBe(0);
      }
    }
    before = numberOf(log.position) + 1;
    expect(await log.append(tick(1))).toBe(before);
    await log.close();
  }
  expect(segmentFiles(directory).length).toBeGreaterThan(2);
});

test("a log is read by another process while it is written to, and after its writer was killed", async () => {
  const { acknowledged, kill } = startAppending();
  for (const records of [1, 80, 200]) {
    await eventually("records are acknowledged", () => acknowledged.size >= records);
    const known = Math.max(...acknowledged.keys());
    const seen = [...readLog(directory)].map(({ position }) => position);
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeGreaterThanOrEqual(known);
    expect([...readLog(directory, positionOf(known - 1))][0]?.position).toBe(known);
  }
  await kill();
  const last = Math.max(...acknowledged.keys());
  expect([...readLog(directory)].length).toBeGreaterThanOrEqual(last);
});
