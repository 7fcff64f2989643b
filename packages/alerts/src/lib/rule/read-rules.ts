import { shown, suggest } from "@slipstream/config";
import { checkFields, completeRule, readId } from "./complete-rule.ts";
import { isObject, type RawRule, type Report, unknownKeys } from "./fields.ts";
import { Problems, type RuleProblem } from "./problem.ts";
import { statisticNamed } from "./read-condition.ts";
import type { Rule } from "./rule.ts";
import { MOST_RULES } from "./rule-json.ts";
import { checkMutes, checkSize, checkWindows, type WrittenRule } from "./rules-together.ts";
import { severities } from "./severity.ts";
import { type RuleParameters, type ShippedRule, shippedRules, shippedTable } from "./shipped.ts";
import { fieldsOf } from "./user-rule.ts";

const LIST_ALLOWED = "a list of rules, or an object with the list as rules";

export interface ReadRules {
  /** All rules that hold: the shipped ones with their changes, then the new ones. Not to be used if there are problems. */
  readonly rules: readonly Rule[];
  readonly problems: readonly RuleProblem[];
}

export interface WhereRules extends RuleParameters {
  /** What the list is called in problems. Default: "rules". */
  readonly list?: string;
}

/**
 * Reads rules that somebody wrote, as parsed from JSON or YAML or exported by a module: a list, or an object with the list as
 * `rules`. Each changes a shipped rule or is a new one. Every mistake is reported, each with its place.
 *
 * @param user nothing is expected of it; undefined and null are no rules
 */
export function readRules(user: unknown, { list = "rules", ...parameters }: WhereRules = {}): ReadRules {
  const problems = new Problems(list);
  const shipped = new Map(shippedTable(parameters).map((rule) => [rule.id, rule]));
  const rules = new Map(shippedRules(parameters).map((rule) => [rule.id, rule]));
  const places = new Map<string, number>();
  const written: WrittenRule[] = [];
  for (const [index, item] of listOf(user, problems).entries()) {
    const report: Report = (path, problem) => problems.add([index, ...path], problem);
    if (!isObject(item)) {
      report([], { message: `${shown(item)} is not a rule`, allowed: "an object with an id" });
      continue;
    }
    checkFields(item, report);
    const id = readId(item, report);
    if (id !== undefined && places.has(id)) {
      const message = `${id} is already the id of ${list}[${places.get(id)}]`;
      report(["id"], { message, allowed: "each id once" });
    } else if (id !== undefined) places.set(id, index);
    const base = id === undefined ? undefined : shipped.get(id);
    if (base === undefined) requireFields(item, id, [...shipped.keys()], report);
    const raw = base === undefined ? item : changed(base, item);
    const { rule, mutes } = completeRule(id ?? "unnamed", raw, report);
    written.push({ index, id: id ?? "unnamed", mutes });
    if (id === undefined || rule === undefined) continue;
    const off = rule.off ?? offWithoutParameter(base, item, report);
    rules.set(id, { ...rule, off, shipped: base !== undefined });
  }
  const all = [...rules.values()];
  checkMutes(written, rules, places, problems);
  checkWindows(all, places, problems);
  checkSize(all, problems);
  return { rules: all, problems: problems.all };
}

function listOf(user: unknown, problems: Problems): readonly unknown[] {
  const list = isObject(user) ? rulesIn(user, problems) : user;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    problems.add([], { message: `${shown(list)} cannot be used`, allowed: LIST_ALLOWED });
    return [];
  }
  // Of more it is not worth to find every mistake.
  if (list.length <= MOST_RULES) return Array.from(list as readonly unknown[]);
  problems.add([], { message: `there are ${list.length} rules`, allowed: `${MOST_RULES} at most` });
  return [];
}

function rulesIn(user: RawRule, problems: Problems): unknown {
  const report: Report = (_, problem) => problems.add([], { ...problem, allowed: LIST_ALLOWED });
  unknownKeys(user, ["rules"], [], report, {
    message: (name) => `there is no key ${name} beside the rules`,
  });
  return user.rules;
}

/** What holds for the statistic of a shipped rule, and for no other that somebody gives it. */
const ABOUT_STATISTIC = [
  ...(["for", "clearFor", "clearThreshold", "minSamples"] as const),
  ...(["title", "message", "detail", "impact", "action", "recommendation", "runbook"] as const),
];

/** A shipped rule with what somebody changed. */
function changed(shipped: ShippedRule, given: RawRule): RawRule {
  const isOther = given.when !== undefined && statisticNamed(given.when) !== statisticNamed(shipped.when);
  const dropped: readonly string[] = isOther
    ? ABOUT_STATISTIC
    : given.when === undefined
      ? []
      : ["clearThreshold"];
  const base: Record<string, unknown> = Object.fromEntries(
    Object.entries(fieldsOf(shipped)).filter(([field]) => !dropped.includes(field)),
  );
  const { escalation } = base;
  if (!isObject(escalation) || !isObject(given.escalation)) return { ...base, ...given };
  return { ...base, ...given, escalation: { ...escalation, ...given.escalation } };
}

/** A new rule needs more than its id; one that lacks it is rather a shipped one, mistyped. */
function requireFields(
  raw: RawRule,
  id: string | undefined,
  shipped: readonly string[],
  report: Report,
): void {
  const missing = (["severity", "when"] as const).filter((field) => raw[field] === undefined);
  const suggestion = id === undefined ? undefined : suggest(id, shipped);
  if (id !== undefined && missing.length > (suggestion === undefined ? 1 : 0)) {
    const message = `there is no shipped rule ${id}, and a new rule needs severity and when`;
    const allowed = suggestion === undefined ? shipped.join(", ") : undefined;
    report(["id"], { message, allowed, suggestion });
    return;
  }
  const allowed = {
    severity: severities.join(", "),
    when: 'a condition such as "node_latency_p99 > 200 ms"',
  };
  for (const field of missing) report([], { message: `the rule has no ${field}`, allowed: allowed[field] });
}

/** A shipped rule that lacks a parameter is off, unless it was given a threshold of its own. */
function offWithoutParameter(base: ShippedRule | undefined, given: RawRule, report: Report): string | null {
  if (base?.off === undefined || given.when !== undefined) return null;
  if (given.enabled === true) {
    const message = `${base.id} has no threshold: ${base.off}`;
    report(["enabled"], { message, allowed: "mevBudgetUsdPerHour set, or when with a threshold" });
  }
  return base.off;
}
