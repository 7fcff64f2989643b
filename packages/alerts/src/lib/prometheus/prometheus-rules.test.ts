import { allMetrics } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { ruleStatistics } from "../rule/catalogue.ts";
import { readRules } from "../rule/read-rules.ts";
import { shippedRules } from "../rule/shipped.ts";
import type { UserRule } from "../rule/user-rule.ts";
import { forms, slippageAccuracyForm } from "./forms.ts";
import { prometheusRules } from "./prometheus-rules.ts";
import type { AlertingRule } from "./rule-file.ts";
import { defaultPrometheusSettings, type PrometheusSettings } from "./settings.ts";

const shipped = shippedRules();

function alertsOf(
  rules: readonly UserRule[],
  settings?: Partial<PrometheusSettings>,
): ReadonlyMap<string, AlertingRule> {
  const { groups } = prometheusRules(readRules(rules, {}).rules, {
    ...defaultPrometheusSettings,
    ...settings,
  });
  const all = groups.flatMap(({ rules }) => rules).filter((rule) => "alert" in rule);
  return new Map(all.map((rule) => [rule.alert, rule]));
}

function reasonOf(when: string, more: Partial<UserRule> = {}): string | undefined {
  const { rules } = readRules([{ id: "asked", severity: "info", when, ...more }], {});
  return prometheusRules(rules).leftOut.find(({ id }) => id === "asked")?.reason;
}

describe("the forms of statistics", () => {
  it("are there for each statistic that a rule may name, and for no other", () => {
    const names = ruleStatistics.map(({ name }) => name).filter((name) => name !== "slippage_accuracy");
    expect([...forms.keys()].toSorted()).toEqual(names.toSorted());
  });

  it("name only metrics that exist", () => {
    const all = [...forms.values(), slippageAccuracyForm(50), slippageAccuracyForm(49)];
    const named = JSON.stringify(all).matchAll(/"(?:metric|of)":"(\w+?)(?:_bucket|_count)?"/g);
    const names = new Set(Array.from(named, ([, name]) => name));
    const known = allMetrics.filter(({ reserved }) => reserved !== true).map(({ name }) => name);
    expect(names.size).toBeGreaterThan(20);
    expect(known).toEqual(expect.arrayContaining([...names]));
  });
});

describe("rules for Prometheus", () => {
  it("have every shipped rule, or a reason", () => {
    const { leftOut } = prometheusRules(shipped);
    const names = [...alertsOf([]).keys(), ...leftOut.map(({ id }) => id)];
    expect(names).toEqual(expect.arrayContaining(shipped.map(({ id }) => id)));
    expect(leftOut.map(({ id }) => id)).toEqual([
      "mev-budget-fast",
      "mev-budget-hour",
      "daily-summary",
      "benchmark-results",
    ]);
  });

  it("have the labels that the inhibition needs: name, service, severity and source", () => {
    const alerts = alertsOf([{ id: "node-latency-critical", labels: { team: "trading" } }]);
    expect(alerts.get("node-latency-critical")?.labels).toEqual({
      team: "trading",
      service: "slipstream",
      severity: "critical",
      source: "prometheus",
    });
    // Their service is that of the series.
    expect(alerts.get("memory-high")?.labels).toEqual({ severity: "warning", source: "prometheus" });
    expect(alerts.get("memory-high")?.expr).toContain('"service", "$1", "job"');
  });

  it("never ask for a quantile of a histogram, which never answers above the last bound", () => {
    for (const { expr } of alertsOf([]).values()) expect(expr).not.toContain("histogram_quantile");
    expect(alertsOf([]).get("node-latency-critical")?.expr).toMatch(/le="0\.2".*< 0\.99/s);
  });

  it("keep the times of a rule", () => {
    expect(alertsOf([]).get("memory-high")).toMatchObject({ for: "1m", keep_firing_for: "1m" });
    expect(alertsOf([]).get("service-silent")).not.toHaveProperty("for");
  });

  it("take a threshold between two bounds from the aggregator's percentiles", () => {
    const rule = { id: "node-latency-critical", when: "node_latency_p99 > 150 ms" } as const;
    const expr = alertsOf([rule]).get(rule.id)?.expr ?? "";
    expect(expr).toContain(
      'slipstream_latency_seconds{job="slipstream-aggregator",operation="solana.rpc",quantile="0.99"} > 0.15',
    );
    expect(expr).toContain(
      'increase(slipstream_operation_latency_seconds_count{job="slipstream-aggregator",operation="solana.rpc"}[5m]) >= 100',
    );
  });

  it("write a bound that is a whole number in both forms that Prometheus has", () => {
    const rule = { id: "trade-latency-high", when: "trade_latency_p99 > 1 s" } as const;
    expect(alertsOf([rule]).get(rule.id)?.expr).toContain('le=~"1|1[.]0"');
  });

  it("have windows in which a few samples are, however seldom there is one", () => {
    const exprOf = (scrapeSeconds: number): string =>
      alertsOf([], { scrapeSeconds }).get("trade-failure-rate-high")?.expr ?? "";
    expect(exprOf(5)).toContain("[1m]");
    expect(exprOf(60)).toContain("[4m]");
  });

  it("have the aggregator's windows and tolerance", () => {
    const settings = { rateWindowSeconds: 120, percentileWindowSeconds: 600, slippageToleranceBps: 30 };
    const alerts = alertsOf([], settings);
    expect(alerts.get("trade-failure-rate-high")).toMatchObject({
      expr: expect.stringContaining("[2m]"),
      annotations: { description: expect.stringContaining("in the last 2m") },
    });
    expect(alerts.get("trade-latency-high")?.expr).toContain("[10m]");
    expect(alerts.get("slippage-accuracy-low")?.expr).toMatch(/^slipstream_slippage_accuracy_ratio\{/);
  });

  it.each([
    ["failure_rate > 10 %", "1m"],
    ["failure_rate[10m] > 10 %", "10m"],
    ["trades_per_minute < 5", "1m"],
    ["node_latency_p99 > 200 ms", "5m"],
    ["node_latency_p99 > 150 ms", "5m"],
    // The aggregator's window for MEV is not known here, and a gauge has none.
    ["mev_avoidance_rate < 80 %", "unknown"],
    ["memory_used > 80 %", "unknown"],
  ])("say of %s over how long its value is counted: %s", (when, window) => {
    const rule = { id: "asked", severity: "info", when, message: "over {window}" } as const;
    const [first] = alertsOf([rule]).get("asked")?.annotations.description?.split("\n") ?? [];
    expect(first).toBe(`over ${window}`);
  });

  it.each([
    ["node_latency_p99[1m] > 150 ms", "has a window of its own"],
    ["jupiter_latency_p99 > 150 ms", "no bound of jupiter_api_latency_seconds: 10, 50, 100, 200, 500 ms"],
    ["mev_loss_usd[1h] > $5", "has a window of its own"],
    ['node_latency_by_service{quantile="0.99"} > 50 ms', "minSamples: 0"],
    ["total_pnl < 0", "capital"],
    ["daily_summary", "happens"],
  ])("leave out %s, and say why", (when, reason) => {
    expect(reasonOf(when)).toContain(reason);
  });

  it("leave out what is off", () => {
    const { leftOut } = prometheusRules(readRules([{ id: "memory-high", enabled: false }], {}).rules);
    expect(leftOut).toContainEqual({ id: "memory-high", reason: "it is off (enabled: false)" });
  });
});
