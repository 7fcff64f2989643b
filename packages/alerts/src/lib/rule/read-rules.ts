import { shown, suggest } from "@slipstream/config";
import { ruleStatistic } from "./catalogue.ts";
import { checkFields, completeRule, readId } from "./complete-rule.ts";
import { isObject, type RawRule, type Report } from "./fields.ts";
import { type ProblemDetails, Problems, type RuleProblem } from "./problem.ts";
import type { Rule } from "./rule.ts";
import { encodeRules, MOST_RULES, MOST_RULES_BYTES } from "./rule-json.ts";
import { type RuleParameters, type ShippedRule, shippedRules, shippedTable } from "./shipped.ts";
import { fieldsOf } from "./user-rule.ts";

/** Rules that hold windows of their own are costly: each keeps the window's data beside that of the statistic. */
export const MOST_WINDOWS = 16;

/** Labels that every alert has, and so any two rules. */
const EVERYWHERE = ["desk"];

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
    const rule = completeRule(id ?? "unnamed", base === undefined ? item : changed(base, item), report);
    if (id === undefined || rule === undefined) continue;
    const off = rule.off ?? offWithoutParameter(base, item, report);
    rules.set(id, { ...rule, off, shipped: base !== undefined });
  }
  const all = [...rules.values()];
  checkTogether(all, places, problems);
  return { rules: all, problems: problems.all };
}

function listOf(user: unknown, problems: Problems): readonly unknown[] {
  if (user === undefined || user === null) return [];
  if (Array.isArray(user)) {
    if (user.length <= MOST_RULES) return Array.from(user as readonly unknown[]);
    problems.add([], { message: `there are ${user.length} rules`, allowed: `${MOST_RULES} at most` });
    return [];
  }
  const allowed = "a list of rules, or an object with the list as rules";
  if (!isObject(user)) {
    problems.add([], { message: `${shown(user)} cannot be used`, allowed });
    return [];
  }
  for (const key of Object.keys(user)) {
    if (key === "rules") continue;
    const suggestion = suggest(key, ["rules"]);
    problems.add([], {
      message: `there is no key ${shown(key).slice(1, -1)} beside the rules`,
      allowed,
      suggestion,
    });
  }
  return Array.isArray(user.rules) || user.rules === undefined || user.rules === null
    ? listOf(user.rules, problems)
    : listOf(shown(user.rules), problems);
}

/** What holds for the statistic of a shipped rule, and for no other that somebody gives it. */
const ABOUT_STATISTIC = [
  ...(["for", "clearFor", "clearThreshold", "minSamples"] as const),
  ...(["title", "message", "detail", "impact", "action", "recommendation", "runbook"] as const),
];

/** A shipped rule with what somebody changed. */
function changed(shipped: ShippedRule, given: RawRule): RawRule {
  const isOther = given.when !== undefined && statisticOf(given.when) !== statisticOf(shipped.when);
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

function statisticOf(when: unknown): string | undefined {
  return typeof when === "string" ? /^\s*\w+/.exec(when)?.[0].trim() : undefined;
}

/** A new rule needs more than its id; one that only has that is rather a shipped one, mistyped. */
function requireFields(
  raw: RawRule,
  id: string | undefined,
  shipped: readonly string[],
  report: Report,
): void {
  const missing = (["severity", "when"] as const).filter((field) => raw[field] === undefined);
  const suggestion = id === undefined ? undefined : suggest(id, shipped);
  if (missing.length === 2 && id !== undefined) {
    const message = `there is no shipped rule ${id}, and a new rule needs severity and when`;
    const allowed = suggestion === undefined ? shipped.join(", ") : undefined;
    report(["id"], { message, allowed, suggestion });
    return;
  }
  const allowed = {
    severity: "info, warning, critical",
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

/** What is wrong between rules. Only what somebody wrote can be. */
function checkTogether(
  rules: readonly Rule[],
  places: ReadonlyMap<string, number>,
  problems: Problems,
): void {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const mutedBy = new Map(rules.map(({ id, mutes }) => [id, mutes.map(({ rule }) => rule)]));
  const windows = new Set<number>();
  for (const rule of rules) {
    const index = places.get(rule.id);
    if (index === undefined) continue;
    for (const [at, { rule: muted, equal }] of rule.mutes.entries()) {
      const add = (problem: ProblemDetails): void => problems.add([index, "mutes", at], problem);
      const other = byId.get(muted);
      if (other === undefined && places.has(muted)) continue;
      if (other === undefined) {
        const suggestion = suggest(muted, [...byId.keys()]);
        add({
          message: `there is no rule ${shown(muted).slice(1, -1)}`,
          allowed: "the id of a rule",
          suggestion,
        });
      } else if (leadsTo(muted, rule.id, mutedBy)) {
        const message =
          muted === rule.id
            ? "a rule cannot mute itself"
            : `${muted} mutes ${rule.id}, so both would be silent`;
        add({ message, allowed: "rules that do not mute this one" });
      } else for (const label of equal) checkEqual(label, [rule, other], add);
    }
  }
  for (const { id, when, off } of rules) {
    if (typeof when === "string" || when.windowSeconds === null || off !== null) continue;
    windows.add(when.windowSeconds);
    const index = places.get(id);
    if (windows.size <= MOST_WINDOWS || index === undefined) continue;
    const message = `this is window number ${windows.size}, of different lengths`;
    problems.add([index, "when"], { message, allowed: `${MOST_WINDOWS} different windows in all rules` });
  }
  const bytes = encodeRules(rules).length;
  if (bytes <= MOST_RULES_BYTES) return;
  problems.add([], { message: `the rules have ${bytes} bytes`, allowed: `${MOST_RULES_BYTES} bytes in all` });
}

/** Both alerts must have the label, or the one would never mute the other. */
function checkEqual(label: string, rules: readonly Rule[], add: (problem: ProblemDetails) => void): void {
  if (EVERYWHERE.includes(label)) return;
  for (const rule of rules) {
    const known = labelsOf(rule);
    if (known.includes(label)) continue;
    const allowed = [...known, ...EVERYWHERE];
    const suggestion = suggest(label, allowed);
    const name = shown(label).slice(1, -1);
    add({ message: `alerts of ${rule.id} have no label ${name}`, allowed: allowed.join(", "), suggestion });
  }
}

function labelsOf({ when, labels }: Rule): readonly string[] {
  const series = typeof when === "string" ? {} : (ruleStatistic(when.statistic)?.labels ?? {});
  return [...Object.keys(series), ...Object.keys(labels)];
}

/** Whether muting leads from one rule to another, over any number of rules. */
function leadsTo(from: string, to: string, mutedBy: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(mutedBy.get(id) ?? []));
  }
  return false;
}
