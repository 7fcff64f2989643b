import { describe, expect, it } from "vitest";
import { ruleStatistic } from "./catalogue.ts";
import { placeholderProblems } from "./placeholders.ts";
import { conditionText, parseCondition } from "./read-condition.ts";
import type { Rule } from "./rule.ts";
import { decodeRules, encodeRules } from "./rule-json.ts";
import { shippedRules, shippedTable } from "./shipped.ts";

const rules = shippedRules({ mevBudgetUsdPerHour: 120 });
const byId = new Map(rules.map((rule) => [rule.id, rule]));

function thresholdOf(id: string): number | string | undefined {
  const when = byId.get(id)?.when;
  return typeof when === "object" ? when.threshold : undefined;
}

describe.each(rules)("the shipped rule $id", (rule) => {
  const { when } = rule;
  const statistic = typeof when === "object" ? ruleStatistic(when.statistic) : undefined;

  it("has a condition that is read as it is, on a statistic of the catalogue", () => {
    if (typeof when === "string") expect(["daily_summary", "benchmark_results"]).toContain(when);
    else {
      expect(statistic?.name).toBe(when.statistic);
      expect(parseCondition(when.text)).toEqual({ condition: when });
      expect(parseCondition(conditionText(when))).toMatchObject({
        condition: { ...when, text: expect.anything() },
      });
    }
  });

  it("has texts whose placeholders exist", () => {
    const { title, message, detail, impact, action, recommendation } = rule;
    const labels = Object.keys(statistic?.labels ?? {});
    for (const text of [title, message, detail, impact, action, recommendation]) {
      expect(
        placeholderProblems(text ?? "", typeof when === "string" ? "happening" : "condition", labels),
      ).toEqual([]);
    }
    expect(title).not.toContain("{");
  });

  it("clears on the side of its threshold on which it does not fire", () => {
    const { clearThreshold } = rule;
    if (clearThreshold === null) expect(clearThreshold).toBeNull();
    else if (typeof when === "string" || typeof when.threshold === "string")
      expect(clearThreshold).toBeNull();
    else if (when.operator.startsWith(">")) expect(clearThreshold).toBeLessThanOrEqual(when.threshold);
    else expect(clearThreshold).toBeGreaterThanOrEqual(when.threshold);
  });

  it("mutes only rules that are shipped, less severe and on the same labels", () => {
    const severities = ["info", "warning", "critical"];
    expect(rule.mutes.map(({ rule: id }) => byId.get(id)?.severity)).toSatisfy((muted: Rule["severity"][]) =>
      muted.every((severity) => severities.indexOf(severity) < severities.indexOf(rule.severity)),
    );
  });
});

describe("the shipped rules", () => {
  it("have the thresholds that were asked for", () => {
    expect({
      node: thresholdOf("node-latency-critical"),
      breaker: thresholdOf("circuit-breaker-open"),
      failures: [thresholdOf("trade-failure-rate-critical"), thresholdOf("trade-failure-rate-high")],
      avoidance: thresholdOf("mev-avoidance-low"),
      memory: thresholdOf("memory-high"),
      slippage: thresholdOf("slippage-accuracy-low"),
      latency: thresholdOf("trade-latency-high"),
      completeness: thresholdOf("completeness-low"),
    }).toEqual({
      node: 200,
      breaker: "open",
      failures: [10, 5],
      avoidance: 80,
      memory: 80,
      slippage: 70,
      latency: 100,
      completeness: 99,
    });
  });

  it("need 20 trades for a rate, 100 for a P99, 20 attacks for the avoidance, nothing for what is known at once", () => {
    expect(["failure-rate", "latency"].map((name) => byId.get(`trade-${name}-high`)?.minSamples)).toEqual([
      20, 100,
    ]);
    expect(byId.get("mev-avoidance-low")?.minSamples).toBe(20);
    expect(byId.get("operation-latency-high")?.minSamples).toBe(100);
    expect(["circuit-breaker-open", "mev-budget-hour"].map((id) => byId.get(id)?.minSamples)).toEqual([0, 0]);
  });

  it("say what contracts promise, word for word", () => {
    expect(byId.get("node-latency-critical")).toMatchObject({
      title: "High Node Latency Detected",
      message: "Solana node P99 latency is {value} (threshold: {threshold})",
      impact: "Circuit breaker may activate",
      action: "Check node health or switch to backup",
    });
    expect(byId.get("mev-avoidance-low")).toMatchObject({
      title: "Low MEV Avoidance Rate",
      message: "MEV avoidance rate dropped to {value} (target: {threshold}+)",
      recommendation: "Increase priority fees for large trades",
    });
    expect(byId.get("mev-avoidance-low")?.detail).toMatch(/^Recent losses: \{\S+\} over \{\S+\} trades$/);
  });

  it("have the budget as their threshold, and are off without one", () => {
    expect([thresholdOf("mev-budget-fast"), thresholdOf("mev-budget-hour")]).toEqual([60, 120]);
    expect(rules.filter(({ off }) => off !== null)).toEqual([]);
    expect(
      shippedRules()
        .filter(({ off }) => off !== null)
        .map(({ id }) => id),
    ).toEqual(["mev-budget-fast", "mev-budget-hour"]);
    const [fast] = shippedRules({ mevBudgetUsdPerHour: 0.3 }).filter(({ id }) => id === "mev-budget-fast");
    expect(fast?.when).toMatchObject({ threshold: 0.15 });
  });

  it("say why, each, and have ids of their own", () => {
    const table = shippedTable();
    expect(new Set(table.map(({ id }) => id)).size).toBe(table.length);
    for (const { why } of table) expect(why).toMatch(/\.$/);
  });

  it("are the same after they were saved and read", () => {
    expect(decodeRules(encodeRules(rules))).toEqual(rules);
  });
});

describe("saved rules", () => {
  const saved = (change: object): Uint8Array => {
    const [rule] = rules;
    return Buffer.from(JSON.stringify({ version: 1, rules: [{ ...rule, ...change }] }));
  };

  it("with fields that a later version has added are read without them", () => {
    const [rule] = rules;
    expect(decodeRules(saved({ color: "red" }))).toEqual([rule]);
  });

  it.each([
    ["{", "not JSON"],
    ["[]", "rules is not an object"],
    [{ severity: "fatal" }, "severity is none of info, warning, critical"],
    [{ title: 7 }, "title is not a text"],
    [{ forSeconds: "5m" }, "forSeconds is not a number"],
    [{ when: "noon" }, "when is none of"],
    [{ when: { statistic: "x" } }, "text is not a text"],
    [{ mutes: {} }, "mutes is not a list"],
    [{ labels: { a: 1 } }, "labels is not a text"],
    [{ shipped: 1 }, "shipped is not true or false"],
  ])("that are damaged (%j) are refused", (change, message) => {
    const body = typeof change === "string" ? Buffer.from(change) : saved(change);
    expect(() => decodeRules(body)).toThrow(message);
  });

  it("of a later form are refused as such", () => {
    expect(() => decodeRules(Buffer.from('{"version":2,"rules":[]}'))).toThrow(
      expect.objectContaining({ code: "log_newer" }),
    );
  });

  it("that are too many are refused", () => {
    const many = Array.from({ length: 1_001 }, () => ({}));
    expect(() => decodeRules(Buffer.from(JSON.stringify({ version: 1, rules: many })))).toThrow(
      "1001 of them",
    );
    expect(() => decodeRules(new Uint8Array(5e6))).toThrow("of 5000000 bytes");
  });
});
