import { type RuleStatistic, ruleStatistic } from "../rule/catalogue.ts";
import type { Condition, Matcher } from "../rule/condition.ts";
import { chosenQuantile } from "../rule/read-condition.ts";
import type { Rule } from "../rule/rule.ts";
import { DESK_OF_SERVICES, withDesk } from "./desk.ts";
import {
  type Form,
  type FreshForm,
  forms,
  type GaugeForm,
  type GaugeWindow,
  isClose,
  latencyForm,
  recentCompletenessForm,
  type ShareForm,
  type Source,
  slippageAccuracyForm,
  type WithinForm,
  type WordForm,
} from "./forms.ts";
import { freshProcesses } from "./fresh.ts";
import { bucketLabel, combined, indented, plain, quoted, ranged, type Series, selector } from "./promql.ts";
import { type PrometheusSettings, windowOf } from "./settings.ts";
import { silenceOf } from "./silence.ts";

/** A condition in PromQL. */
export interface Expression {
  readonly expr: string;
  /** What `$value` of an alert is, for texts. */
  readonly value: ValueOf;
  /** What it is counted over, in seconds; absent: it has no window, or only the aggregator knows it. */
  readonly windowSeconds?: number;
}

/**
 * - `ratio`, `seconds`, `bytes`, `usd`, `number`: the statistic's value
 * - `within`: the share of values within the threshold, which stands for a percentile
 * - `word`: it says nothing; the word is the condition's
 */
export type ValueOf =
  | { readonly is: "ratio" | "seconds" | "bytes" | "usd" | "number" | "word" }
  | { readonly is: "within"; readonly what: string };

/** Why a condition has no form in PromQL, as a phrase. */
export interface NotTranslatable {
  readonly reason: string;
}

/** Labels of the aggregator's series that are not of the statistic. */
const IDENTITY = ["desk", "instance", "job"];

/** How labels of a statistic are called in series of services. */
const SERVICE_LABELS: Readonly<Record<string, string>> = { service: "job", process: "instance" };

/** `job` of a service with a namespace is "NAMESPACE/NAME". */
const NAMESPACE = "(?:.*/)?";

/** Whether the condition of a rule can be told from series in Prometheus, and how. */
export function expressionOf(
  { when, minSamples }: Pick<Rule, "when" | "minSamples">,
  settings: PrometheusSettings,
): Expression | NotTranslatable {
  if (typeof when === "string") return { reason: "it is about something that happens, not about a value" };
  const statistic = ruleStatistic(when.statistic);
  const form = statistic && formOf(statistic, when, settings);
  if (statistic === undefined || form === undefined)
    return { reason: `${when.statistic} has no form in PromQL` };
  const found = new Translation(statistic, when, minSamples, settings).of(form);
  if ("reason" in found) return found;
  return { ...found, expr: withDesk(found.expr, [sourceOf(form)], settings) };
}

/** The form of a statistic; of a percentile whose threshold is no bound, that of the aggregator's own percentiles. */
export function formOf(
  { name }: RuleStatistic,
  when: Condition,
  { slippageToleranceBps }: PrometheusSettings,
): Form | undefined {
  if (name === "slippage_accuracy") return slippageAccuracyForm(slippageToleranceBps);
  if (name === "completeness" && when.windowSeconds !== null) return recentCompletenessForm;
  const form = forms.get(name);
  if (form?.kind !== "within" || boundOf(form, when) !== undefined || form.operation === undefined)
    return form;
  const { series, ...rest } = latencyForm;
  return {
    ...rest,
    series: { ...series, chosen: { operation: form.operation, quantile: String(quantileOf(when)) } },
    ...(latencyForm.samples && {
      samples: {
        ...latencyForm.samples,
        series: { ...latencyForm.samples.series, chosen: { operation: form.operation } },
      },
    }),
  };
}

/** The bound of a histogram that a threshold is. */
export function boundOf({ histogram, scale }: WithinForm, { threshold }: Condition): number | undefined {
  return histogram.buckets?.find((bound) => isClose(bound, Number(threshold) * scale));
}

/** The quantile that a condition is about. */
export function quantileOf({ statistic, labels }: Condition): number {
  return ruleStatistic(statistic)?.quantile ?? chosenQuantile(labels) ?? Number.NaN;
}

/** Whose series a form is about. */
function sourceOf(form: Form): Source {
  if (form.kind === "gauge" || form.kind === "up") return "aggregator";
  return "source" in form ? form.source : "services";
}

class Translation {
  readonly #statistic: RuleStatistic;
  readonly #when: Condition;
  readonly #minSamples: number;
  readonly #settings: PrometheusSettings;

  constructor(statistic: RuleStatistic, when: Condition, minSamples: number, settings: PrometheusSettings) {
    this.#statistic = statistic;
    this.#when = when;
    this.#minSamples = minSamples;
    this.#settings = settings;
  }

  of(form: Form): Expression | NotTranslatable {
    switch (form.kind) {
      case "none":
        return { reason: form.reason };
      case "share":
        return this.#share(form);
      case "within":
        return this.#within(form);
      case "pace":
        return {
          expr: this.#compared(
            `${combined("sum", this.#by("services"), ranged("rate", this.#select(form.counter, "services"), this.#window("rates")))} * 60`,
            1,
          ),
          value: { is: "number" },
          windowSeconds: this.#window("rates"),
        };
      case "gauge":
        return this.#gauge(form);
      case "fresh":
        return this.#fresh(form);
      case "breaker":
      case "dependency":
      case "up":
        return this.#word(form);
      case "silence":
        return {
          expr: this.#named(this.#compared(silenceOf(this.#matchers("services")), 1)),
          value: { is: "seconds" },
        };
    }
  }

  #share({ source, part, whole }: ShareForm): Expression {
    const by = this.#by(source);
    const window = this.#window("rates");
    const sum = (call: "rate" | "increase", series: Series): string =>
      combined("sum", by, ranged(call, this.#select(series, source), window));
    const expr = this.#compared(`${sum("rate", part)}\n/\n${sum("rate", whole)}`, 0.01);
    return {
      expr: this.#enough(expr, "", sum("increase", whole)),
      value: { is: "ratio" },
      windowSeconds: window,
    };
  }

  /**
   * `histogram_quantile` answers at most the last bound, so it never passes a threshold that is the last bound. A P99 is above a bound if
   * less than 99 % of the values are within it.
   */
  #within(form: WithinForm): Expression | NotTranslatable {
    const { histogram, source, what } = form;
    const bound = boundOf(form, this.#when);
    const { operator } = this.#when;
    if (bound === undefined) {
      const bounds = histogram.buckets?.map((each) => plain(each / form.scale)).join(", ");
      return { reason: `the threshold is no bound of ${histogram.name}: ${bounds} ${this.#statistic.unit}` };
    }
    const by = this.#by(source);
    const window = this.#window("percentiles");
    const select = (suffix: string, chosen: Series["chosen"] = {}): string =>
      this.#select({ metric: `${histogram.name}_${suffix}`, chosen }, source);
    const inBound = combined("sum", by, ranged("rate", select("bucket", { le: bucketLabel(bound) }), window));
    const all = combined("sum", by, ranged("rate", select("count"), window));
    const side = operator.startsWith(">") ? "<" : ">=";
    const expr = `${inBound}\n/\n${all}\n${side} ${plain(quantileOf(this.#when))}`;
    const samples = combined("sum", by, ranged("increase", select("count"), window));
    return {
      expr: this.#enough(expr, "", samples),
      value: { is: "within", what },
      windowSeconds: window,
    };
  }

  #gauge({ series, scale, window, samples }: GaugeForm): Expression | NotTranslatable {
    const { windowSeconds } = this.#when;
    const own = this.#ownWindow(window);
    if (windowSeconds !== null && windowSeconds !== own)
      return { reason: `${series.metric} has a window of its own, and no other` };
    const expr = this.#compared(this.#select(series, "aggregator"), scale);
    if (this.#minSamples > 0 && samples === undefined)
      return {
        reason: `no series has the number of samples behind ${series.metric}; minSamples: 0 asks for none`,
      };
    const rest = {
      value: { is: valueKind(this.#statistic.unit) },
      ...(own !== undefined && { windowSeconds: own }),
    };
    if (samples === undefined) return { expr, ...rest };
    const selected = this.#select(samples.series, "aggregator", Object.keys(this.#statistic.labels));
    const counted = samples.isCounter ? ranged("increase", selected, this.#window(window)) : selected;
    const summed =
      samples.without.length === 0 ? counted : `sum without (${samples.without.join(", ")}) (${counted})`;
    const ignoring = samples.ignoring.length === 0 ? "" : ` ignoring (${samples.ignoring.join(", ")})`;
    return { expr: this.#enough(expr, ignoring, summed), ...rest };
  }

  #fresh({ metric, of, combine, scale }: FreshForm): Expression {
    const matchers = this.#matchers("services");
    const values = (name: string, test?: string): string =>
      freshProcesses({ metric: name }, matchers, this.#settings, test);
    if (of !== undefined) {
      const share = `(\n${indented(values(metric))}\n)\n/ on (${DESK_OF_SERVICES}, job, instance)\n(\n${indented(values(of, "> 0"))}\n)`;
      return { expr: this.#named(this.#compared(share, scale)), value: { is: "ratio" } };
    }
    const value = { is: valueKind(this.#statistic.unit) };
    if (combine === "each") return { expr: this.#named(values(metric, this.#comparison(scale))), value };
    const sum = combined("sum", this.#by("services"), `\n${indented(values(metric))}\n`);
    return { expr: this.#named(`${sum} ${this.#comparison(scale)}`), value };
  }

  #word({ kind, series }: WordForm): Expression {
    const { operator, threshold } = this.#when;
    const isEqual = operator === "==";
    if (kind === "up") {
      const chosen = this.#select(series, "aggregator");
      return { expr: `${chosen} == ${(threshold === "up") === isEqual ? 1 : 0}`, value: { is: "word" } };
    }
    const by = this.#by("services");
    const fresh = (test?: string): string =>
      indented(freshProcesses(series, this.#matchers("services"), this.#settings, test));
    if (kind === "dependency") {
      const isUp = (threshold === "up") === isEqual;
      return {
        expr: `${combined("min", by, `\n${fresh()}\n`)} ${isUp ? "> 0" : "== 0"}`,
        value: { is: "word" },
      };
    }
    return { expr: this.#named(breaker(fresh, by, String(threshold), isEqual)), value: { is: "word" } };
  }

  #compared(value: string, scale: number): string {
    return `${value}${value.includes("\n") ? "\n" : " "}${this.#comparison(scale)}`;
  }

  #comparison(scale: number): string {
    const { operator, threshold } = this.#when;
    return `${operator} ${plain(Number(threshold) * scale)}`;
  }

  #enough(expr: string, ignoring: string, samples: string): string {
    if (this.#minSamples === 0) return expr;
    return `${expr}\nand${ignoring}\n${samples} >= ${this.#minSamples}`;
  }

  /** The labels of the statistic under their names, where those of the series are other ones. */
  #named(expr: string): string {
    const { labels } = this.#statistic;
    let named = expr;
    if (Object.hasOwn(labels, "process"))
      named = `label_replace(\n${indented(named)},\n  "process", "$1", "instance", "(.*)"\n)`;
    if (Object.hasOwn(labels, "service"))
      named = `label_replace(\n${indented(named)},\n  "service", "$1", "job", ${quoted(`${NAMESPACE}(.*)`)}\n)`;
    return named;
  }

  #by(source: Source): readonly string[] {
    const labels = Object.keys(this.#statistic.labels).filter((label) => label !== "quantile");
    if (source === "aggregator") return [...IDENTITY, ...labels];
    return [DESK_OF_SERVICES, ...labels.map((label) => SERVICE_LABELS[label] ?? label)];
  }

  #select(series: Series, source: Source, only?: readonly string[]): string {
    return selector(series, this.#matchers(source, series.chosen, only));
  }

  /** @param only labels that the series has */
  #matchers(source: Source, chosen: Series["chosen"] = {}, only?: readonly string[]): readonly string[] {
    const { aggregatorJob } = this.#settings;
    const job = `job${source === "services" ? "!=" : "="}${quoted(aggregatorJob)}`;
    const own = this.#when.labels
      .filter(
        ({ label }) =>
          !Object.hasOwn(chosen, label) &&
          (only === undefined || (only.includes(label) && label !== "quantile")),
      )
      .map((matcher) => (source === "services" ? ofServices(matcher) : written(matcher)));
    return [job, ...own];
  }

  #window(of: GaugeWindow): number {
    return windowOf(this.#when.windowSeconds ?? this.#ownWindow(of) ?? 0, this.#settings);
  }

  #ownWindow(of: GaugeWindow): number | undefined {
    const { rateWindowSeconds, percentileWindowSeconds } = this.#settings;
    if (of === "rates") return rateWindowSeconds;
    return of === "percentiles" ? percentileWindowSeconds : undefined;
  }
}

function written({ label, operator, value }: Matcher): string {
  return `${label}${operator}${quoted(value)}`;
}

function ofServices({ label, operator, value }: Matcher): string {
  if (label !== "service") return written({ label: SERVICE_LABELS[label] ?? label, operator, value });
  const pattern = operator.endsWith("~") ? `(?:${value})` : value.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return `job${operator.startsWith("!") ? "!~" : "=~"}${quoted(`${NAMESPACE}${pattern}`)}`;
}

function valueKind(unit: string): "ratio" | "seconds" | "bytes" | "usd" | "number" {
  if (unit === "ms" || unit === "s") return "seconds";
  if (unit === "bytes" || unit === "usd") return unit;
  return unit === "%" ? "ratio" : "number";
}

const OPEN = 1;
const HALF_OPEN = 2;

/** The worst state counts: open, then half-open, then closed. */
function breaker(
  fresh: (test?: string) => string,
  by: readonly string[],
  word: string,
  isEqual: boolean,
): string {
  const some = (test?: string): string => `${combined("count", by, `\n${fresh(test)}\n`)} > 0`;
  const open = some(`== ${OPEN}`);
  if (word === "open") return isEqual ? open : `${some()}\nunless\n${open}`;
  if (word === "closed") return isEqual ? `${some()}\nunless\n${some("!= 0")}` : some("!= 0");
  const halfOpen = `${some(`== ${HALF_OPEN}`)}\nunless\n${open}`;
  return isEqual ? halfOpen : `${some()}\nunless\n(\n${indented(halfOpen)}\n)`;
}
