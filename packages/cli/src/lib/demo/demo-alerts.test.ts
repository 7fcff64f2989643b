import { readRules } from "@slipstream/alerts";
import { historyRow } from "@slipstream/engine";
import { expect, it } from "vitest";
import { newsOfAlerts } from "./alert-news.ts";
import { demoRules } from "./demo-rules.ts";
import { firedAlerts, firedAlertsText } from "./fired-alerts.ts";

it("the demo's rules are the shipped ones, with short times for those that fire in it", () => {
  const rules = new Map(demoRules().map((rule) => [rule.id, rule]));
  for (const id of ["node-latency-critical", "trade-latency-high", "circuit-breaker-open"]) {
    expect(rules.get(id)).toMatchObject({ off: null, shipped: true, suppressSeconds: 15 });
  }
  expect(rules.get("trade-latency-high")).toMatchObject({ severity: "warning", escalation: { after: 3 } });
  expect(rules.get("mev-avoidance-low")?.impact).toContain("true in the demo");
});

it("rules of a file are added to the demo's, and what it changes is as it has it", () => {
  const { rules: given } = readRules([
    { id: "node-latency-critical", when: "node_latency_p99 > 150 ms" },
    { id: "trades-stopped", severity: "info", when: "trades_per_minute < 1" },
  ]);
  const rules = new Map(demoRules(given).map((rule) => [rule.id, rule]));
  expect(rules.get("node-latency-critical")).toMatchObject({
    when: { threshold: 150 },
    suppressSeconds: 300,
  });
  expect(rules.get("trades-stopped")).toMatchObject({ severity: "info" });
  expect(rules.get("circuit-breaker-open")).toMatchObject({ suppressSeconds: 15 });
  expect(rules.size).toBe(demoRules().length + 1);
});

it("notifications are shown as lines of the view", () => {
  const text = "[WARNING] Slow\nIt is 5 s\nAction: look\n\n[RESOLVED] Slow\nNow: 1 s\n\n";
  expect(newsOfAlerts(text)).toEqual(["[WARNING] Slow: It is 5 s", "[RESOLVED] Slow: Now: 1 s"]);
});

it("the end of the demo reports what fired, how severe it became and when it was over", () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  const row = (second: number, values: Readonly<Record<string, string | number>>) =>
    historyRow("alerts", {
      timestamp: (atMs + second * 1_000) * 1_000 + 1,
      ...{ alert: "slow", episode: "1", occurrence: 1, severity: "warning", unit: "ms", ...values },
    } as never);
  const fired = firedAlerts([
    row(0, { transition: "firing", worst: 150 }),
    row(30, { transition: "escalated", severity: "critical", occurrence: 3, worst: 250 }),
    row(40, { transition: "firing", alert: "other" }),
    row(50, { transition: "resolved", severity: "critical", occurrence: 3, worst: 250 }),
    row(60, { transition: "happened", alert: "daily-summary" }),
  ]);
  const lines = firedAlertsText(fired).split("\n");
  expect(lines[1]).toMatch(/^slow +critical +03:04:05 +03:04:55 +3 +250ms$/);
  expect(lines[2]).toMatch(/^other +warning +03:04:45 +fires still +1$/);
  expect(lines).toHaveLength(3);
  expect(firedAlertsText([])).toBe("No alert fired.");
});
