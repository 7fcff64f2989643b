import { seededRandom } from "@slipstream/stats";
import { expect, test } from "vitest";
import type { FuzzTarget } from "../fuzz-target.ts";
import { fuzz } from "./fuzzer.ts";

const limits = { executions: 300_000, seconds: 60 };
const random = (): (() => number) => seededRandom(7);

test("it finds a fault that only four bytes in a row lead to, if it sees how far inputs come", async () => {
  let executed = new Set<string>();
  const target: FuzzTarget = {
    seeds: () => [Buffer.from("xxxxxxxx")],
    tokens: [],
    run: (input) => {
      for (const [at, letter] of [..."SLIP"].entries()) {
        if (input[at] !== letter.charCodeAt(0)) return;
        executed.add(`letter ${at}`);
      }
      throw new Error("planted");
    },
  };
  const coverage = {
    take: () => {
      const taken = executed;
      executed = new Set();
      return taken;
    },
  };
  const { finding, kept } = await fuzz({ target, corpus: [], random: random(), coverage }, limits);
  expect(finding?.reason).toContain("planted");
  expect(Buffer.from(finding?.input ?? []).toString()).toMatch(/^SLIP/);
  expect(kept.length).toBeGreaterThanOrEqual(3);
});

test("an input that keeps the thread busy is found", async () => {
  const target: FuzzTarget = {
    seeds: () => [Buffer.from("aaaa")],
    tokens: ["bbbb"],
    run: (input) => {
      if (!input.includes(0x62)) return;
      for (const { user } = process.threadCpuUsage(); process.threadCpuUsage().user - user < 70_000; );
    },
  };
  const { finding } = await fuzz({ target, corpus: [], random: random() }, limits);
  expect(finding?.reason).toMatch(/ms of CPU, more than 50/);
});

test("without a fault it stops at the limit, and the same seed gives the same inputs", async () => {
  const runs = [1, 2].map(async () => {
    const inputs: string[] = [];
    const target: FuzzTarget = {
      seeds: () => [Buffer.from("seed")],
      tokens: ["token"],
      run: (input) => inputs.push(Buffer.from(input).toString("hex")),
    };
    const parts = { target, corpus: [Buffer.from("corpus")], random: random() };
    const result = await fuzz(parts, { executions: 1_000, seconds: 60 });
    expect(result.finding).toBeUndefined();
    expect(result.executions).toBe(inputs.length);
    return inputs;
  });
  const [first, second] = await Promise.all(runs);
  expect(first?.length).toBeGreaterThanOrEqual(1_000);
  expect(first).toEqual(second);
});
