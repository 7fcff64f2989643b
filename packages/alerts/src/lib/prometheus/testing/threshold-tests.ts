import { serviceMetrics } from "@slipstream/conventions";
import { type RuleStatistic, ruleStatistic } from "../../rule/catalogue.ts";
import type { Condition } from "../../rule/condition.ts";
import type { Rule } from "../../rule/rule.ts";
import { holds } from "../../state/judgement.ts";
import { boundOf, formOf, quantileOf } from "../expression.ts";
import type { Form, FreshForm, GaugeForm, ShareForm, Source, WithinForm, WordForm } from "../forms.ts";
import { type PrometheusSettings, windowOf } from "../settings.ts";
import {
  constant,
  decimal,
  firing,
  growing,
  type InputSeries,
  type Labels,
  type PromtoolTest,
  STEP_SECONDS,
  written,
} from "./promtool-tests.ts";

/** How far a value is from its threshold, of the threshold. */
const NEAR = 0.005;
const MANY = 1_000;
/** Whole percents of it are whole numbers, as counters are, and Prometheus divides what they come to exactly. */
const PER_STEP = 300;
/** After a longer window a test takes place later than others. */
const LONG_SECONDS = 300;
const NUMBERS: Readonly<Record<string, number>> = { closed: 0, open: 1, half_open: 2, up: 1, down: 0 };

/** Tests of a rule: its value just under its threshold, at it and just over it, with too few samples, and without data. */
export function thresholdTests(rule: Rule, settings: PrometheusSettings): readonly PromtoolTest[] {
  const { id, when, minSamples, severity } = rule;
  const statistic = typeof when === "string" ? undefined : ruleStatistic(when.statistic);
  if (typeof when === "string" || statistic === undefined) return [];
  const form = formOf(statistic, when, settings);
  if (form === undefined || form.kind === "none") return [];
  const service = Object.hasOwn(statistic.labels, "service") ? "desk" : "slipstream";
  const test = (name: string, series: readonly InputSeries[], fires: boolean): PromtoolTest =>
    firing(`${id}: ${name}`, series, id, fires, {
      labels: { service, severity },
      ...(window > LONG_SECONDS && { at: `${window + LONG_SECONDS}s` }),
    });
  const isPercentile = statistic.kind === "percentile";
  const own = isPercentile ? settings.percentileWindowSeconds : settings.rateWindowSeconds;
  const window = windowOf(when.windowSeconds ?? own, settings);
  const nothing = test("no data", [], false);
  if (form.kind === "silence") return [nothing, ...silenceTests(rule, { service, severity })];
  if (form.kind === "breaker" || form.kind === "dependency" || form.kind === "up")
    return [
      nothing,
      ...statistic.words.map((word) =>
        test(`is ${word}`, wordSeries(form, statistic, word), isTrue(when, word)),
      ),
    ];
  const steps = window / STEP_SECONDS;
  const series = (value: number, samples: number): readonly InputSeries[] =>
    numberSeries(form, statistic, when, value, samples, samples / steps);
  const threshold = Number(when.threshold);
  const enough = Math.ceil(Math.max(MANY, 2 * minSamples) / steps / PER_STEP) * PER_STEP * steps;
  const far = threshold * (when.operator.startsWith(">") ? 1.1 : 0.9);
  const samples = [
    test("too few samples", series(far, minSamples * 0.9), false),
    test("enough samples", series(far, minSamples * 1.1), true),
  ];
  return [
    nothing,
    ...[threshold * (1 - NEAR), threshold, threshold * (1 + NEAR)].map((value) =>
      test(
        `${decimal(value)}`,
        series(value, enough),
        isTrue(form.kind === "within" ? inBuckets(when) : when, value),
      ),
    ),
    ...(minSamples > 0 ? samples : []),
  ];
}

/** By the comparison that Slipstream makes itself. */
function isTrue({ operator, threshold }: Condition, value: number | string): boolean {
  return holds(operator, value, threshold);
}

/** A bucket holds the values that equal its bound, so that whether a percentile equals it cannot be told. */
function inBuckets(when: Condition): Condition {
  return { ...when, operator: when.operator.startsWith(">") ? ">" : "<=" };
}

function numberSeries(
  form: Exclude<Form, WordForm | { readonly kind: "none" | "silence" }>,
  statistic: RuleStatistic,
  when: Condition,
  value: number,
  samples: number,
  perStep: number,
): readonly InputSeries[] {
  switch (form.kind) {
    case "share":
      return shareSeries(form, statistic, value / 100, perStep);
    case "within":
      return withinSeries(form, statistic, when, value, perStep);
    case "pace": {
      const labels = labelsOf("services", statistic, { status: "success" });
      return [growing(form.counter.metric, labels, (value * STEP_SECONDS) / 60)];
    }
    case "gauge":
      return gaugeSeries(form, statistic, value, form.samples?.isCounter === true ? perStep : samples);
    case "fresh":
      return freshSeries(form, statistic, value);
  }
}

/** Labels of a series with a value for each label of the statistic. A service of theirs is "desk". */
function labelsOf(source: Source, { labels }: RuleStatistic, chosen: Labels = {}): Labels {
  const {
    service,
    process: _,
    ...own
  } = Object.fromEntries(
    Object.entries(labels).map(([label, values]) => [label, values === "open" ? "a" : (values[2] ?? "")]),
  );
  if (source === "services") return { job: "trading/desk", instance: "p-1", ...own, ...chosen };
  const ofService = service === undefined ? {} : { service: "desk" };
  return { job: "slipstream-aggregator", instance: "a:9480", ...own, ...ofService, ...chosen };
}

function shareSeries(
  { source, part, whole }: ShareForm,
  statistic: RuleStatistic,
  share: number,
  perStep: number,
): readonly InputSeries[] {
  const isPartOfWhole = part.metric === whole.metric;
  const rest = isPartOfWhole ? { status: part.chosen?.status === "failed" ? "success" : "failed" } : {};
  return [
    growing(part.metric, labelsOf(source, statistic, part.chosen), share * perStep),
    growing(whole.metric, labelsOf(source, statistic, rest), isPartOfWhole ? (1 - share) * perStep : perStep),
  ];
}

/** As many values within the bound as put the percentile just under, at or just over the threshold. */
function withinSeries(
  form: WithinForm,
  statistic: RuleStatistic,
  when: Condition,
  value: number,
  perStep: number,
): readonly InputSeries[] {
  const { histogram, source } = form;
  const q = quantileOf(when);
  const threshold = Number(when.threshold);
  const share = value > threshold ? q * (1 - NEAR) : value < threshold ? q + (1 - q) / 2 : q;
  const labels = labelsOf(source, statistic);
  const le = decimal(boundOf(form, when) ?? Number.NaN);
  return [
    growing(`${histogram.name}_bucket`, { ...labels, le }, share * perStep),
    growing(`${histogram.name}_count`, labels, perStep),
  ];
}

function gaugeSeries(
  { series, scale, samples }: GaugeForm,
  statistic: RuleStatistic,
  value: number,
  count: number,
): readonly InputSeries[] {
  const labels = labelsOf("aggregator", statistic, series.chosen);
  const own = constant(series.metric, labels, value * scale);
  if (samples === undefined) return [own];
  const { ignoring, without, isCounter } = samples;
  const behind = {
    ...Object.fromEntries(Object.entries(labels).filter(([label]) => !ignoring.includes(label))),
    ...Object.fromEntries(without.map((label) => [label, "success"])),
    ...samples.series.chosen,
  };
  return [own, (isCounter ? growing : constant)(samples.series.metric, behind, count)];
}

function freshSeries(
  { metric, of, scale }: FreshForm,
  statistic: RuleStatistic,
  value: number,
): readonly InputSeries[] {
  const labels = labelsOf("services", statistic);
  if (of === undefined) return [constant(metric, labels, value * scale)];
  return [constant(metric, labels, value * scale * 1e9), constant(of, labels, 1e9)];
}

function wordSeries(
  { kind, series }: WordForm,
  statistic: RuleStatistic,
  word: string,
): readonly InputSeries[] {
  const labels = labelsOf(kind === "up" ? "aggregator" : "services", statistic, series.chosen);
  return [constant(series.metric, labels, NUMBERS[word] ?? Number.NaN)];
}

/** A process of which nothing comes any more, until just before, at and after the threshold, and one that says that it ends. */
function silenceTests({ id, when }: Rule, labels: Labels): readonly PromtoolTest[] {
  const threshold = typeof when === "string" ? 0 : Number(when.threshold);
  const last = 300;
  const test = (name: string, end: number, afterSeconds: number, fires: boolean): PromtoolTest => {
    const up = written(serviceMetrics.processUp.name, { job: "trading/desk", instance: "p-1" });
    const values = `1+0x${last / STEP_SECONDS - 1} ${end} _x200`;
    const at = `${last + afterSeconds}s`;
    return firing(`${id}: ${name}`, [{ series: up, values }], id, fires, { at, labels });
  };
  return [
    test("just under", 1, threshold - STEP_SECONDS, false),
    test("at", 1, threshold, false),
    test("just over", 1, threshold + STEP_SECONDS, true),
    test("long after", 1, 2_400, true),
    test("it said that it ends", 0, threshold + STEP_SECONDS, false),
  ];
}
