import { describe, expect, it } from "vitest";
import { rule } from "./testing/rules.ts";
import { Run, START_MS, told } from "./testing/run.ts";

const latency = rule("latency");

describe("rules that are changed while they fire", () => {
  it.each([
    ["removed", [], "rule_removed"],
    ["renamed", [rule("lag", { when: latency.when })], "rule_removed"],
    ["switched off", [rule("latency", { off: "by hand" })], "rule_off"],
    ["given another threshold", [rule("latency", { clearThreshold: 90 })], "rule_changed"],
    ["given another severity", [rule("latency", { severity: "critical" })], "rule_changed"],
    ["given other labels", [rule("latency", { labels: { team: "core" } })], "rule_changed"],
    ["told to wait longer", [rule("latency", { forSeconds: 5 })], "rule_changed"],
  ])("%s: the alert resolves at once", (_name, rules, endReason) => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    const [resolved, ...more] = run.book.setRules(rules, START_MS + 1000);
    expect(resolved).toMatchObject({
      key: "latency/1/2",
      kind: "resolved",
      endReason,
      atMs: START_MS + 1000,
    });
    expect([resolved?.muted, more]).toEqual([undefined, []]);
    expect(run.book.view()).toEqual([]);
    expect(run.book.rules).toEqual(rules);
  });

  it("fire again under the new rule at once, in an episode of their own", () => {
    const run = new Run(latency);
    run.at(0, { latency: 101 });
    run.book.setRules([rule("latency", { severity: "critical" })], START_MS + 1000);
    expect(told(run.at(2, { latency: 101 }))).toEqual(["firing latency/2 occurrence 1 critical"]);
  });

  it("resolve unsent if they were muted, and pending ones end", () => {
    const run = new Run(latency, rule("rate", { forSeconds: 60 }));
    run.silence(0, "s", 1000);
    run.at(0, { latency: 101, rate: 101 });
    expect(told(run.book.setRules([], START_MS + 1000))).toEqual([
      "resolved latency/1 occurrence 1 warning (unsent)",
    ]);
  });

  it("let what they muted be sent", () => {
    const stuck = rule("stuck", { mutes: [{ rule: "latency", equal: [] }] });
    const run = new Run(latency, stuck);
    run.at(0, { latency: 101, stuck: 101 });
    expect(told(run.book.setRules([latency], START_MS + 1000))).toEqual([
      "resolved stuck/1 occurrence 1 warning",
      "firing latency/1 occurrence 1 warning",
    ]);
  });

  it("go on if only their texts or their order changed, or other rules did; timers too", () => {
    const run = new Run(latency, rule("rate", { forSeconds: 60 }));
    run.at(0, { latency: 101, rate: 101 });
    const when = { ...(latency.when as object), text: "latency  >  100" } as typeof latency.when;
    const rules = [rule("new"), rule("rate", { forSeconds: 60 }), rule("latency", { title: "Slow", when })];
    expect(run.book.setRules(rules, START_MS + 30_000)).toEqual([]);
    expect(told(run.at(60))).toEqual(["firing rate/1 occurrence 1 warning"]);
    expect(told(run.at(61, { latency: 99 }))).toEqual(["resolved latency/1 occurrence 1 warning"]);
  });

  it("do nothing while they are off", () => {
    const run = new Run(rule("latency", { off: "by hand" }));
    expect(run.at(0, { latency: 101, unknown: 5 })).toEqual([]);
    expect(run.book.view()).toEqual([]);
    expect(run.book.ruleViews()).toEqual([]);
    expect(run.book.rules).toHaveLength(1);
  });
});
