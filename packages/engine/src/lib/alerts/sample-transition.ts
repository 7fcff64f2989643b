import {
  type Rule,
  type RuleStatistic,
  ruleStatistic,
  seriesMatcher,
  type Transition,
  type TransitionCore,
} from "@slipstream/alerts";
import type { LabelledStatisticValue } from "../model.ts";
import { describeAlert } from "./describe.ts";

/** Behind a value that is made of several; one that was only reported has one. */
const SAMPLES = 500;
const REPORTED: ReadonlySet<string | undefined> = new Set(["gauge", "share", "word"]);
const WINDOW_SECONDS = 60;
const DAY_MS = 86_400_000;
/** Stands for a label's value that could be anything. */
const EXAMPLE = "example";

/**
 * What would be sent if a rule fired, with values made up: for tests of channels and of a rule's texts. The value is a bit beyond the
 * threshold.
 * @param atMs when it fires, Unix ms
 */
export function sampleTransition(rule: Rule, atMs: number): Transition {
  const { id, when, severity } = rule;
  const statistic = typeof when === "string" ? undefined : ruleStatistic(when.statistic);
  const labels = { ...sampleLabels(rule, statistic), ...rule.labels };
  const value = sampleValue(rule, statistic);
  const happening = new Date(atMs - DAY_MS).toISOString().slice(0, 10);
  const core: TransitionCore = {
    key: `test/${id}/${atMs}`,
    ...{
      alert: id,
      rule: id,
      labels,
      episode: 1,
      severity,
      occurrence: 1,
      atMs,
      firedMs: atMs,
      eventMs: atMs,
    },
    ...{ value, worst: value, unit: statistic?.unit ?? "", count: samplesOf(statistic), channels: [] },
    ...(typeof when === "string"
      ? { kind: "happened", happening, threshold: null, statistic: null }
      : { kind: "firing", threshold: when.threshold, statistic: when.statistic }),
  };
  const text = describeAlert(rule, core, {
    entry: (name, seconds) => {
      const known = ruleStatistic(name);
      // What a breakdown by label would hold is not made up.
      if (known === undefined || (name !== core.statistic && Object.keys(known.labels).length > 0)) {
        return undefined;
      }
      const shown =
        name === core.statistic ? value : known.kind === "word" ? (known.words[0] ?? null) : 1_234;
      const series = {
        value: shown,
        unit: known.unit,
        count: samplesOf(known),
        windowSeconds: seconds ?? WINDOW_SECONDS,
      };
      return name === core.statistic && Object.keys(known.labels).length > 0
        ? { series: [{ ...series, labels: sampleLabels(rule, known) } satisfies LabelledStatisticValue] }
        : series;
    },
    families: () => [],
    lastImpacted: undefined,
    lastFailed: undefined,
  });
  return { ...core, text };
}

function samplesOf(statistic: RuleStatistic | undefined): number {
  return REPORTED.has(statistic?.kind) ? 1 : SAMPLES;
}

/** A series that the rule is about. */
function sampleLabels(
  { when }: Rule,
  statistic: RuleStatistic | undefined,
): Readonly<Record<string, string>> {
  if (typeof when === "string" || statistic === undefined) return {};
  const entries = Object.entries(statistic.labels).map(([name, values]) => {
    const own = when.labels.filter(({ label }) => label === name);
    const exact = own.find(({ operator }) => operator === "=");
    if (exact !== undefined) return [name, exact.value];
    const matches = seriesMatcher(own);
    const candidates = values === "open" ? [EXAMPLE] : values;
    return [name, candidates.find((value) => matches({ [name]: value })) ?? EXAMPLE];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

/** A value that makes the rule fire. */
function sampleValue({ when }: Rule, statistic: RuleStatistic | undefined): number | string | null {
  if (typeof when === "string") return null;
  const { operator, threshold } = when;
  const isEqual = operator === "==" || operator === ">=" || operator === "<=";
  if (typeof threshold === "string") {
    return isEqual ? threshold : (statistic?.words.find((word) => word !== threshold) ?? EXAMPLE);
  }
  if (operator === "==") return threshold;
  const step = Math.max(1, Math.abs(threshold) / 5);
  if (operator === "<" || operator === "<=")
    return statistic?.unit === "%" ? 0.9 * threshold : threshold - step;
  // A share cannot be more than all.
  return statistic?.unit === "%" ? (threshold + Math.min(100, threshold + 2 * step)) / 2 : threshold + step;
}
