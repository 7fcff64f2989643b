import { shown, suggest } from "@slipstream/config";
import { ruleStatistic } from "./catalogue.ts";
import { durationText } from "./duration.ts";
import { muteCircles } from "./mute-circles.ts";
import type { ProblemDetails, Problems } from "./problem.ts";
import type { Rule } from "./rule.ts";
import { encodeRules, MOST_RULES, MOST_RULES_BYTES } from "./rule-json.ts";

/** Most windows that rules may give to statistics, over all statistics: each is counted beside the statistic's own. */
export const MOST_WINDOWS = 16;

/** Labels that every alert has, and so those of any two rules. */
const EVERYWHERE = ["desk"];

/** A rule that somebody wrote, also if it is wrong. */
export interface WrittenRule extends Pick<Rule, "id" | "mutes"> {
  /** Place in the list. */
  readonly index: number;
}

/** Rules that a rule mutes must exist, must not mute it in turn, and must have the labels that are to be equal. */
export function checkMutes(
  written: readonly WrittenRule[],
  rules: ReadonlyMap<string, Rule>,
  places: ReadonlyMap<string, number>,
  problems: Problems,
): void {
  const known = [...new Set([...rules.keys(), ...places.keys()])];
  const circles = muteCircles(
    new Map([...rules.values(), ...written].map(({ id, mutes }) => [id, mutes.map(({ rule }) => rule)])),
  );
  for (const { index, id, mutes: own } of written) {
    for (const [at, { rule: muted, equal }] of own.entries()) {
      const add = (problem: ProblemDetails): void => problems.add([index, "mutes", at], problem);
      if (!known.includes(muted)) {
        const message = `there is no rule ${shown(muted).slice(1, -1)}`;
        add({ message, allowed: "the id of a rule", suggestion: suggest(muted, known) });
      } else if (circles.get(muted) === circles.get(id)) {
        const both = `${muted} mutes ${id}, so both would be silent`;
        const message = muted === id ? "a rule cannot mute itself" : both;
        add({ message, allowed: "rules that do not mute this one" });
      } else for (const label of equal) checkEqual(label, [rules.get(id), rules.get(muted)], add);
    }
  }
}

export function checkWindows(
  rules: readonly Rule[],
  places: ReadonlyMap<string, number>,
  problems: Problems,
): void {
  /** What they are counted for: the first statistic that has each. */
  const windows = new Map<string, string>();
  for (const { id, when, off } of rules) {
    if (typeof when === "string" || when.windowSeconds === null || off !== null) continue;
    const { statistic, windowSeconds } = when;
    const countedAs = ruleStatistic(statistic)?.countedAs ?? null;
    const key = `${countedAs}[${windowSeconds}]`;
    if (countedAs === null || windows.has(key)) continue;
    const window = `${statistic}[${durationText(windowSeconds)}]`;
    const index = places.get(id);
    if (windows.size < MOST_WINDOWS) windows.set(key, window);
    else if (index !== undefined) {
      const message = `${window} is one window too many: each is counted by itself`;
      const others = [...windows]
        .filter(([other]) => other.startsWith(`${countedAs}[`))
        .map(([, text]) => text);
      const same = others.length === 0 ? "" : `, and this statistic has ${others.join(", ")} already`;
      const allowed = `${MOST_WINDOWS} windows in all rules. Rules on one statistic share a window of the same length${same}`;
      problems.add([index, "when"], { message, allowed });
    }
  }
}

export function checkSize(rules: readonly Rule[], problems: Problems): void {
  if (rules.length > MOST_RULES) {
    const message = `there are ${rules.length} rules, with those that are shipped`;
    problems.add([], { message, allowed: `${MOST_RULES} at most` });
  }
  const bytes = encodeRules(rules).length;
  if (bytes <= MOST_RULES_BYTES) return;
  problems.add([], { message: `the rules have ${bytes} bytes`, allowed: `${MOST_RULES_BYTES} bytes in all` });
}

/** Both alerts must have the label, or the one would never mute the other. */
function checkEqual(
  label: string,
  rules: readonly (Rule | undefined)[],
  add: (problem: ProblemDetails) => void,
): void {
  if (EVERYWHERE.includes(label)) return;
  for (const rule of rules) {
    if (rule === undefined) continue;
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
