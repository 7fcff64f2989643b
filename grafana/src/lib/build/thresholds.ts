import {
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { ruleStatistic, shippedRules } from "@slipstream/alerts";
import { colours } from "./colours.ts";

/** Where a value becomes worth a look, and where it is bad. */
export interface Limits {
  readonly warning?: number;
  readonly critical?: number;
  /** The lower, the worse. */
  readonly badBelow?: boolean;
}

const rules = shippedRules({});

const inPrometheus: Readonly<Record<string, (value: number) => number>> = {
  ms: (value) => value / 1000,
  "%": (value) => value / 100,
  s: (value) => value,
};

/**
 * The threshold of a shipped rule of alerts, in the unit that Prometheus has: seconds, or a ratio. So a line in a graph is where
 * the alert fires.
 * @throws Error if the rule has no such threshold
 */
export function ruleThreshold(id: string): number {
  const when = rules.find((rule) => rule.id === id)?.when;
  if (typeof when !== "object" || typeof when.threshold !== "number")
    throw new Error(`No rule ${id} has a threshold that is a number.`);
  const unit = ruleStatistic(when.statistic)?.unit ?? "";
  const convert = inPrometheus[unit];
  if (convert === undefined) throw new Error(`${when.statistic} is in ${unit}, which no panel shows.`);
  return convert(when.threshold);
}

/** Without limits nothing is good or bad, and everything is drawn in one colour. */
export function thresholds(limits: Limits | undefined): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(limits));
}

function steps(limits: Limits | undefined): Threshold[] {
  if (limits === undefined) return [{ value: null, color: colours.plain }];
  const { warning, critical, badBelow = false } = limits;
  if (badBelow) {
    const worst = critical === undefined ? colours.warning : colours.bad;
    return [
      { value: null, color: worst },
      ...(critical !== undefined && warning !== undefined
        ? [{ value: critical, color: colours.warning }]
        : []),
      { value: warning ?? critical ?? 0, color: colours.good },
    ];
  }
  return [
    { value: null, color: colours.good },
    ...(warning === undefined ? [] : [{ value: warning, color: colours.warning }]),
    ...(critical === undefined ? [] : [{ value: critical, color: colours.bad }]),
  ];
}
