import { type Rule, readRules, shippedRules } from "@slipstream/alerts";
import { describe, expect, it } from "vitest";
import { sampleTransition } from "./sample-transition.ts";

const atMs = Date.UTC(2026, 2, 1, 12);

function ruleOf(user: object): Rule {
  const { rules, problems } = readRules([user]);
  expect(problems).toEqual([]);
  const { id } = user as { id: string };
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  return rule;
}

describe("a sample of a rule", () => {
  it.each(shippedRules({ mevBudgetUsdPerHour: 100 }).map((rule) => [rule.id, rule] as const))(
    "%s has a value that makes it fire, and every text filled",
    (_, rule) => {
      const { value, threshold, text, kind, severity } = sampleTransition(rule, atMs);
      expect(severity).toBe(rule.severity);
      const all = [text.title, ...[...text.lines, ...text.evidence].map((line) => line.text)].join("\n");
      // One rule says "is unknown" itself.
      expect(all.replace("trades is unknown", "")).not.toMatch(/[{}]|unknown|undefined/);
      if (typeof rule.when === "string") return expect(kind).toBe("happened");
      if (typeof value === "string") return expect(value).toBe(threshold);
      const beyond = Number(value) - Number(threshold);
      expect(Math.sign(beyond)).toBe(rule.when.operator === ">" ? 1 : -1);
      if (text.lines[0]?.text.includes("%")) expect(value).toBeLessThanOrEqual(100);
      return undefined;
    },
  );

  it("is about a series that its condition chooses", () => {
    const rule = ruleOf({
      id: "slow-quotes",
      severity: "warning",
      when: 'latency{operation="jupiter.quote",quantile="0.99"} > 100 ms',
      message: "{operation} takes {value} (threshold: {threshold}), {mev_loss_usd} lost",
      labels: { team: "desk" },
    });
    const { labels, text } = sampleTransition(rule, atMs);
    expect(labels).toEqual({ operation: "jupiter.quote", quantile: "0.99", team: "desk" });
    expect(text.lines[0]?.text).toBe("jupiter.quote takes 120ms (threshold: 100ms), $1,234 lost");
  });

  it("is one of the words that make it fire", () => {
    const rule = ruleOf({ id: "breaker", severity: "info", when: "circuit_breaker_state != closed" });
    expect(sampleTransition(rule, atMs).value).not.toBe("closed");
  });
});
