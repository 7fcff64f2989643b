import { serviceMetrics } from "@slipstream/conventions";
import { expect, test } from "vitest";
import { prometheusRules } from "./prometheus-rules.ts";
import { defaultPrometheusSettings } from "./settings.ts";
import { decimal, firing, type InputSeries, type PromtoolTest, written } from "./testing/promtool-tests.ts";
import { runPromtool } from "./testing/run-promtool.ts";

const labels = { job: "desk", instance: "p-1" };
const HOUR = 60;
const { trades, tradeExecutionLatency } = serviceMetrics;
const groups = prometheusRules([]).groups.filter(({ name }) => name === "slipstream-objectives");

type Alert = readonly [name: string, severity: string];

/** How long which share of how many trades a minute was good, after each other. */
type Story = readonly { readonly minutes: number; readonly share: number; readonly trades: number }[];

/** A counter that goes up by a part of the trades. */
function counter(
  series: string,
  story: Story,
  stepMinutes: number,
  part: (share: number) => number,
): InputSeries {
  let from = 0;
  const pieces = story.map(({ minutes, share, trades }) => {
    const perStep = part(share) * trades * stepMinutes;
    const steps = minutes / stepMinutes;
    const piece = `${decimal(from)}+${decimal(perStep)}x${steps - 1}`;
    from += perStep * steps;
    return piece;
  });
  return { series, values: `${pieces.join(" ")} ${decimal(from)}` };
}

function success(story: Story, step: number): readonly InputSeries[] {
  return [
    counter(written(trades.name, { ...labels, status: "success" }), story, step, (share) => share),
    counter(written(trades.name, { ...labels, status: "failed" }), story, step, (share) => 1 - share),
  ];
}

function latency(story: Story, step: number): readonly InputSeries[] {
  const { name } = tradeExecutionLatency;
  return [
    counter(written(`${name}_bucket`, { ...labels, le: "0.1" }), story, step, (share) => share),
    counter(written(`${name}_count`, labels), story, step, () => 1),
  ];
}

function fires(
  [alert, severity]: Alert,
  name: string,
  series: readonly InputSeries[],
  minutes: number,
  does: boolean,
  step = 1,
): PromtoolTest {
  const more = { at: `${minutes}m`, interval: `${step}m`, labels: { service: "slipstream", severity } };
  return firing(`${alert}: ${name}`, series, alert, does, more);
}

// Before the long window there were so many good trades that the longer window of the same alert does not fire.
test.each([
  [["trade-success-budget", "critical"], success, 0.28, 1 * HOUR, 5 * HOUR, 1],
  [["trade-success-budget", "critical"], success, 0.7, 6 * HOUR, 1 * HOUR, 1],
  [["trade-success-budget", "warning"], success, 0.85, 24 * HOUR, 48 * HOUR, 10],
  [["trade-success-budget", "warning"], success, 0.95, 72 * HOUR, 1 * HOUR, 10],
  [["trade-latency-budget", "critical"], latency, 0.856, 1 * HOUR, 5 * HOUR, 1],
  [["trade-latency-budget", "critical"], latency, 0.94, 6 * HOUR, 1 * HOUR, 1],
  [["trade-latency-budget", "warning"], latency, 0.97, 24 * HOUR, 48 * HOUR, 10],
  [["trade-latency-budget", "warning"], latency, 0.99, 72 * HOUR, 1 * HOUR, 10],
] as const)(
  "%j (%#) fires if less than its threshold was good in its windows",
  (alert, seriesOf, threshold, window, before, step) => {
    const bad = window + 30;
    const at = (share: number): readonly InputSeries[] =>
      seriesOf(
        [
          { minutes: before, share: 1, trades: 2_000 },
          { minutes: bad, share, trades: 100 },
        ],
        step,
      );
    const end = before + bad;
    const tests = [
      fires(alert, "just under", at(threshold - 0.002), end, true, step),
      fires(alert, "at", at(threshold), end, false, step),
      fires(alert, "just over", at(threshold + 0.002), end, false, step),
    ];
    expect(runPromtool(groups, tests, "30m")).toContain("SUCCESS");
  },
);

test("an alert about a budget ends soon after its cause, and needs enough trades", () => {
  const alert: Alert = ["trade-success-budget", "critical"];
  const story: Story = [
    { minutes: 360, share: 1, trades: 100 },
    { minutes: 60, share: 0, trades: 100 },
    { minutes: 30, share: 1, trades: 100 },
  ];
  const few = [
    { series: written(trades.name, { ...labels, status: "success" }), values: "0+0x450" },
    { series: written(trades.name, { ...labels, status: "failed" }), values: "0+0.04x450" },
  ];
  expect(
    runPromtool(
      groups,
      [
        fires(alert, "while it goes on", success(story, 1), 420, true),
        fires(alert, "soon after", success(story, 1), 430, false),
        fires(alert, "15 trades in six hours", few, 420, false),
      ],
      "5m",
    ),
  ).toContain("SUCCESS");
});

test("a budget that even nothing but failures cannot burn that fast has no such alert", () => {
  const objectives = { ...defaultPrometheusSettings.objectives, successPercent: 80 };
  const { groups: some, leftOut } = prometheusRules([], { ...defaultPrometheusSettings, objectives });
  const names = some.flatMap(({ rules }) =>
    rules.flatMap((rule) => ("alert" in rule ? [`${rule.alert} ${rule.labels.severity}`] : [])),
  );
  expect(names).not.toContain("trade-success-budget critical");
  expect(names).toContain("trade-success-budget warning");
  expect(leftOut.map(({ reason }) => reason)).toEqual([
    "with an objective of 80 % that is more than all trades",
    "with an objective of 80 % that is more than all trades",
  ]);
  expect(runPromtool(some, [])).toContain("SUCCESS");
});
