import { describe, expect, it } from "vitest";
import type { Rule } from "../rule/rule.ts";
import { rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const latency = rule("latency");

/** A run that is an hour behind. */
function late(...rules: readonly Rule[]): Run {
  const run = new Run(...rules);
  run.catchingUp = true;
  run.behindSeconds = 3600;
  return run;
}

describe("a backlog that is worked off", () => {
  it("is told of in one digest, but for what holds at its end: that is sent late", () => {
    const run = late(latency, rule("rate"), rule("steady"));
    expect(told(run.at(0, { latency: 101, rate: 101, steady: 5 }))).toEqual([
      "firing latency/1 occurrence 1 warning (catching_up)",
      "firing rate/1 occurrence 1 warning (catching_up)",
    ]);
    run.at(1, { rate: 300 });
    expect(told(run.at(2, { rate: 5 }))).toEqual(["resolved rate/1 occurrence 1 warning (unsent)"]);
    run.at(3, { rate: 150 });
    run.at(4, { rate: 5 });
    run.catchingUp = false;
    const [sent, digest, ...more] = run.at(10, { latency: 102 });
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ kind: "firing", alert: "latency", occurrence: 1, lateMs: 3_610_000 });
    expect(digest).toEqual({
      ...{ key: "catch_up/1/1", alert: "catch_up", rule: "catch_up", labels: {}, episode: 1, kind: "digest" },
      ...{ severity: "warning", occurrence: 1, channels: [], statistic: null, threshold: null },
      ...{ value: null, worst: null, unit: "", count: 0, lateMs: 3_609_000 + 1000 },
      ...{ atMs: START_MS + 10_000, firedMs: START_MS + 10_000, eventMs: START_MS - 3_590_000 },
      digest: {
        entries: [
          {
            ...{
              alert: "rate",
              rule: "rate",
              labels: {},
              severity: "warning",
              times: 2,
              worst: 300,
              unit: "ms",
            },
            ...{ firedMs: START_MS - 3_600_000, resolvedMs: START_MS - 3_596_000 },
          },
        ],
        more: 0,
      },
      text: { title: "digest", lines: [], evidence: [], links: [] },
    });
    expect(run.at(11)).toEqual([]);
    expect(told(run.at(12, { latency: 1 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("sends the end of what was sent before it, late", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.catchingUp = true;
    run.behindSeconds = 60;
    expect(run.at(100, { latency: 1 })).toMatchObject([{ kind: "resolved", lateMs: 60_000 }]);
    expect(told(run.at(101, { latency: 101 }))).toEqual([
      "firing latency/2 occurrence 2 warning (catching_up)",
    ]);
    run.catchingUp = false;
    expect(run.at(102)).toEqual([]);
    expect(told(run.at(300))).toEqual(["escalated latency/2 occurrence 3 critical"]);
  });

  it("goes on counting occurrences, and sends the escalation at its end", () => {
    const run = late(latency);
    run.at(0, { latency: 101 });
    run.at(300);
    expect(told(run.at(600))).toEqual(["escalated latency/1 occurrence 3 critical (catching_up)"]);
    run.catchingUp = false;
    expect(run.at(700)).toMatchObject([{ kind: "escalated", severity: "critical", lateMs: 4_300_000 }]);
    const [next] = run.at(1000);
    expect([next?.kind, next?.lateMs]).toEqual(["firing", undefined]);
  });

  it("is not sent at its end while nobody knows whether the condition holds, and is once it does", () => {
    const run = late(latency);
    run.at(0, { latency: 101 });
    run.at(1, { latency: null });
    run.catchingUp = false;
    expect(run.at(2, { latency: null })).toEqual([]);
    expect(run.at(3, { latency: 102 })).toMatchObject([{ kind: "firing", value: 102 }]);
  });

  it("says nothing in the digest of what was sent before it", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.catchingUp = true;
    expect(told(run.at(300))).toEqual(["firing latency/1 occurrence 2 warning (catching_up)"]);
    expect(told(run.at(301, { latency: 1 }))).toEqual(["resolved latency/1 occurrence 2 warning"]);
    run.catchingUp = false;
    expect(run.at(302)).toEqual([]);
  });

  it("is not mentioned any more once somebody has acknowledged the alert", () => {
    const run = late(latency);
    run.at(0, { latency: 101 });
    run.command(1, { command: "acknowledge", alert: "latency", episode: 1, by: "ops", comment: "" });
    run.catchingUp = false;
    expect(run.at(2)).toEqual([]);
    run.at(300);
    const [escalated] = run.at(600);
    expect([escalated?.kind, escalated?.lateMs]).toEqual(["escalated", undefined]);
  });

  it("says nothing in the digest of what a silence or another alert muted, and nothing at all if nothing came", () => {
    const run = late(latency);
    run.silence(0, "s", 1000);
    run.at(1, { latency: 101 });
    run.at(2, { latency: 1 });
    run.catchingUp = false;
    expect(run.at(3)).toEqual([]);
  });

  it("pages nobody for what is over", () => {
    const run = late(rule("stuck", { severity: "critical" }));
    run.at(0, { stuck: 101 });
    run.at(1, { stuck: 1 });
    run.catchingUp = false;
    expect(run.at(2)).toMatchObject([
      { kind: "digest", severity: "warning", digest: { entries: [{ severity: "critical" }] } },
    ]);
  });
});

describe("something that happens", () => {
  const summary = rule("daily-summary", { severity: "info", when: "daily_summary" });
  const time = { nowMs: START_MS + 1000, eventMs: START_MS, catchingUp: false };
  const evidence = [{ label: "Trades", text: "1,234" }];

  it("is told once for each key", () => {
    const run = new Run(summary);
    const [happened, ...more] = run.book.happen(time, "daily-summary", "2026-11-29", evidence);
    expect(more).toEqual([]);
    expect(happened).toMatchObject({
      ...{ key: "daily-summary/2026-11-29/1", kind: "happened", severity: "info", happening: "2026-11-29" },
      ...{ episode: 1, value: null, text: { evidence } },
    });
    expect(happened?.muted).toBeUndefined();
    expect(run.book.happen(time, "daily-summary", "2026-11-29")).toEqual([]);
    expect(run.book.happen(time, "daily-summary", "2026-11-30")).toMatchObject([{ episode: 2 }]);
  });

  it("is told late while a backlog is worked off, and can be silenced", () => {
    const run = new Run(summary);
    run.silence(0, "s", 100, "alertname", "daily-summary");
    const [happened] = run.book.happen({ ...time, catchingUp: true }, "daily-summary", "2026-11-29");
    expect(happened).toMatchObject({ muted: { by: "silence", silence: "s" }, lateMs: 1000 });
  });

  it("is nothing if there is no such rule, or it has a condition", () => {
    const run = new Run(latency, rule("benchmarks", { when: "benchmark_results", off: "by hand" }));
    for (const id of ["latency", "daily-summary", "benchmarks"]) {
      expect(run.book.happen(time, id, "2026-11-29")).toEqual([]);
    }
    expect(run.at(5, { benchmarks: 500 })).toEqual([]);
  });
});
