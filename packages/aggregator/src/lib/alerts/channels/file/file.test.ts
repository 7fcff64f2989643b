import { appendFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, it } from "vitest";
import { channelOf } from "../../testing/channel-test.ts";
import { lowAvoidance, messageOf, nodeLatency } from "../../testing/transitions.ts";

const signal = new AbortController().signal;

function linesOf(path: string): readonly unknown[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("a file of notifications", () => {
  it("has a line of JSON for each, in a folder that is made", async () => {
    const path = join(testFolder(), "logs", "alerts.log");
    const { channel } = await channelOf({ type: "file", path });
    await channel.send(messageOf([nodeLatency, lowAvoidance]), signal);
    expect(await channel.send(messageOf([nodeLatency], { isTest: true, lateMs: 5_000 }), signal)).toEqual({
      outcome: "delivered",
    });
    expect(linesOf(path)).toMatchObject([
      {
        key: "node-latency/1/1",
        kind: "firing",
        severity: "critical",
        at: "2026-11-29T12:00:00.000Z",
        value: 245,
        unit: "ms",
        isTest: false,
        text: expect.stringMatching(/^\[CRITICAL\] High Node Latency Detected\n/),
      },
      { key: "mev-avoidance/1/1" },
      { isTest: true, deliveredLateSeconds: 5 },
    ]);
  });

  it("may be text, as on a terminal, with the time of each", async () => {
    const path = join(testFolder(), "alerts.txt");
    const { send } = await channelOf({ type: "file", path, format: "text" });
    await send();
    expect(readFileSync(path, "utf8")).toBe(
      `2026-11-29 12:00:00 UTC
[CRITICAL] High Node Latency Detected
Solana node P99 latency is 245ms (threshold: 200ms)
Impact: Circuit breaker may activate
Action: Check node health or switch to backup

`,
    );
  });

  it("is put aside at its size, and the oldest are deleted, those of earlier runs included", async () => {
    const folder = testFolder();
    const path = join(folder, "alerts.log");
    for (const name of ["alerts.2020-01-01.1.log", "alerts.2020-01-01.10.log", "alerts.2020-01-01.2.log"])
      writeFileSync(join(folder, name), "");
    const others = ["alerts.2020-01-01.log", "alerts.old.log", "other.2020-01-01.1.log"];
    for (const name of others) writeFileSync(join(folder, name), "");
    const { send } = await channelOf({ type: "file", path, maxBytes: 1_024, keepFiles: 3 });
    await send();
    expect(readdirSync(folder).filter((name) => name.startsWith("alerts.2020-01-01.1"))).toEqual([
      "alerts.2020-01-01.10.log",
    ]);
    for (let i = 0; i < 12; i++) await send();
    const kept = readdirSync(folder).filter((name) => !others.includes(name));
    expect(kept).toHaveLength(3);
    expect(kept.filter((name) => name.startsWith("alerts.2020"))).toEqual([]);
    for (const name of kept) linesOf(join(folder, name));
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(others));
  });

  it("goes on after a restart in the file of today, and puts aside that of an earlier day under its date", async () => {
    const folder = testFolder();
    const path = join(folder, "alerts.log");
    const settings = { type: "file", path } as const;
    await (await channelOf(settings)).send();
    await (await channelOf(settings)).send();
    expect(linesOf(path)).toHaveLength(2);
    const noon = new Date(2026, 2, 4, 12);
    utimesSync(path, noon, noon);
    await (await channelOf(settings)).send();
    expect(readdirSync(folder)).toEqual(["alerts.2026-03-04.1.log", "alerts.log"]);
    expect(linesOf(path)).toHaveLength(1);
    expect(linesOf(join(folder, "alerts.2026-03-04.1.log"))).toHaveLength(2);
  });

  it("begins a new line if the last one was cut off", async () => {
    const path = join(testFolder(), "alerts.log");
    appendFileSync(path, '{"key":"cut off by a ki');
    await (await channelOf({ type: "file", path })).send();
    const [cut, whole] = readFileSync(path, "utf8").split("\n");
    expect(cut).toBe('{"key":"cut off by a ki');
    expect(JSON.parse(whole ?? "")).toMatchObject({ key: "node-latency/1/1" });
  });

  it("that cannot be written fails, and is written when it can be", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "logs"), "no folder");
    const path = join(folder, "logs", "alerts.log");
    const { send } = await channelOf({ type: "file", path });
    expect(await send()).toEqual({
      outcome: "failed",
      reason: `${path} cannot be written: its folder is a file`,
    });
    const isFolder = join(folder, "folder.log");
    mkdirSync(isFolder);
    expect((await (await channelOf({ type: "file", path: isFolder })).send()).outcome).toBe("failed");
  });
});
