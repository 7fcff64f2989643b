import { type Saved, SavedFields } from "@slipstream/stats";
import type { Rule } from "../rule/rule.ts";
import { decodeRules, encodeRules } from "../rule/rule-json.ts";
import { behaveAlike, RuleState } from "./rule-state.ts";
import type { EndReason } from "./transition.ts";

/** The rules, and the states of those that are on. */
export class RuleStates {
  #all: readonly Rule[] = [];
  #encoded: Uint8Array = encodeRules([]);
  readonly #states: Map<string, RuleState> = new Map();

  /** All rules, those that are off too. */
  get all(): readonly Rule[] {
    return this.#all;
  }

  get states(): ReadonlyMap<string, RuleState> {
    return this.#states;
  }

  /** Its place among the rules; one that is no longer there comes first. */
  order(id: string): number {
    return this.#states.get(id)?.order ?? -1;
  }

  /** Takes these rules in place of those before. Those that are gone, off or changed begin anew; they are given to `ends` before. */
  set(rules: readonly Rule[], nowMs: number, ends: (state: RuleState, reason: EndReason) => void): void {
    const next = new Map(rules.map((rule) => [rule.id, rule]));
    for (const state of [...this.#states.values()]) {
      const reason = endReason(state.rule, next.get(state.rule.id));
      if (reason === undefined) continue;
      ends(state, reason);
      this.#states.delete(state.rule.id);
    }
    this.#all = rules;
    this.#encoded = encodeRules(rules);
    this.#place((rule) => new RuleState(rule, nowMs));
  }

  save(): Saved {
    return { rules: this.#encoded, states: Array.from(this.#states.values(), (state) => state.save()) };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved rules", saved);
    this.#encoded = fields.bytes("rules");
    this.#all = decoded(this.#encoded);
    const rules = new Map(this.#all.map((rule) => [rule.id, rule]));
    for (const one of fields.list("states")) {
      const state = RuleState.loaded(one, rules);
      this.#states.set(state.rule.id, state);
    }
    this.#place((rule) => {
      throw new TypeError(`Not saved rules: the state of ${rule.id} is not there`);
    });
  }

  #place(create: (rule: Rule) => RuleState): void {
    let order = 0;
    for (const rule of this.#all) {
      if (rule.off !== null) continue;
      const state = this.#states.get(rule.id) ?? create(rule);
      state.rule = rule;
      state.order = order;
      order += 1;
      this.#states.set(rule.id, state);
    }
  }
}

function endReason(before: Rule, after: Rule | undefined): EndReason | undefined {
  if (after === undefined) return "rule_removed";
  if (after.off !== null) return "rule_off";
  return behaveAlike(before, after) ? undefined : "rule_changed";
}

function decoded(rules: Uint8Array): readonly Rule[] {
  try {
    return decodeRules(rules);
  } catch (cause) {
    throw new TypeError("Not saved rules: they cannot be read", { cause });
  }
}
