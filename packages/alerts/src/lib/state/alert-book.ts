import { type Saved, SavedFields } from "@slipstream/stats";
import type { TextLine } from "../message/alert-text.ts";
import type { Rule } from "../rule/rule.ts";
import { ActiveAlerts } from "./active-alerts.ts";
import type { Alert } from "./alert.ts";
import { alertId } from "./alert-id.ts";
import { Closed } from "./closed.ts";
import type { AlertCommand } from "./command.ts";
import { Digest } from "./digest.ts";
import { type EvaluationTime, lateness } from "./evaluation-time.ts";
import { Happenings } from "./happenings.ts";
import { Inhibition } from "./inhibition.ts";
import type { Judgement } from "./judgement.ts";
import { noticeDueMs, noticeOf } from "./notice.ts";
import type { Reading, RuleReadings } from "./reading.ts";
import { Remembered } from "./remembered.ts";
import type { RuleState } from "./rule-state.ts";
import { RuleStates } from "./rule-states.ts";
import { type Silence, Silences } from "./silences.ts";
import type { EndReason, Transition } from "./transition.ts";
import { type Describe, TransitionWriter } from "./transition-writer.ts";
import { type AlertView, type RuleView, viewOfAlert, viewOfRule, viewOfUnknown } from "./view.ts";

/** If nobody asks for longer, it was down, or its machine slept: that time counts towards nothing that must last. */
const LONGEST_UNWATCHED_MS = 60_000;

/**
 * All alerts: which ones are pending, fire and resolve, what of that is sent, and why the rest is not. It reads no clock and is
 * the same after `save` and `load`, so that the same records give the same transitions with the same keys. docs/alerts.md says
 * what the rules are.
 */
export class AlertBook {
  readonly version = 2;
  // Version 1 could not close alerts.
  readonly migrations: Readonly<Record<number, (saved: Saved) => Saved>> = {
    1: (saved) => ({ ...Object(saved), closed: [] }),
  };
  readonly #writer: TransitionWriter;
  readonly #rules = new RuleStates();
  readonly #remembered = new Remembered();
  readonly #active: ActiveAlerts = new ActiveAlerts(this.#rules.states, this.#remembered);
  readonly #silences = new Silences();
  readonly #inhibition = new Inhibition();
  readonly #muters = { silences: this.#silences, inhibition: this.#inhibition };
  readonly #happenings = new Happenings();
  readonly #digest = new Digest();
  readonly #closed = new Closed();
  #time: EvaluationTime = { nowMs: Number.NEGATIVE_INFINITY, eventMs: undefined, catchingUp: false };
  /** Number of the evaluation. */
  #evaluation = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(describe: Describe) {
    this.#writer = new TransitionWriter(describe);
  }

  /** All rules, those that are off too. */
  get rules(): readonly Rule[] {
    return this.#rules.all;
  }

  /**
   * When time alone changes something next, Unix ms: evaluate then at the latest, with readings or without. While it counts how
   * long something lasts it wants to be asked each 30 s. undefined: only readings and commands change something.
   */
  get dueMs(): number | undefined {
    return Number.isFinite(this.#dueMs) ? this.#dueMs : undefined;
  }

  /**
   * Takes these rules in place of those before. What fires under a rule that is gone, off or changed resolves; if only texts
   * changed, it goes on.
   */
  setRules(rules: readonly Rule[], nowMs: number): Transition[] {
    const before = this.#advance({ ...this.#time, nowMs });
    const transitions: Transition[] = [];
    this.#rules.set(rules, this.#time.nowMs, (state, reason) => {
      for (const alert of [...state.alerts.values()].sort(byId)) this.#end(alert, reason, transitions);
      this.#remembered.forgetRule(state.rule.id);
      if (reason === "rule_removed") this.#happenings.forgetRule(state.rule.id);
    });
    this.#inhibition.connect(this.#rules.states);
    return [...before, ...this.#settled(transitions)];
  }

  /** Takes what rules read now. Rules that were not read stay as they are, but for what time alone changes. */
  evaluate(time: EvaluationTime, read: readonly RuleReadings[]): Transition[] {
    this.#pass(time);
    this.#evaluation += 1;
    this.#active.begin();
    for (const { rule, readings } of read) {
      const state = this.#rules.states.get(rule);
      if (state !== undefined) this.#read(state, readings);
    }
    this.#active.admit(this.#time.nowMs, this.#evaluation);
    return this.#settled(this.#changeByTime());
  }

  /**
   * Reports something that has happened, once per rule and key.
   *
   * @param key What it is about, such as a day.
   * @param evidence Added to what `describe` gives.
   */
  happen(time: EvaluationTime, rule: string, key: string, evidence: readonly TextLine[] = []): Transition[] {
    const before = this.#advance(time);
    const state = this.#rules.states.get(rule);
    if (state === undefined || state.judge !== undefined) return before;
    const number = this.#happenings.count(rule, key);
    if (number === undefined) return before;
    const { severity, labels } = state.rule;
    const silence = this.#silences.over({ rule, severity, labels });
    const muted = silence && ({ by: "silence", silence: silence.id } as const);
    const happened = { key, number, evidence };
    return [...before, this.#writer.ofHappening(state.rule, happened, this.#time, muted)];
  }

  /** What a person asks for. To acknowledge or close what does not fire, or another episode, changes nothing. */
  command(command: AlertCommand, nowMs: number): Transition[] {
    const before = this.#advance({ ...this.#time, nowMs });
    const transitions: Transition[] = [];
    if (command.command === "silence") this.#silences.add(command, this.#time.nowMs);
    else if (command.command === "expire") this.#silences.end(command.id);
    else if (command.command === "close") this.#close(command, transitions);
    else this.#acknowledge(command, transitions);
    return [...before, ...this.#settled(transitions)];
  }

  /** Every alert that is not inactive, and rules without data, by identity. */
  view(): AlertView[] {
    const alerts = Array.from(this.#active.values(), viewOfAlert);
    for (const state of this.#rules.states.values()) {
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
    return Array.from(this.#rules.states.values(), viewOfRule);
  }

  save(): Saved {
    const { nowMs, eventMs = null, catchingUp } = this.#time;
    return {
      ...{ nowMs, eventMs, catchingUp },
      rules: this.#rules.save(),
      alerts: this.#active.save(),
      remembered: this.#remembered.save(),
      silences: this.#silences.save(),
      happenings: this.#happenings.save(),
      digest: this.#digest.save(),
      closed: this.#closed.save(),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved alerts", saved);
    this.#time = {
      nowMs: fields.number("nowMs"),
      eventMs: fields.optionalNumber("eventMs"),
      catchingUp: fields.boolean("catchingUp"),
    };
    this.#rules.load(fields.any("rules"));
    this.#inhibition.connect(this.#rules.states);
    this.#active.load(fields.list("alerts"));
    this.#remembered.load(fields.any("remembered"));
    this.#silences.load(fields.list("silences"));
    this.#happenings.load(fields.list("happenings"));
    this.#digest.load(fields.any("digest"));
    this.#closed.load(fields.any("closed"));
    this.#dueMs = this.#nextDueMs();
  }

  /** Moves the time on. It never goes back. */
  #pass({ nowMs, eventMs, catchingUp }: EvaluationTime): void {
    const passedMs = Math.max(0, nowMs - this.#time.nowMs);
    if (passedMs > LONGEST_UNWATCHED_MS) for (const alert of this.#active.values()) alert.skip(passedMs);
    this.#time = { nowMs: Math.max(nowMs, this.#time.nowMs), eventMs, catchingUp };
    this.#silences.pass(this.#time.nowMs);
  }

  /** Moves the time on, and takes what comes of that alone. */
  #advance(time: EvaluationTime): Transition[] {
    this.#pass(time);
    return this.#settled(this.#changeByTime());
  }

  /** Lets fire and end what has waited for long enough. */
  #changeByTime(): Transition[] {
    const { nowMs } = this.#time;
    const ended: Alert[] = [];
    for (const alert of this.#active.values()) {
      const change = alert.passed(nowMs);
      if (change === "fires") this.#active.fire(alert, nowMs);
      else if (change === "ends") ended.push(alert);
    }
    const transitions: Transition[] = [];
    for (const alert of ended.sort(byId)) {
      this.#end(alert, alert.noData === undefined ? undefined : "no_data", transitions);
    }
    return transitions;
  }

  #read(state: RuleState, readings: readonly Reading[]): void {
    const { judge, alerts } = state;
    if (judge === undefined) return;
    const { nowMs } = this.#time;
    state.begin(readings.length);
    for (const reading of readings) {
      const judgement = judge.judge(reading);
      if (judgement === "unknown") state.countUnknown(reading);
      const alert = alerts.size === 0 ? undefined : alerts.find(reading.labels);
      if (alert !== undefined) {
        alert.readAt = this.#evaluation;
        if (!alert.read(reading, judgement, nowMs)) this.#active.drop(alert);
      } else if (this.#isClosed(state, reading, judgement)) continue;
      else if (judgement === "holds") this.#active.propose(state, reading);
    }
    state.end(nowMs);
    if (alerts.size === 0) return;
    for (const alert of alerts.values()) {
      if (alert.readAt !== this.#evaluation) alert.lose("the series is gone", nowMs);
    }
  }

  /** A pending alert is gone, one that fires resolves. */
  #end(alert: Alert, endReason: EndReason | undefined, transitions: Transition[], closedBy?: Person): void {
    if (alert.fires) transitions.push(this.#resolved(alert, endReason, closedBy));
    this.#active.drop(alert);
  }

  #close({ alert: id, episode, by, comment }: Close, transitions: Transition[]): void {
    const alert = this.#active.get(id);
    if (!alert?.fires || alert.occurrences.episode !== episode) return;
    this.#closed.add(id);
    this.#end(alert, "closed", transitions, { by, comment });
  }

  /** Of a series without an alert. */
  #isClosed({ rule }: RuleState, { labels }: Reading, judgement: Judgement): boolean {
    if (this.#closed.isEmpty) return false;
    const id = alertId(rule.id, { ...rule.labels, ...labels });
    if (!this.#closed.has(id)) return false;
    if (judgement === "clear") this.#closed.delete(id);
    return true;
  }

  #resolved(alert: Alert, endReason: EndReason | undefined, closedBy?: Person): Transition {
    const { told, occurrences } = alert;
    const { nowMs, eventMs = nowMs } = this.#time;
    occurrences.endedMs = nowMs;
    if (!told.sent && told.lateSinceMs !== undefined) this.#digest.add(alert, told.lateSinceMs, eventMs);
    return this.#writer.ofAlert(alert, "resolved", this.#time, {
      ...(!told.sent && { muted: { by: "unsent" } }),
      ...(endReason && { endReason }),
      ...(closedBy && { closedBy }),
      ...lateness(this.#time),
    });
  }

  #acknowledge({ alert: id, episode, by, comment }: Acknowledge, transitions: Transition[]): void {
    const alert = this.#active.get(id);
    if (!alert?.fires || alert.occurrences.episode !== episode || alert.told.acknowledged !== undefined)
      return;
    alert.told.acknowledged = { by, comment, atMs: this.#time.nowMs };
    alert.told.owesNothing();
    const muted = alert.told.sent ? {} : { muted: { by: "unsent" } as const };
    const acknowledgement = { by, comment };
    transitions.push(this.#writer.ofAlert(alert, "acknowledged", this.#time, { ...muted, acknowledgement }));
  }

  /** Adds what is to be told of all that fires, in the order of the rules; a digest comes last. */
  #settled(transitions: Transition[]): Transition[] {
    for (const alert of this.#active.values()) {
      const notice = alert.fires ? noticeOf(alert, this.#time, this.#muters) : undefined;
      if (notice !== undefined)
        transitions.push(this.#writer.ofAlert(alert, notice.kind, this.#time, notice));
    }
    this.#dueMs = this.#nextDueMs();
    this.#silences.forgetEnded();
    if (transitions.length > 1) transitions.sort((a, b) => this.#compare(a, b));
    if (!this.#time.catchingUp && !this.#digest.isEmpty)
      transitions.push(this.#writer.ofDigest(this.#digest.take(), this.#time));
    return transitions;
  }

  #compare(a: Transition, b: Transition): number {
    return this.#rules.order(a.rule) - this.#rules.order(b.rule) || (a.alert < b.alert ? -1 : 1);
  }

  #nextDueMs(): number {
    let dueMs = this.#silences.endsMs;
    const watchedMs = this.#time.nowMs + LONGEST_UNWATCHED_MS / 2;
    for (const alert of this.#active.values()) {
      dueMs = Math.min(dueMs, alert.changesMs);
      if (alert.counts) dueMs = Math.min(dueMs, watchedMs);
      if (alert.fires) dueMs = Math.min(dueMs, noticeDueMs(alert, this.#time, this.#muters));
    }
    return dueMs;
  }
}

type Close = Extract<AlertCommand, { command: "close" }>;
type Person = Pick<Close, "by" | "comment">;
type Acknowledge = Extract<AlertCommand, { command: "acknowledge" }>;

function byId(a: Alert, b: Alert): number {
  return a.id < b.id ? -1 : 1;
}
