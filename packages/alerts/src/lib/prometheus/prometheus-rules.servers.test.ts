import { serviceMetrics } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { type RuleStatistic, ruleStatistics } from "../rule/catalogue.ts";
import { problemText } from "../rule/problem.ts";
import { readRules } from "../rule/read-rules.ts";
import type { Rule } from "../rule/rule.ts";
import { shippedRules } from "../rule/shipped.ts";
import type { UserRule } from "../rule/user-rule.ts";
import { prometheusRules } from "./prometheus-rules.ts";
import type { RuleGroup } from "./rule-file.ts";
import { defaultPrometheusSettings as settings } from "./settings.ts";
import {
  constant,
  EVALUATED,
  firing,
  growing,
  type InputSeries,
  type Labels,
  STEP_SECONDS,
  written,
} from "./testing/promtool-tests.ts";
import { runPromtool } from "./testing/run-promtool.ts";
import { thresholdTests } from "./testing/threshold-tests.ts";

const PASSED = "SUCCESS";
const shipped = shippedRules({ mevBudgetUsdPerHour: 100 });
const untranslated = prometheusRules(shipped).leftOut.map(({ id }) => id);
const RULES_AT_A_TIME = 5;
const first: Labels = { job: "trading/desk", instance: "p-1" };
const second: Labels = { job: "maker", instance: "p-1" };
const aggregator: Labels = { job: "slipstream-aggregator", instance: "a:9480" };

/** Without the objectives, which have tests of their own. */
function groupsOf(rules: readonly Rule[]): readonly RuleGroup[] {
  return prometheusRules(rules).groups.filter(({ name }) => name === "slipstream");
}

function userRule(rule: UserRule): Rule {
  const { rules, problems } = readRules([rule], {});
  const read = rules.find(({ id }) => id === rule.id);
  if (read === undefined || problems.length > 0) throw new Error(problems.map(problemText).join("\n"));
  return read;
}

/** Statistics by these are made in the same way as those by pair. */
const LIKE_PAIR = /_by_(?:strategy|size|protection|landing_service)$/;
/** Its shipped rule has been tested, with evaluations as close together as it needs. */
const TO_THE_SECOND = "service_silent_seconds";
/** Those that are compared in every way. */
const EVERY_WAY = ["failure_rate", "node_latency_p99", "active_positions", "mev_loss_usd"];

/** Rules on a statistic: on each of its words if it is one, else with a threshold in the middle. */
function rulesOn({ name, labels, words, unit }: RuleStatistic): readonly Rule[] {
  const id = name.replaceAll("_", "-");
  if (words.length > 0)
    return words.flatMap((word, at) => [
      userRule({ id: `${id}-${at}`, severity: "info", when: `${name} == ${word}` }),
      userRule({ id: `${id}-not-${at}`, severity: "info", when: `${name} != ${word}` }),
    ]);
  const chosen = Object.hasOwn(labels, "quantile") ? '{quantile="0.99"}' : "";
  const threshold = unit === "ms" ? 50 : unit === "%" ? 75 : unit === "s" ? 120 : 200;
  return (EVERY_WAY.includes(name) ? [">", ">=", "<", "<="] : [">"]).map((operator, at) =>
    userRule({
      id: `${id}-${at}`,
      severity: "info",
      when: `${name}${chosen} ${operator} ${threshold}`,
      // How many calls are behind it is not exported.
      ...(name.includes("_latency_by_service") && { minSamples: 0 }),
    }),
  );
}

describe.each(shipped.filter(({ id }) => !untranslated.includes(id)).map((rule) => [rule.id, rule] as const))(
  "%s in Prometheus",
  (_, rule) => {
    it("fires beyond its threshold, and neither at it, nor before it, nor without enough samples", () => {
      const tests = thresholdTests(rule, settings);
      expect(tests.length).toBeGreaterThan(2);
      expect(runPromtool(groupsOf([rule]), tests)).toContain(PASSED);
    });
  },
);

describe("rules of users in Prometheus", () => {
  const rules = ruleStatistics.flatMap(rulesOn);
  const left = prometheusRules(rules).leftOut.map(({ id }) => id);
  const translated = rules.filter(({ id }) => !left.includes(id));

  it("fire beyond their threshold, with every statistic that Prometheus has", () => {
    const tested = translated.filter(
      ({ when }) =>
        typeof when === "object" && !LIKE_PAIR.test(when.statistic) && when.statistic !== TO_THE_SECOND,
    );
    expect(tested.length).toBeGreaterThan(60);
    // Few at a time, for promtool evaluates all rules of the file for each test.
    for (let at = 0; at < tested.length; at += RULES_AT_A_TIME) {
      const some = tested.slice(at, at + RULES_AT_A_TIME);
      const tests = some.flatMap((rule) => thresholdTests(rule, settings));
      expect(runPromtool(groupsOf(some), tests, "1m")).toContain(PASSED);
    }
  });

  it("are valid with every label", () => {
    expect(runPromtool(groupsOf(translated), [])).toContain(`${translated.length + 2} rules found`);
  });
});

describe("the rules in Prometheus", () => {
  const test = (alert: string, name: string, series: readonly InputSeries[], fires: boolean) =>
    firing(`${alert}: ${name}`, series, alert, fires);
  const trades = (labels: Labels, failed: number, succeeded: number): readonly InputSeries[] => [
    growing(serviceMetrics.trades.name, { ...labels, status: "failed" }, failed),
    growing(serviceMetrics.trades.name, { ...labels, status: "success" }, succeeded),
  ];
  const { circuitBreakerState, dependencyUp, processUp } = serviceMetrics;
  const open = written(circuitBreakerState.name, first);

  it("sum up the services, and never add what the aggregator computed from the same trades", () => {
    const id = "trade-failure-rate-critical";
    expect(
      runPromtool(groupsOf(shipped), [
        test(id, "8 % of all", [...trades(first, 16, 84), ...trades(second, 0, 100)], false),
        test(id, "11 % of all", [...trades(first, 22, 78), ...trades(second, 0, 100)], true),
        test(id, "the aggregator alone", trades(aggregator, 50, 50), false),
        test(
          id,
          "the aggregator sees others",
          [...trades(first, 22, 78), ...trades(aggregator, 0, 900)],
          true,
        ),
      ]),
    ).toContain(PASSED);
  });

  it("are of each desk by itself, and name it", () => {
    const id = "trade-failure-rate-critical";
    const other = { ...first, slipstream_desk: "other" };
    const labels = { service: "slipstream", severity: "critical" };
    const both = [...trades(first, 22, 78), ...trades(other, 0, 1_000)];
    const bothFail = [...trades(first, 22, 78), ...trades(other, 200, 800)];
    const groups = groupsOf(shipped);
    expect(
      runPromtool(groups, [
        firing(`${id}: the desk without a name`, both, id, true, { labels }),
        firing(`${id}: the other`, trades(other, 200, 800), id, true, {
          labels: { ...labels, desk: "other", slipstream_desk: "other" },
        }),
      ]),
    ).toContain(PASSED);
    const named = prometheusRules(shipped, { ...settings, desk: "own" }).groups;
    expect(
      runPromtool(named, [
        firing(`${id}: the own desk`, both, id, true, { labels: { ...labels, desk: "own" } }),
        firing("trade-failure-rate-high: muted by its own desk", bothFail, "trade-failure-rate-high", false),
        firing(
          "the aggregator's series",
          [constant("slipstream_sink_up", { ...aggregator, sink: "redis" }, 0)],
          "sink-failing",
          true,
          {
            labels: { service: "slipstream", severity: "warning", desk: "own" },
          },
        ),
      ]),
    ).toContain(PASSED);
  });

  it("leave out an alert while one that mutes it fires", () => {
    const id = "trade-failure-rate-high";
    expect(
      runPromtool(groupsOf(shipped), [
        test(id, "7 %", trades(first, 7, 93), true),
        test(id, "11 %", trades(first, 11, 89), false),
        test("trade-failure-rate-critical", "11 %", trades(first, 11, 89), true),
      ]),
    ).toContain(PASSED);
  });

  it("take no value for true that is older than a minute, or whose process said that it ends", () => {
    const id = "circuit-breaker-open";
    const closed = constant(circuitBreakerState.name, second, 0);
    const up = written(processUp.name, first);
    expect(
      runPromtool(groupsOf(shipped), [
        test(id, "one of two", [{ series: open, values: "1+0x60" }, closed], true),
        test(id, "two minutes ago", [{ series: open, values: "1+0x40 _x60" }, closed], false),
        test(
          id,
          "it has ended",
          [
            { series: open, values: "1+0x48" },
            { series: up, values: "1+0x46 0 0" },
          ],
          false,
        ),
        test(
          id,
          "it runs",
          [
            { series: open, values: "1+0x48" },
            { series: up, values: "1+0x48" },
          ],
          true,
        ),
      ]),
    ).toContain(PASSED);
  });

  it("report a data store by its type if one process does not reach it", () => {
    const store = (labels: Labels, type: string, value: number) =>
      constant(dependencyUp.name, { ...labels, type }, value);
    const series = [store(first, "redis", 1), store(second, "redis", 0), store(first, "questdb", 1)];
    const id = "database-connection-lost";
    expect(
      runPromtool(groupsOf(shipped), [
        firing("redis", series, id, true, { labels: { type: "redis" } }),
        firing("questdb", series, id, false, { labels: { type: "questdb" } }),
      ]),
    ).toContain(PASSED);
  });

  it("report an aggregator that does not answer, or that is not scraped", () => {
    const up = (values: string): readonly InputSeries[] => [{ series: written("up", aggregator), values }];
    const id = "aggregator-down";
    expect(
      runPromtool(groupsOf(shipped), [
        test(id, "it is up", up("1+0x60"), false),
        test(id, "down for a quarter of a minute", up("1+0x46 0 0"), false),
        test(id, "down for two minutes", up("1+0x40 0+0x20"), true),
        test(id, "not scraped", [], true),
      ]),
    ).toContain(PASSED);
  });

  it("have texts with values, names of services and processes, and no template of a user", () => {
    const rule = userRule({
      id: "slow-node",
      severity: "warning",
      when: "node_latency_p99 > 200 ms",
      title: "Slow {{",
      message: "Over {threshold}: {value}",
      detail: "{mev_loss_usd}",
      labels: { team: "trading" },
    });
    const memory = [
      constant(serviceMetrics.memoryUsage.name, first, 900),
      constant(serviceMetrics.memoryLimit.name, first, 1_000),
    ];
    const calls = serviceMetrics.solanaNodeLatency.name;
    const node = [
      growing(`${calls}_bucket`, { ...first, le: "0.2" }, 97.5),
      growing(`${calls}_count`, first, 100),
    ];
    expect(
      runPromtool(groupsOf([...shipped, rule]), [
        {
          interval: `${STEP_SECONDS}s`,
          input_series: [...memory, ...node, constant("up", aggregator, 1)],
          alert_rule_test: [
            {
              eval_time: EVALUATED,
              alertname: "memory-high",
              exp_alerts: [
                {
                  exp_labels: {
                    severity: "warning",
                    source: "prometheus",
                    job: "trading/desk",
                    instance: "p-1",
                    service: "desk",
                    process: "p-1",
                  },
                  exp_annotations: {
                    summary: "High Memory Usage",
                    description: "A process of desk uses 90% of its memory (threshold: 80%)",
                    impact: "The process is killed when it reaches its limit",
                    action: "Restart the process at a quiet time, or raise its limit",
                  },
                },
              ],
            },
            {
              eval_time: EVALUATED,
              alertname: "slow-node",
              exp_alerts: [
                {
                  exp_labels: {
                    severity: "warning",
                    source: "prometheus",
                    service: "slipstream",
                    team: "trading",
                  },
                  exp_annotations: {
                    summary: "Slow {{",
                    description: "Over 200ms: over 200ms\n97.5% of calls took 200ms or less",
                  },
                },
              ],
            },
          ],
        },
      ]),
    ).toContain(PASSED);
  });

  it("choose services by name, whatever their namespace is", () => {
    const of = (id: string, matcher: string): Rule =>
      userRule({ id, severity: "info", when: `memory_usage_by_process{${matcher}} > 100 bytes` });
    const rules = [
      of("this", 'service="desk"'),
      of("other", 'service!="desk"'),
      of("some", 'service=~"d.*|x"'),
      of("none", 'service=~"des"'),
    ];
    const series = [constant(serviceMetrics.memoryUsage.name, first, 200)];
    expect(
      runPromtool(groupsOf(rules), [
        test("this", "", series, true),
        test("other", "", series, false),
        test("some", "", series, true),
        test("none", "", series, false),
      ]),
    ).toContain(PASSED);
  });
});
