import { suggest } from "@slipstream/config";
import { isShare, type RuleStatistic, ruleStatistic, ruleStatistics } from "./catalogue.ts";
import type { Condition, Matcher } from "./condition.ts";
import {
  type ConditionProblem,
  type ConditionSyntax,
  type Placed,
  parseSyntax,
} from "./condition-grammar.ts";
import { durationText, parseDuration } from "./duration.ts";
import { patternProblem } from "./matchers.ts";
import { inUnit, unitsLike } from "./units.ts";

/** Panes of event time: a window is a multiple of them. */
const PANE_SECONDS = 5;

export type ParsedCondition =
  | { readonly condition: Condition }
  /** At least one. */
  | { readonly problems: readonly ConditionProblem[] };

/**
 * Reads a condition: `latency{operation="solana.rpc",quantile="0.99"}[5m] > 80 ms`. The grammar stands in `condition-grammar.ts`. The
 * threshold comes in the statistic's unit.
 */
export function parseCondition(text: string): ParsedCondition {
  const { syntax, problems: formal } = parseSyntax(text);
  if (syntax === null) return { problems: formal };
  const { statistic: named, window, operator } = syntax;
  const statistic = ruleStatistic(named.value);
  if (statistic === undefined) return { problems: inOrder([unknownStatistic(named), ...formal]) };
  const problems: ConditionProblem[] = [...formal];
  const labels = labelsOf(statistic, syntax, problems);
  const windowSeconds = window === null ? null : windowOf(statistic, window, problems);
  const threshold = thresholdOf(statistic, syntax, problems);
  mustChooseQuantile(statistic, labels, named, problems);
  if (problems.length > 0) return { problems: inOrder(problems) };
  const condition = {
    text: text.trim(),
    statistic: statistic.name,
    labels,
    windowSeconds,
    operator: operator.value,
    threshold,
  };
  return { condition };
}

/** A condition as text that `parseCondition` reads as the same. */
export function conditionText({ statistic, labels, windowSeconds, operator, threshold }: Condition): string {
  const chosen = labels.map(({ label, operator: how, value }) => `${label}${how}${quoted(value)}`).join(",");
  const value =
    typeof threshold === "number" ? amountText(threshold, ruleStatistic(statistic)?.unit) : threshold;
  const window = windowSeconds === null ? "" : `[${durationText(windowSeconds)}]`;
  return `${statistic}${chosen === "" ? "" : `{${chosen}}`}${window} ${operator} ${value}`;
}

/** The statistic that a condition begins with, whatever follows; undefined if there is none of that name. */
export function statisticNamed(when: unknown): RuleStatistic | undefined {
  const [name] = typeof when === "string" ? (/^\s*\w+/.exec(when) ?? []) : [];
  return name === undefined ? undefined : ruleStatistic(name.trim());
}

/** The quantile that a condition's labels choose; null if they choose none. */
export function chosenQuantile(labels: readonly Matcher[]): number | null {
  const chosen = labels.find(({ label, operator }) => label === "quantile" && operator === "=");
  return chosen === undefined ? null : Number(chosen.value);
}

/**
 * A number as it may be written: "180", "180 ms", "$50".
 * @returns it in the statistic's unit, or what is wrong
 */
export function parseThreshold(statistic: RuleStatistic, text: string): number | string | ConditionProblem {
  const start = `${statistic.name} ${statistic.kind === "word" ? "==" : ">"} `;
  const { syntax, problems: formal } = parseSyntax(`${start}${text}`);
  const problems = [...formal];
  const threshold = syntax === null ? 0 : thresholdOf(statistic, syntax, problems);
  const [problem] = problems;
  return problem === undefined
    ? threshold
    : { ...problem, column: Math.max(1, problem.column - start.length) };
}

function inOrder(problems: readonly ConditionProblem[]): readonly ConditionProblem[] {
  return problems.toSorted((a, b) => a.column - b.column);
}

function unknownStatistic({ value, column }: Placed<string>): ConditionProblem {
  const names = ruleStatistics.map(({ name }) => name);
  const meant = suggest(value, names);
  const words = value.toLowerCase().split(/[^a-z0-9]+/);
  const related = names.filter((name) =>
    name.split("_").some((word) => word.length > 3 && words.includes(word)),
  );
  const known = meant === undefined ? related.slice(0, 8) : [];
  return {
    column,
    message: `there is no statistic ${value}`,
    allowed:
      known.length > 0
        ? `${known.join(", ")}, ...; docs/alerts.md lists all`
        : "those that docs/alerts.md lists",
    ...(meant !== undefined && { suggestion: meant }),
  };
}

function labelsOf(
  { name, labels }: RuleStatistic,
  { matchers }: ConditionSyntax,
  problems: ConditionProblem[],
): readonly Matcher[] {
  const known = Object.keys(labels);
  for (const { label, operator, value } of matchers) {
    const allowed = Object.hasOwn(labels, label.value) ? labels[label.value] : undefined;
    if (allowed === undefined) problems.push(unknownLabel(name, label, known));
    else if (operator === "=~" || operator === "!~") {
      const problem = patternProblem(value.value);
      if (problem !== undefined) {
        const message = `${JSON.stringify(value.value)} cannot be used: ${problem}`;
        problems.push({
          column: value.column,
          message,
          allowed: "a regular expression that matches the whole value",
        });
      }
    } else if (allowed !== "open" && !allowed.includes(value.value)) {
      problems.push(wrongWord(`${label.value} is never ${JSON.stringify(value.value)}`, value, allowed));
    }
  }
  return matchers.map(({ label, operator, value }) => ({ label: label.value, operator, value: value.value }));
}

function unknownLabel(
  statistic: string,
  { value, column }: Placed<string>,
  known: readonly string[],
): ConditionProblem {
  if (known.length === 0) return { column, message: `${statistic} has no labels`, allowed: "no {...}" };
  return wrongWord(`${statistic} has no label ${value}`, { value, column }, known);
}

function wrongWord(
  message: string,
  { value, column }: Placed<string>,
  allowed: readonly string[],
): ConditionProblem {
  // A quantile is often written as the percentile that it is: "99" or "p99".
  const [, percent] = /^p?(\d+(?:\.\d+)?)$/i.exec(value) ?? [];
  const quantile = allowed.find((word) => word === String(Number(percent) / 100));
  const meant = quantile ?? suggest(value, allowed);
  return { column, message, allowed: allowed.join(", "), ...(meant !== undefined && { suggestion: meant }) };
}

/** Without it, an alert would compare the median and the P99 with the same threshold. */
function mustChooseQuantile(
  { name, labels }: RuleStatistic,
  chosen: readonly Matcher[],
  { column }: Placed<string>,
  problems: ConditionProblem[],
): void {
  const { quantile } = labels;
  if (quantile === undefined || quantile === "open") return;
  if (chosen.some(({ label, operator }) => label === "quantile" && operator === "=")) return;
  const allowed = quantile.map((value) => `quantile="${value}"`).join(", ");
  problems.push({ column, message: `${name} has several percentiles, and none is chosen with =`, allowed });
}

function windowOf(
  { name, longestWindow }: RuleStatistic,
  { value, column }: Placed<string>,
  problems: ConditionProblem[],
): number | null {
  if (longestWindow === null) {
    problems.push({ column, message: `${name} has no window that a rule can set`, allowed: "no [...]" });
    return null;
  }
  const seconds = parseDuration(value);
  if (seconds !== undefined && seconds > 0 && seconds <= longestWindow && seconds % PANE_SECONDS === 0)
    return seconds;
  const message = `the window ${JSON.stringify(value)} cannot be used`;
  const allowed = `a multiple of ${PANE_SECONDS}s from ${PANE_SECONDS}s to ${durationText(longestWindow)}, such as 5m`;
  problems.push({ column, message, allowed });
  return null;
}

function thresholdOf(
  statistic: RuleStatistic,
  { operator, threshold }: ConditionSyntax,
  problems: ConditionProblem[],
): number | string {
  if (statistic.kind === "word") return wordOf(statistic, operator, threshold, problems);
  const { column } = threshold;
  if ("word" in threshold) {
    const message = `${statistic.name} is a number, and ${JSON.stringify(threshold.word)} is not`;
    problems.push({ column, message, allowed: `a number in ${unitsLike(statistic.unit).join(", ")}` });
    return 0;
  }
  if (operator.value === "==" || operator.value === "!=") {
    const message = `"${operator.value}" compares words, and ${statistic.name} is a number`;
    problems.push({ column: operator.column, message, allowed: ">, >=, <, <=" });
  }
  const { number, unit } = threshold;
  const value = unit === null ? number : inUnit(number, unit.value, statistic.unit);
  if (value === undefined) {
    problems.push(wrongUnit(statistic, unit ?? { value: "", column }));
    return 0;
  }
  if (!isShare(statistic)) return value;
  if (unit === null && value > 0 && value < 1) {
    const message = `${number} can be read as ${plainNumber(number)} % and as ${plainNumber(number * 100)} %`;
    problems.push({
      column,
      message,
      allowed: "a number with %",
      suggestion: `${plainNumber(number * 100)} %`,
    });
  } else if (value < 0 || value > 100) {
    problems.push({
      column,
      message: `${statistic.name} is never ${plainNumber(value)} %`,
      allowed: "0 % to 100 %",
    });
  }
  return value;
}

function wordOf(
  { name, words }: RuleStatistic,
  { value: operator, column }: ConditionSyntax["operator"],
  threshold: ConditionSyntax["threshold"],
  problems: ConditionProblem[],
): string {
  if (operator !== "==" && operator !== "!=") {
    const message = `"${operator}" compares numbers, and ${name} is one of ${words.join(", ")}`;
    problems.push({ column, message, allowed: "==, !=" });
  }
  const word = "word" in threshold ? threshold.word : String(threshold.number);
  if (!words.includes(word)) {
    problems.push(
      wrongWord(`${name} is never ${JSON.stringify(word)}`, { value: word, column: threshold.column }, words),
    );
  }
  return word;
}

function wrongUnit({ name, unit }: RuleStatistic, written: Placed<string>): ConditionProblem {
  const allowed = unitsLike(unit);
  const same = allowed.find((candidate) => candidate.toLowerCase() === written.value.toLowerCase());
  const message = `${name} is in ${unit}, and ${written.value} cannot be turned into that`;
  return {
    column: written.column,
    message,
    allowed: `${allowed.join(", ")}, or no unit`,
    ...(same !== undefined && { suggestion: same }),
  };
}

/** A backslash stands for itself, but before a quote or another one. */
function quoted(text: string): string {
  return `"${text.replaceAll(/"|\\(?=["'\\]|$)/g, "\\$&")}"`;
}

function amountText(value: number, unit = ""): string {
  if (unit !== "usd") return `${plainNumber(value)} ${unit}`.trim();
  return `${value < 0 ? "-" : ""}$${plainNumber(Math.abs(value))}`;
}

/** Without an exponent, and without the noise of a multiplication by 100. */
function plainNumber(value: number): string {
  const short = Number(value.toPrecision(15));
  const text = String(short);
  if (!text.includes("e")) return text;
  return short
    .toFixed(Math.abs(short) < 1 ? 20 : 0)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
