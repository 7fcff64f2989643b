import type { Condition } from "../../rule/condition.ts";
import type { Rule } from "../../rule/rule.ts";
import type { Reading } from "../reading.ts";

/** A rule that fires above 100, without `for`, that suppresses for 5 min and escalates to critical after 3 occurrences. */
export function rule(id: string, some: Partial<Rule> = {}): Rule {
  return {
    id,
    severity: "warning",
    off: null,
    when: condition(id, ">", 100),
    forSeconds: 0,
    clearForSeconds: 0,
    clearThreshold: null,
    minSamples: 1,
    suppressSeconds: 300,
    escalation: { after: 3, severity: "critical", channels: [] },
    mutes: [],
    title: id,
    message: "",
    detail: null,
    impact: null,
    action: null,
    recommendation: null,
    runbook: null,
    labels: {},
    shipped: false,
    ...some,
  };
}

export function condition(
  statistic: string,
  operator: Condition["operator"],
  threshold: number | string,
): Condition {
  const text = `${statistic} ${operator} ${threshold}`;
  return { text, statistic, labels: [], windowSeconds: null, operator, threshold };
}

export function reading(value: number | string | null, some: Partial<Reading> = {}): Reading {
  return { labels: {}, value, unit: "ms", count: 1000, windowSeconds: 300, ...some };
}
