import { type Saved, SavedFields } from "@slipstream/stats";
import { severities } from "../rule/severity.ts";
import { Alert } from "./alert.ts";
import { alertId } from "./alert-id.ts";
import type { Reading } from "./reading.ts";
import type { Remembered } from "./remembered.ts";
import type { RuleState } from "./rule-state.ts";

/** Most alerts that are pending or firing at a time. */
export const MOST_ALERTS = 2000;

/** Places beyond those that only alerts of critical rules take, so that a flood of lesser ones hides none. */
export const MOST_MORE_CRITICAL = 200;

type States = ReadonlyMap<string, RuleState>;

/** The alerts that are pending or firing, and series whose condition holds and that are to become one. */
export class ActiveAlerts {
  readonly #states: States;
  readonly #remembered: Remembered;
  readonly #byId: Map<string, Alert> = new Map();
  #candidates: Candidate[] = [];
  /** How many there were when the evaluation began: what ends in it makes room for the next. */
  #size = 0;

  constructor(states: States, remembered: Remembered) {
    this.#states = states;
    this.#remembered = remembered;
  }

  get(id: string): Alert | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<Alert> {
    return this.#byId.values();
  }

  /** An evaluation begins. */
  begin(): void {
    this.#size = this.#byId.size;
  }

  /** The condition holds for a series that has no alert. What cannot have room is only counted, for there may be many. */
  propose(rule: RuleState, reading: Reading): void {
    if (this.#size >= mostFor(rule)) {
      rule.beyond += 1;
      return;
    }
    const id = alertId(rule.rule.id, { ...rule.rule.labels, ...reading.labels });
    this.#candidates.push({ id, rule, reading });
  }

  /** Makes alerts of what was proposed, the most severe first, as far as there is room. */
  admit(nowMs: number, evaluation: number): void {
    for (const { id, rule, reading } of this.#candidates.sort(bySeverity)) {
      if (this.#byId.has(id)) continue;
      if (this.#byId.size >= mostFor(rule)) {
        rule.beyond += 1;
        continue;
      }
      const occurrences = this.#remembered.take(id);
      const alert = new Alert(id, rule, { series: { ...reading.labels }, occurrences, sinceMs: nowMs });
      alert.readAt = evaluation;
      alert.read(reading, "holds", nowMs);
      this.#add(alert, rule);
    }
    this.#candidates = [];
  }

  fire(alert: Alert, nowMs: number): void {
    alert.fire(nowMs);
    this.#stateOf(alert)?.countFiring(1);
  }

  /** It is no longer active. */
  drop(alert: Alert): void {
    const state = this.#stateOf(alert);
    if (alert.fires) state?.countFiring(-1);
    state?.alerts.delete(alert);
    this.#byId.delete(alert.id);
    this.#remembered.keep(alert.id, alert.occurrences);
  }

  save(): Saved {
    return Array.from(this.#byId.values(), (alert) => alert.save());
  }

  load(saved: readonly Saved[]): void {
    for (const one of saved) {
      const rule = this.#states.get(new SavedFields("a saved alert", one).text("rule"));
      if (rule === undefined) throw new TypeError("Not a saved alert: its rule is not there");
      const alert = Alert.loaded(one, rule);
      if (this.#byId.has(alert.id)) throw new TypeError(`Not saved alerts: ${alert.id} is there twice`);
      this.#add(alert, rule);
      if (alert.fires) rule.countFiring(1);
    }
  }

  #add(alert: Alert, rule: RuleState): void {
    this.#byId.set(alert.id, alert);
    rule.alerts.add(alert);
  }

  #stateOf({ rule }: Alert): RuleState | undefined {
    return this.#states.get(rule.rule.id);
  }
}

interface Candidate {
  readonly id: string;
  readonly rule: RuleState;
  readonly reading: Reading;
}

function mostFor({ rule }: RuleState): number {
  return MOST_ALERTS + (rule.severity === "critical" ? MOST_MORE_CRITICAL : 0);
}

function bySeverity(a: Candidate, b: Candidate): number {
  const rank = ({ rule }: Candidate) => severities.indexOf(rule.rule.severity);
  return rank(b) - rank(a) || (a.id < b.id ? -1 : 1);
}
