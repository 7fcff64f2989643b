import { muteCircles } from "../rule/mute-circles.ts";
import { severities } from "../rule/severity.ts";
import type { Alert } from "./alert.ts";
import type { RuleState } from "./rule-state.ts";

/** A rule that was not read for so long since it is there mutes nothing: its statistic may never come. */
const MOST_WAITING_MS = 60_000;

/** Finds which alerts mute which, by the rules. */
export class Inhibition {
  /** By the rule whose alerts they mute. */
  #inhibitors: ReadonlyMap<string, readonly Inhibitor[]> = new Map();

  /**
   * Takes these rules. If rules mute one another in a circle, only the more severe, or else the earlier one, mutes the other: else
   * nobody would hear of either. So none mutes itself.
   */
  connect(rules: ReadonlyMap<string, RuleState>): void {
    const inhibitors: Map<string, Inhibitor[]> = new Map();
    const circles = muteCircles(
      new Map(Array.from(rules, ([id, { rule }]) => [id, rule.mutes.map((muted) => muted.rule)])),
    );
    for (const source of rules.values()) {
      for (const { rule, equal } of source.rule.mutes) {
        const target = rules.get(rule);
        if (target === undefined) continue;
        if (!precedes(source, target) && circles.get(rule) === circles.get(source.rule.id)) continue;
        const others = inhibitors.get(rule);
        if (others === undefined) inhibitors.set(rule, [new Inhibitor(source, equal)]);
        else others.push(new Inhibitor(source, equal));
      }
    }
    this.#inhibitors = inhibitors;
  }

  /** Identity of the alert that mutes this one. A rule that was not read yet may fire: then its id. */
  of(alert: Alert, nowMs: number): string | undefined {
    for (const inhibitor of this.#inhibitors.get(alert.rule.rule.id) ?? []) {
      const found = inhibitor.of(alert, nowMs);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** When a rule that was not read stops to mute this alert, Unix ms; infinite: none does. */
  endsMs(alert: Alert, nowMs: number): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { waitsUntilMs } of this.#inhibitors.get(alert.rule.rule.id) ?? []) {
      if (waitsUntilMs > nowMs) first = Math.min(first, waitsUntilMs);
    }
    return first;
  }
}

/** A rule that mutes alerts of another, each by an alert of its own that fires and has the same labels `equal`. */
class Inhibitor {
  readonly #source: RuleState;
  readonly #equal: readonly string[];
  /** Of the source's alerts that fire, by what their labels `equal` are. */
  readonly #firing: Map<string, string> = new Map();
  #version = -1;

  constructor(source: RuleState, equal: readonly string[]) {
    this.#source = source;
    this.#equal = equal;
  }

  of(alert: Alert, nowMs: number): string | undefined {
    if (nowMs < this.waitsUntilMs) return this.#source.rule.id;
    if (this.#source.firing === 0) return undefined;
    const key = this.#key(alert);
    return key === undefined ? undefined : this.#index().get(key);
  }

  /** Until when it mutes because it was not read, Unix ms. */
  get waitsUntilMs(): number {
    return this.#source.wasRead ? Number.NEGATIVE_INFINITY : this.#source.setMs + MOST_WAITING_MS;
  }

  #index(): ReadonlyMap<string, string> {
    if (this.#version === this.#source.firingVersion) return this.#firing;
    this.#version = this.#source.firingVersion;
    this.#firing.clear();
    for (const alert of this.#source.alerts.values()) {
      const key = alert.fires ? this.#key(alert) : undefined;
      if (key === undefined) continue;
      const other = this.#firing.get(key);
      if (other === undefined || alert.id < other) this.#firing.set(key, alert.id);
    }
    return this.#firing;
  }

  /** undefined: one of the labels is missing. */
  #key({ labels }: Alert): string | undefined {
    const values: string[] = [];
    for (const name of this.#equal) {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      if (value === undefined) return undefined;
      values.push(value);
    }
    return JSON.stringify(values);
  }
}

function precedes(a: RuleState, b: RuleState): boolean {
  const byRank = severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity);
  return byRank === 0 ? a.order < b.order : byRank > 0;
}
