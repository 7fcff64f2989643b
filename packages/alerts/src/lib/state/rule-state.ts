import { type Saved, SavedFields } from "@slipstream/stats";
import type { Rule } from "../rule/rule.ts";
import type { Alert, AlertRule } from "./alert.ts";
import { Judge } from "./judgement.ts";
import type { Reading } from "./reading.ts";
import { optionalText } from "./saved-values.ts";
import { SeriesIndex } from "./series-index.ts";

/** A rule that is on, and its alerts. */
export class RuleState implements AlertRule {
  /** Its texts may change while its alerts fire. */
  rule: Rule;
  /** Its place among the rules. */
  order = 0;
  /** Since when it is as it is, Unix ms. */
  readonly setMs: number;
  readonly judge: Judge | undefined;
  readonly alerts: SeriesIndex<Alert> = new SeriesIndex();
  /** How many of them fire. */
  firing = 0;
  /** Another number whenever other alerts fire. */
  firingVersion = 0;
  /** Whether it was read since `setMs`. */
  wasRead = false;
  /** Series that were read last. */
  series = 0;
  /** How many of them were unknown. */
  unknown = 0;
  /** Why, of the one with the most samples. */
  reason: string | undefined;
  /** Since when all of them are unknown, or there is none, Unix ms. */
  noDataMs: number | undefined;
  /** Series whose condition held when there was no room for another alert. */
  beyond = 0;
  #example: Reading | undefined;

  constructor(rule: Rule, setMs: number) {
    this.rule = rule;
    this.setMs = setMs;
    this.judge = typeof rule.when === "string" ? undefined : new Judge(rule, rule.when);
  }

  /** Its readings are about to be looked at. */
  begin(series: number): void {
    this.wasRead = true;
    this.series = series;
    this.unknown = 0;
    this.reason = series === 0 ? "no series" : undefined;
    this.beyond = 0;
  }

  /** One of them is unknown. */
  countUnknown(reading: Reading): void {
    this.unknown += 1;
    if (this.#example === undefined || explainsMore(reading, this.#example)) this.#example = reading;
  }

  /** They were. */
  end(nowMs: number): void {
    if (this.#example !== undefined) this.reason = this.judge?.reason(this.#example);
    this.#example = undefined;
    if (this.unknown === this.series) this.noDataMs ??= nowMs;
    else this.noDataMs = undefined;
  }

  /** So many more of its alerts fire. */
  countFiring(more: number): void {
    this.firing += more;
    this.firingVersion += 1;
  }

  save(): Saved {
    const { setMs, wasRead, series, unknown, beyond, reason = null, noDataMs = null } = this;
    return { rule: this.rule.id, setMs, wasRead, series, unknown, beyond, reason, noDataMs };
  }

  /** @throws TypeError if no state of one of these rules was saved. */
  static loaded(saved: Saved, rules: ReadonlyMap<string, Rule>): RuleState {
    const fields = new SavedFields("the saved state of a rule", saved);
    const rule = rules.get(fields.text("rule"));
    if (rule === undefined) throw new TypeError("Not the saved state of a rule: the rule is not there");
    const state = new RuleState(rule, fields.number("setMs"));
    state.wasRead = fields.boolean("wasRead");
    state.series = fields.number("series");
    state.unknown = fields.number("unknown");
    state.beyond = fields.number("beyond");
    state.reason = optionalText(fields, "reason");
    state.noDataMs = fields.optionalNumber("noDataMs");
    return state;
  }
}

/** The one with more samples; of as many, one that does not depend on their order. */
function explainsMore(a: Reading, b: Reading): boolean {
  if (a.count !== b.count) return a.count > b.count;
  const { reason = "" } = a;
  const { reason: other = "" } = b;
  return reason === other ? String(a.value) < String(b.value) : reason < other;
}

/** Whether alerts of a rule go on under the other: all but its texts is the same. */
export function behaveAlike(a: Rule, b: Rule): boolean {
  return behaviour(a) === behaviour(b);
}

function behaviour(rule: Rule): string {
  const { id, severity, off, when, forSeconds, clearForSeconds, clearThreshold, minSamples } = rule;
  const { suppressSeconds, escalation, mutes, labels } = rule;
  return JSON.stringify([
    ...[id, severity, off, forSeconds, clearForSeconds, clearThreshold, minSamples, suppressSeconds],
    typeof when === "string" ? when : conditionOf(when),
    [escalation.after, escalation.severity, escalation.channels],
    mutes.map((muted) => [muted.rule, muted.equal]),
    Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

function conditionOf({
  statistic,
  labels,
  windowSeconds,
  operator,
  threshold,
}: Exclude<Rule["when"], string>) {
  const matchers = labels.map((matcher) => [matcher.label, matcher.operator, matcher.value]);
  return [statistic, matchers, windowSeconds, operator, threshold];
}
