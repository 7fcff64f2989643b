import type { Saved } from "@slipstream/stats";
import { SavedFields } from "@slipstream/stats";
import { Alert } from "./alert.ts";
import { alertId } from "./alert-id.ts";
import type { Reading } from "./reading.ts";
import type { Remembered } from "./remembered.ts";
import type { RuleState } from "./rule-state.ts";
import { severities } from "./severity.ts";

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

  /** The condition holds for a series that has no alert. */
  propose(rule: RuleState, reading: Reading): void {
    const id = alertId(rule.rule.id, { ...rule.rule.labels, ...reading.labels });
    this.#candidates.push({ id, rule, reading });
  }

  /** Makes alerts of what was proposed, the most severe first, as far as there is room. */
  admit(nowMs: number, evaluation: number): void {
    if (this.#candidates.length === 0) return;
    for (const { id, rule, reading } of this.#candidates.sort(bySeverity)) {
      if (this.#byId.has(id)) continue;
      if (!this.#hasRoomFor(rule)) {
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
      this.#add(alert, rule);
      if (alert.fires) rule.countFiring(1);
    }
  }

  #hasRoomFor({ rule }: RuleState): boolean {
    return this.#byId.size < MOST_ALERTS + (rule.severity === "critical" ? MOST_MORE_CRITICAL : 0);
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

function bySeverity(a: Candidate, b: Candidate): number {
  const rank = ({ rule }: Candidate) => severities.indexOf(rule.rule.severity);
  return rank(b) - rank(a) || (a.id < b.id ? -1 : 1);
}
