import { type Saved, SavedFields } from "@slipstream/stats";
import type { AlertText, TextLine } from "../message/alert-text.ts";
import type { Rule } from "../rule/rule.ts";
import { Alert } from "./alert.ts";
import { alertId, encoded } from "./alert-id.ts";
import type { AlertCommand } from "./command.ts";
import { Digest, digestSeverity } from "./digest.ts";
import { Happenings } from "./happenings.ts";
import { Inhibition } from "./inhibition.ts";
import { type NoticeContext, noticeDueMs, noticeOf } from "./notice.ts";
import type { EvaluationTime, Reading, RuleReadings } from "./reading.ts";
import { Remembered } from "./remembered.ts";
import { behaveAlike, RuleState } from "./rule-state.ts";
import { severities } from "./severity.ts";
import { type Silence, Silences } from "./silences.ts";
import type { EndReason, Transition, TransitionKind } from "./transition.ts";
import { type AlertView, type RuleView, viewOfAlert, viewOfRule, viewOfUnknown } from "./view.ts";

/** Most alerts that are pending or firing at a time. */
export const MOST_ALERTS = 2000;

/** Places beyond those that only alerts of critical rules take, so that a flood of lesser ones hides none. */
export const MOST_MORE_CRITICAL = 200;

/** A transition that has no text yet. */
export type TransitionCore = Omit<Transition, "text">;

/** Writes what a notification says; of a digest, which has no rule, too. */
export type Describe = (rule: Rule | undefined, core: TransitionCore) => AlertText;

interface Candidate {
  readonly id: string;
  readonly rule: RuleState;
  readonly reading: Reading;
}

/**
 * All alerts: which ones are pending, fire and resolve, what of that is sent, and why the rest is not. It reads no clock and is
 * the same after `save` and `load`, so that the same records give the same transitions with the same keys. docs/alerts.md says
 * what the rules are.
 */
export class AlertBook {
  readonly version = 1;
  readonly #describe: Describe;
  /** Those that are on. */
  readonly #rules: Map<string, RuleState> = new Map();
  #all: readonly Rule[] = [];
  /** Pending or firing. */
  readonly #active: Map<string, Alert> = new Map();
  readonly #remembered = new Remembered();
  readonly #silences = new Silences();
  readonly #inhibition = new Inhibition();
  readonly #happenings = new Happenings();
  readonly #digest = new Digest();
  #nowMs = Number.NEGATIVE_INFINITY;
  #eventMs: number | undefined;
  #catchingUp = false;
  /** Number of the evaluation. */
  #evaluation = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  /** All rules, those that are off too. */
  get rules(): readonly Rule[] {
    return this.#all;
  }

  /**
   * When time alone changes something next, Unix ms: evaluate then, with readings or without. undefined: only readings and
   * commands do.
   */
  get dueMs(): number | undefined {
    return Number.isFinite(this.#dueMs) ? this.#dueMs : undefined;
  }

  /**
   * Takes these rules in place of those before. What fires under a rule that is gone, off or changed resolves; if only texts
   * changed, it goes on.
   */
  setRules(rules: readonly Rule[], nowMs: number): Transition[] {
    this.#pass(nowMs);
    const transitions: Transition[] = [];
    const next = new Map(rules.map((rule) => [rule.id, rule]));
    for (const state of this.#rules.values()) {
      const rule = next.get(state.rule.id);
      if (rule !== undefined && behaveAlike(rule, state.rule)) continue;
      const reason = rule === undefined ? "rule_removed" : rule.off === null ? "rule_changed" : "rule_off";
      this.#remove(state, reason, transitions);
      if (rule === undefined) this.#happenings.forgetRule(state.rule.id);
    }
    this.#all = rules;
    this.#takeRules();
    return this.#settled(transitions);
  }

  /** Takes what rules read now. Rules that were not read stay as they are, but for what time alone changes. */
  evaluate({ nowMs, eventMs, catchingUp }: EvaluationTime, read: readonly RuleReadings[]): Transition[] {
    this.#pass(nowMs);
    this.#eventMs = eventMs;
    this.#catchingUp = catchingUp;
    this.#evaluation += 1;
    const candidates: Candidate[] = [];
    for (const { rule, readings } of read) {
      const state = this.#rules.get(rule);
      if (state?.judge !== undefined) this.#read(state, readings, candidates);
    }
    this.#admit(candidates);
    const transitions: Transition[] = [];
    this.#changeByTime(transitions);
    return this.#settled(transitions);
  }

  /**
   * Reports something that has happened, once per rule and key.
   *
   * @param key What it is about, such as a day.
   * @param evidence Added to what `describe` gives.
   */
  happen(
    { nowMs, eventMs, catchingUp }: EvaluationTime,
    rule: string,
    key: string,
    evidence: readonly TextLine[] = [],
  ): Transition[] {
    this.#pass(nowMs);
    this.#eventMs = eventMs;
    const state = this.#rules.get(rule);
    const episode =
      state === undefined || state.judge !== undefined ? undefined : this.#happenings.count(rule, key);
    if (state === undefined || episode === undefined) return this.#settled([]);
    const { severity, labels } = state.rule;
    const silence = this.#silences.over({ rule, severity, labels });
    const alert = alertId(rule, labels);
    const transition = this.#told(
      state.rule,
      {
        ...{ key: `${alert}/${encoded(key)}/1`, alert, rule, labels, episode, kind: "happened", severity },
        ...{
          occurrence: 1,
          firedMs: this.#nowMs,
          value: null,
          worst: null,
          unit: "",
          count: 0,
          channels: [],
        },
        ...(silence && { muted: { by: "silence", silence: silence.id } }),
        ...(catchingUp && this.#late()),
        happening: key,
      },
      evidence,
    );
    return this.#settled([transition]);
  }

  /** What a person asks for. An acknowledgement of what does not fire, or of another episode, changes nothing. */
  command(command: AlertCommand, nowMs: number): Transition[] {
    this.#pass(nowMs);
    const transitions: Transition[] = [];
    if (command.command === "silence") this.#silences.add(command, this.#nowMs);
    else if (command.command === "expire") this.#silences.end(command.id);
    else this.#acknowledge(command, transitions);
    return this.#settled(transitions);
  }

  /** Every alert that is not inactive, and rules without data, by identity. */
  view(): AlertView[] {
    const alerts = Array.from(this.#active.values(), viewOfAlert);
    for (const state of this.#rules.values()) {
      const view = viewOfUnknown(state);
      if (view !== undefined) alerts.push(view);
    }
    return alerts.sort((a, b) => (a.alert < b.alert ? -1 : 1));
  }

  /** Those that have not ended, by their ends. */
  silences(): readonly Silence[] {
    return this.#silences.list();
  }

  /** Each rule that is on. */
  ruleViews(): RuleView[] {
    return Array.from(this.#rules.values(), viewOfRule);
  }

  save(): Saved {
    return {
      nowMs: this.#nowMs,
      eventMs: this.#eventMs ?? null,
      catchingUp: this.#catchingUp,
      rules: JSON.stringify(this.#all),
      states: Array.from(this.#rules.values(), (state) => state.save()),
      alerts: Array.from(this.#active.values(), (alert) => alert.save()),
      remembered: this.#remembered.save(),
      silences: this.#silences.save(),
      happenings: this.#happenings.save(),
      digest: this.#digest.save(),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved alerts", saved);
    this.#nowMs = fields.number("nowMs");
    this.#eventMs = fields.optionalNumber("eventMs");
    this.#catchingUp = fields.boolean("catchingUp");
    this.#all = JSON.parse(fields.text("rules")) as readonly Rule[];
    const rules = new Map(this.#all.map((rule) => [rule.id, rule]));
    for (const one of fields.list("states")) {
      const state = RuleState.loaded(one, rules);
      this.#rules.set(state.rule.id, state);
    }
    this.#takeRules();
    for (const one of fields.list("alerts")) {
      const rule = this.#rules.get(new SavedFields("a saved alert", one).text("rule"));
      if (rule === undefined) throw new TypeError("Not saved alerts: the rule of one is not there");
      const alert = Alert.loaded(one, rule);
      this.#active.set(alert.id, alert);
      rule.alerts.add(alert);
      if (alert.fires) rule.startsFiring();
    }
    this.#remembered.load(fields.any("remembered"));
    this.#silences.load(fields.list("silences"));
    this.#happenings.load(fields.list("happenings"));
    this.#digest.load(fields.any("digest"));
    this.#dueMs = this.#nextDueMs();
  }

  #pass(nowMs: number): void {
    if (nowMs > this.#nowMs) this.#nowMs = nowMs;
    this.#silences.pass(this.#nowMs);
  }

  #takeRules(): void {
    let order = 0;
    for (const rule of this.#all) {
      if (rule.off !== null) continue;
      const state = this.#rules.get(rule.id) ?? new RuleState(rule, this.#nowMs);
      state.rule = rule;
      state.order = order;
      order += 1;
      this.#rules.set(rule.id, state);
    }
    this.#inhibition.connect(this.#rules);
  }

  #remove(state: RuleState, reason: EndReason, transitions: Transition[]): void {
    for (const alert of [...state.alerts.values()]) {
      if (alert.fires) this.#resolve(alert, transitions, reason);
      else this.#drop(alert);
    }
    this.#rules.delete(state.rule.id);
    this.#remembered.forgetRule(state.rule.id);
  }

  #read(state: RuleState, readings: readonly Reading[], candidates: Candidate[]): void {
    const { judge, alerts } = state;
    if (judge === undefined) return;
    state.begin(readings.length);
    for (const reading of readings) {
      const judgement = judge.judge(reading);
      if (judgement === "unknown") state.countUnknown(reading);
      const alert = alerts.size === 0 ? undefined : alerts.find(reading.labels);
      if (alert !== undefined) {
        alert.readAt = this.#evaluation;
        if (alert.read(reading, judgement, this.#nowMs) === "ends") this.#drop(alert);
      } else if (judgement === "holds") {
        candidates.push({
          id: alertId(state.rule.id, { ...state.rule.labels, ...reading.labels }),
          rule: state,
          reading,
        });
      }
    }
    state.end(this.#nowMs);
    if (alerts.size === 0) return;
    for (const alert of alerts.values()) {
      if (alert.readAt !== this.#evaluation) alert.lose("the series is gone", this.#nowMs);
    }
  }

  /** Makes them pending, the most severe first, as far as there is room. */
  #admit(candidates: Candidate[]): void {
    if (candidates.length > 1) candidates.sort(bySeverity);
    for (const { id, rule, reading } of candidates) {
      const most = rule.rule.severity === "critical" ? MOST_ALERTS + MOST_MORE_CRITICAL : MOST_ALERTS;
      if (this.#active.has(id)) continue;
      if (this.#active.size >= most) {
        rule.beyond += 1;
        continue;
      }
      const occurrences = this.#remembered.take(id);
      const alert = new Alert(id, rule, { series: { ...reading.labels }, occurrences, sinceMs: this.#nowMs });
      alert.readAt = this.#evaluation;
      alert.read(reading, "holds", this.#nowMs);
      this.#active.set(id, alert);
      rule.alerts.add(alert);
    }
  }

  /** Lets fire and resolve what has held, or not held, for long enough. */
  #changeByTime(transitions: Transition[]): void {
    const resolved: Alert[] = [];
    for (const alert of this.#active.values()) {
      const change = alert.passed(this.#nowMs);
      if (change === "fires") {
        alert.fire(this.#nowMs);
        this.#rules.get(alert.rule.rule.id)?.startsFiring();
      } else if (change === "resolves") resolved.push(alert);
      else if (change === "ends") this.#drop(alert);
    }
    for (const alert of resolved.sort(byId)) {
      this.#resolve(alert, transitions, alert.noData === undefined ? undefined : "no_data");
    }
  }

  #resolve(alert: Alert, transitions: Transition[], endReason: EndReason | undefined): void {
    const { told, occurrences } = alert;
    this.#rules.get(alert.rule.rule.id)?.stopsFiring();
    occurrences.endedMs = this.#nowMs;
    if (!told.sent && told.lateSinceMs !== undefined) {
      this.#digest.add(alert, told.lateSinceMs, this.#eventMs ?? this.#nowMs);
    }
    transitions.push(
      this.#transition(alert, "resolved", {
        ...(!told.sent && { muted: { by: "unsent" } }),
        ...(endReason && { endReason }),
        ...(this.#catchingUp && this.#late()),
      }),
    );
    this.#drop(alert);
  }

  #drop(alert: Alert): void {
    this.#active.delete(alert.id);
    this.#rules.get(alert.rule.rule.id)?.alerts.delete(alert);
    this.#remembered.keep(alert.id, alert.occurrences);
  }

  #acknowledge({ alert: id, episode, by, comment }: Acknowledge, transitions: Transition[]): void {
    const alert = this.#active.get(id);
    if (!alert?.fires || alert.occurrences.episode !== episode || alert.told.acknowledged !== undefined)
      return;
    alert.told.acknowledged = { by, comment, atMs: this.#nowMs };
    alert.told.owesNothing();
    const acknowledgement = { by, comment };
    const muted = alert.told.sent ? {} : { muted: { by: "unsent" } as const };
    transitions.push(this.#transition(alert, "acknowledged", { acknowledgement, ...muted }));
  }

  /** Adds what is to be told of all that fires, in the order of the rules. */
  #settled(transitions: Transition[]): Transition[] {
    const context = this.#context();
    for (const alert of this.#active.values()) {
      const notice = alert.fires ? noticeOf(alert, context) : undefined;
      if (notice !== undefined) transitions.push(this.#transition(alert, notice.kind, notice));
    }
    this.#dueMs = this.#nextDueMs();
    this.#silences.forgetEnded();
    if (transitions.length > 1)
      transitions.sort((a, b) => this.#order(a) - this.#order(b) || (a.alert < b.alert ? -1 : 1));
    if (!this.#catchingUp && !this.#digest.isEmpty) transitions.push(this.#digested());
    return transitions;
  }

  #context(): NoticeContext {
    return {
      nowMs: this.#nowMs,
      eventMs: this.#eventMs ?? this.#nowMs,
      catchingUp: this.#catchingUp,
      silences: this.#silences,
      inhibition: this.#inhibition,
    };
  }

  #nextDueMs(): number {
    const context = this.#context();
    let dueMs = this.#silences.endsMs;
    for (const alert of this.#active.values()) {
      dueMs = Math.min(dueMs, alert.changesMs);
      if (alert.fires) dueMs = Math.min(dueMs, noticeDueMs(alert, context));
    }
    return dueMs;
  }

  #order({ rule }: Transition): number {
    return this.#rules.get(rule)?.order ?? -1;
  }

  #digested(): Transition {
    const { number, entries, more } = this.#digest.take();
    const ends = entries.map(({ resolvedMs }) => resolvedMs);
    const starts = entries.map(({ firedMs }) => firedMs);
    return this.#told(undefined, {
      ...{ key: `${CATCH_UP}/${number}/1`, alert: CATCH_UP, rule: CATCH_UP, labels: {}, episode: number },
      ...{ kind: "digest", severity: digestSeverity(entries), occurrence: 1, channels: [] },
      ...{ firedMs: this.#nowMs, value: null, worst: null, unit: "", count: 0 },
      lateMs: Math.max(0, this.#nowMs - Math.min(...starts, ...ends)),
      digest: { entries, more },
    });
  }

  #transition(alert: Alert, kind: TransitionKind, more: Partial<TransitionCore>): Transition {
    const { told, occurrences, rule } = alert;
    told.transitions += 1;
    return this.#told(rule.rule, {
      ...{
        key: `${alert.id}/${occurrences.episode}/${told.transitions}`,
        alert: alert.id,
        rule: rule.rule.id,
      },
      ...{ labels: alert.labels, episode: occurrences.episode, kind, severity: alert.severity },
      ...{ occurrence: occurrences.count, firedMs: alert.sinceMs, channels: occurrences.channels(rule.rule) },
      ...{ value: alert.value, worst: alert.worst, unit: alert.unit, count: alert.count },
      ...more,
    });
  }

  #told(rule: Rule | undefined, of: Untimed, evidence: readonly TextLine[] = []): Transition {
    const condition = rule === undefined || typeof rule.when === "string" ? undefined : rule.when;
    const core: TransitionCore = {
      ...of,
      atMs: this.#nowMs,
      eventMs: this.#eventMs ?? null,
      threshold: condition?.threshold ?? null,
      statistic: condition?.statistic ?? null,
    };
    const text = this.#describe(rule, core);
    return {
      ...core,
      text: evidence.length === 0 ? text : { ...text, evidence: [...text.evidence, ...evidence] },
    };
  }

  #late(): { readonly lateMs?: number } {
    return this.#eventMs === undefined ? {} : { lateMs: Math.max(0, this.#nowMs - this.#eventMs) };
  }
}

type Acknowledge = Extract<AlertCommand, { command: "acknowledge" }>;
type Untimed = Omit<TransitionCore, "atMs" | "eventMs" | "threshold" | "statistic">;

/** Stands for a rule in digests. No rule has this id, for it has no hyphen but an underscore. */
const CATCH_UP = "catch_up";

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function bySeverity(a: Candidate, b: Candidate): number {
  const rank = ({ rule }: Candidate) => severities.indexOf(rule.rule.severity);
  return rank(b) - rank(a) || byId(a, b);
}
