import { describe, expect, it } from "vitest";
import { reading, rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const latency = rule("latency");

describe("an alert", () => {
  it("fires when its condition holds, and resolves when it no longer does", () => {
    const run = new Run(latency);
    expect(run.at(0, { latency: 100 })).toEqual([]);
    expect(told(run.at(1, { latency: 101 }))).toEqual(["firing latency/1 occurrence 1 warning"]);
    expect(run.at(2, { latency: 250 })).toEqual([]);
    expect(run.at(3, { latency: 120 })).toEqual([]);
    const [resolved, ...more] = run.at(4, { latency: 90 });
    expect(more).toEqual([]);
    expect(resolved).toEqual({
      ...{ key: "latency/1/2", alert: "latency", rule: "latency", labels: {}, episode: 1, kind: "resolved" },
      ...{ severity: "warning", occurrence: 1, value: 90, worst: 250, unit: "ms", count: 1000, channels: [] },
      ...{ atMs: START_MS + 4000, eventMs: START_MS + 4000, firedMs: START_MS + 1000 },
      ...{ threshold: 100, statistic: "latency" },
      text: { title: "resolved", lines: [], evidence: [], links: [] },
    });
    expect(run.book.view()).toEqual([]);
  });

  it("is pending until its condition has held for long enough", () => {
    const run = new Run(rule("latency", { forSeconds: 60 }));
    expect(run.at(0, { latency: 101 })).toEqual([]);
    expect(run.book.view()).toMatchObject([{ alert: "latency", state: "pending", value: 101 }]);
    expect(run.book.dueMs).toBe(START_MS + 30_000);
    run.at(30);
    expect(run.book.dueMs).toBe(START_MS + 60_000);
    expect(run.at(59, { latency: 150 })).toEqual([]);
    expect(told(run.at(60))).toEqual(["firing latency/1 occurrence 1 warning"]);
  });

  it("begins to wait again if its condition did not hold in between", () => {
    const run = new Run(rule("latency", { forSeconds: 60 }));
    run.at(0, { latency: 500 });
    run.at(30, { latency: 99 });
    expect(run.book.view()).toEqual([]);
    run.at(31, { latency: 101 });
    expect(run.at(60, { latency: 300 })).toEqual([]);
    expect(run.at(90, { latency: 101 })).toEqual([]);
    expect(run.at(91, { latency: 101 })).toMatchObject([{ key: "latency/1/1", value: 101, worst: 300 }]);
  });

  it("does not count time without data towards `for`", () => {
    const run = new Run(rule("latency", { forSeconds: 60 }));
    run.at(0, { latency: 101 });
    run.at(20, { latency: null });
    expect(run.book.view()).toMatchObject([{ alert: "latency", state: "no_data", noData: true }]);
    expect(run.book.dueMs).toBe(START_MS + (20 + 86_400) * 1000);
    expect(run.at(100, { latency: 101 })).toEqual([]);
    expect(run.at(139, { latency: 101 })).toEqual([]);
    expect(told(run.at(140, { latency: 101 }))).toEqual(["firing latency/1 occurrence 1 warning"]);
  });

  it("does not count time in which nobody looked: the aggregator was down, or the clock jumped ahead", () => {
    const run = new Run(rule("latency", { forSeconds: 120, clearForSeconds: 120 }));
    run.at(0, { latency: 101 });
    run.at(20, { latency: 101 });
    expect(run.at(3600, { latency: 101 })).toEqual([]);
    expect(run.at(3660, { latency: 101 })).toEqual([]);
    expect(run.at(3699, { latency: 101 })).toEqual([]);
    expect(told(run.at(3700, { latency: 101 }))).toEqual(["firing latency/1 occurrence 1 warning"]);
    run.at(3710, { latency: 1 });
    expect(run.at(7200, { latency: 1 })).toEqual([]);
    expect(run.at(7260, { latency: 1 })).toEqual([]);
    expect(told(run.at(7320, { latency: 1 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("is one for each series", () => {
    const run = new Run(latency);
    const of = (value: number, operation: string) => reading(value, { labels: { operation } });
    expect(told(run.at(0, { latency: [of(101, "solana.rpc"), of(99, "db"), of(102, "x=y,z")] }))).toEqual([
      "firing latency:operation=solana.rpc/1 occurrence 1 warning",
      "firing latency:operation=x%3Dy%2Cz/1 occurrence 1 warning",
    ]);
    expect(told(run.at(1, { latency: [of(99, "x=y,z"), of(101, "solana.rpc")] }))).toEqual([
      "resolved latency:operation=x%3Dy%2Cz/1 occurrence 1 warning",
    ]);
  });
});
