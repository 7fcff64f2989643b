import { shown, suggest } from "@slipstream/config";
import { defaultMinSamples, type RuleStatistic, ruleStatistic } from "./catalogue.ts";
import type { Condition } from "./condition.ts";
import { durationText, parseDuration } from "./duration.ts";
import { hasPlaceholder, placeholderProblems } from "./placeholders.ts";
import type { ProblemDetails } from "./problem.ts";
import { chosenQuantile, parseCondition, parseThreshold } from "./read-condition.ts";
import type { Escalation, Happening, Rule, Severity } from "./rule.ts";
import { otherNames, ruleFields, type UserRule } from "./user-rule.ts";

export const severities: readonly Severity[] = ["info", "warning", "critical"];
export const happenings: readonly Happening[] = ["daily_summary", "benchmark_results"];

const DAY = 86_400;
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Labels that every alert has. */
const RESERVED = ["alertname", "severity", "source", "desk"];
const MOST_ID_CHARS = 64;
const MOST_LABELS = 16;
const MOST_NAMES = 32;
const MOST_NAME_CHARS = 100;
const MOST_TITLE_CHARS = 150;
const MOST_TEXT_CHARS = 1_000;
const MOST_SAMPLES = 1e9;

/** Reports a problem of a field; the path goes on from the rule. */
export type Report = (path: readonly (string | number)[], problem: ProblemDetails) => void;

/** Fields of a rule as somebody wrote them. Nothing is known of the values. */
export type RawRule = Readonly<Record<string, unknown>>;

const ID_ALLOWED = `lower-case words and numbers joined by hyphens, such as slow-quotes, ${MOST_ID_CHARS} characters at most`;

/** The id of a rule; undefined if it has none that can be used, which is reported. */
export function readId({ id }: RawRule, report: Report): string | undefined {
  if (typeof id === "string" && id.length <= MOST_ID_CHARS && ID.test(id)) return id;
  if (id === undefined) {
    report(["id"], { message: "the rule has no id", allowed: ID_ALLOWED });
    return undefined;
  }
  const better = typeof id === "string" ? asId(id) : undefined;
  report(["id"], { message: `${shown(id)} is not an id`, allowed: ID_ALLOWED, suggestion: better });
  return undefined;
}

/** Reports the fields that no rule has. */
export function checkFields(raw: RawRule, report: Report): void {
  for (const field of Object.keys(raw)) {
    if ((ruleFields as readonly string[]).includes(field)) continue;
    const suggestion = Object.hasOwn(otherNames, field) ? otherNames[field] : suggest(field, ruleFields);
    const name = shown(field).slice(1, -1);
    report([name], { message: `a rule has no field ${name}`, allowed: ruleFields.join(", "), suggestion });
  }
}

/**
 * A rule with everything that was left out. What is wrong is reported, and has its default in the rule that is returned.
 * @param id as `readId` found it
 * @returns undefined if it has no severity or no condition that can be used
 */
export function completeRule(id: string, raw: RawRule, report: Report): Rule | undefined {
  const fields = new Fields(raw, report);
  const severity = fields.choice("severity", severities);
  const when = readWhen(raw.when, report);
  const about = when === undefined || typeof when === "string" ? undefined : ruleStatistic(when.statistic);
  const labels = readLabels(raw.labels, about, report);
  const known = Object.keys(labels);
  if (typeof when === "string") refuseConditionFields(raw, when, report);
  const text = (field: keyof UserRule): string | null => {
    const value = fields.text(field, field === "title" ? MOST_TITLE_CHARS : MOST_TEXT_CHARS);
    // Without a condition it is not known which there are.
    if (value !== null && when !== undefined) {
      for (const problem of placeholderProblems(value, about, known)) report([field], problem);
    }
    return value;
  };
  const texts = {
    title: text("title") ?? titleOf(id),
    message: text("message") ?? messageOf(when, about),
    detail: text("detail"),
    impact: text("impact"),
    action: text("action"),
    recommendation: text("recommendation"),
    runbook: runbookOf(text("runbook"), report),
  };
  const rest = {
    off: fields.flag("enabled") === false ? "enabled: false" : null,
    forSeconds: fields.duration("for", 0, DAY) ?? 0,
    clearForSeconds: fields.duration("clearFor", 0, DAY) ?? 0,
    suppressSeconds: fields.duration("suppress", 1, 30 * DAY) ?? 300,
    escalation: readEscalation(raw.escalation, severity ?? "warning", report),
    mutes: readMutes(raw.mutes, report),
  };
  const minSamples = fields.whole("minSamples", 0, MOST_SAMPLES);
  const clearThreshold = readClearThreshold(raw.clearThreshold, when, about, report);
  if (severity === undefined || when === undefined) return undefined;
  const least =
    about === undefined || typeof when === "string"
      ? 0
      : defaultMinSamples(about, chosenQuantile(when.labels));
  return {
    id,
    severity,
    when,
    ...rest,
    minSamples: minSamples ?? least,
    clearThreshold,
    ...texts,
    labels,
    shipped: false,
  };
}

/** The next severity up. */
export function oneStepUp(severity: Severity): Severity {
  return severity === "info" ? "warning" : "critical";
}

/** Reads fields of simple kinds. Each gives undefined or null if the field is absent or wrong. */
class Fields {
  readonly #raw: RawRule;
  readonly #report: Report;

  constructor(raw: RawRule, report: Report) {
    this.#raw = raw;
    this.#report = report;
  }

  choice<T extends string>(field: keyof UserRule, choices: readonly T[]): T | undefined {
    const value = this.#raw[field];
    return value === undefined ? undefined : choiceOf(value, choices, [field], this.#report);
  }

  flag(field: keyof UserRule): boolean | undefined {
    const value = this.#raw[field];
    if (value === undefined || typeof value === "boolean") return value;
    this.#wrong(field, value, "true, false");
    return undefined;
  }

  whole(field: keyof UserRule, min: number, max: number): number | undefined {
    const value = this.#raw[field];
    if (value === undefined || isWhole(value, min, max)) return value;
    this.#wrong(field, value, `a whole number from ${min} to ${max}`);
    return undefined;
  }

  duration(field: keyof UserRule, min: number, max: number): number | undefined {
    const value = this.#raw[field];
    if (value === undefined) return undefined;
    const seconds = typeof value === "string" ? parseDuration(value.trim()) : value;
    if (typeof seconds === "number" && seconds >= min && seconds <= max) return seconds;
    const range = `from ${durationText(min)} to ${durationText(max)}`;
    const suggestion = typeof value === "string" ? durationMeant(value) : undefined;
    this.#report([field], {
      message: `${shown(value)} is not a time ${range}`,
      allowed: `a number of seconds, or a text such as "90s", "5m" or "1h30m", ${range}`,
      suggestion,
    });
    return undefined;
  }

  text(field: keyof UserRule, max: number): string | null {
    const value = this.#raw[field];
    if (value === undefined || value === null) return null;
    return textProblem(value, max, [field], this.#report) ? null : String(value);
  }

  #wrong(field: string, value: unknown, allowed: string): void {
    this.#report([field], { message: `${shown(value)} cannot be used`, allowed });
  }
}

function readWhen(when: unknown, report: Report): Condition | Happening | undefined {
  const allowed = `a condition such as "node_latency_p99 > 200 ms", or ${happenings.join(" or ")}`;
  if (when === undefined) return undefined;
  if (typeof when !== "string") {
    report(["when"], { message: `${shown(when)} is not a condition`, allowed });
    return undefined;
  }
  const happening = happenings.find((name) => name === when.trim());
  if (happening !== undefined) return happening;
  const parsed = parseCondition(when);
  if ("condition" in parsed) return parsed.condition;
  // One word is rather something that happens, mistyped, than a condition without a comparison.
  const meant = /^\s*\w+\s*$/.test(when) ? suggest(when.trim(), happenings) : undefined;
  if (meant !== undefined)
    report(["when"], { message: `${shown(when)} is not a condition`, allowed, suggestion: meant });
  else for (const problem of parsed.problems) report(["when"], problem);
  return undefined;
}

function refuseConditionFields(raw: RawRule, when: Happening, report: Report): void {
  for (const field of ["for", "clearFor", "clearThreshold", "minSamples"] as const) {
    if (raw[field] === undefined) continue;
    report([field], {
      message: `${when} happens, and has no ${field}`,
      allowed: `${field} only with a condition`,
    });
  }
}

function readClearThreshold(
  value: unknown,
  when: Condition | Happening | undefined,
  statistic: RuleStatistic | undefined,
  report: Report,
): number | null {
  if (value === undefined || value === null || when === undefined || typeof when === "string") return null;
  if (statistic === undefined) return null;
  const { operator, threshold } = when;
  const path = ["clearThreshold"];
  if (typeof threshold === "string") {
    report(path, {
      message: `${statistic.name} is a word, and has no clearThreshold`,
      allowed: "no clearThreshold",
    });
    return null;
  }
  if (typeof value !== "number" && typeof value !== "string") {
    report(path, {
      message: `${shown(value)} is not a number`,
      allowed: `a number or a text such as "${threshold} ${statistic.unit}"`,
    });
    return null;
  }
  const cleared = parseThreshold(statistic, String(value));
  if (typeof cleared === "object") {
    report(path, { message: cleared.message, allowed: cleared.allowed, suggestion: cleared.suggestion });
    return null;
  }
  if (typeof cleared === "string") return null;
  const isAbove = operator === ">" || operator === ">=";
  if (isAbove ? cleared <= threshold : cleared >= threshold) return cleared;
  const side = isAbove ? "at most" : "at least";
  report(path, {
    message: `${shown(value)} is on the side of the threshold (${threshold}) on which the rule fires`,
    allowed: `${side} ${threshold} ${statistic.unit}`,
  });
  return null;
}

function readEscalation(value: unknown, severity: Severity, report: Report): Escalation {
  const raw = value === undefined || value === false ? {} : value;
  const path = ["escalation"];
  if (!isObject(raw)) {
    report(path, {
      message: `${shown(value)} cannot be used`,
      allowed: "false, or { after, severity, channels }, each optional",
    });
    return { after: null, severity, channels: [] };
  }
  unknownKeys(raw, ["after", "severity", "channels"], path, report);
  const given =
    raw.severity === undefined
      ? undefined
      : choiceOf(raw.severity, severities, [...path, "severity"], report);
  if (given !== undefined && severities.indexOf(given) < severities.indexOf(severity)) {
    const message = `${given} is below the rule's severity, ${severity}`;
    report([...path, "severity"], {
      message,
      allowed: severities.slice(severities.indexOf(severity)).join(", "),
    });
  }
  const channels = namesOf(raw.channels, [...path, "channels"], report);
  const { after = 3 } = raw;
  if (!isWhole(after, 1, 1_000)) {
    report([...path, "after"], {
      message: `${shown(after)} cannot be used`,
      allowed: "a whole number from 1 to 1000",
    });
  }
  const to = given ?? oneStepUp(severity);
  // From critical there is no step up: without further channels nothing would change.
  const never = value === false || (to === severity && channels.length === 0) || !isWhole(after, 1, 1_000);
  return { after: never ? null : after, severity: value === false ? severity : to, channels };
}

function readMutes(value: unknown, report: Report): Rule["mutes"] {
  if (value === undefined || value === null) return [];
  const allowed = "a list of ids of rules, or of { rule, equal: [labels] }";
  if (!Array.isArray(value) || value.length > MOST_NAMES) {
    report(["mutes"], {
      message: `${shown(value)} cannot be used`,
      allowed: `${allowed}, ${MOST_NAMES} at most`,
    });
    return [];
  }
  return Array.from(value, (item: unknown, index) => {
    const path = ["mutes", index];
    if (typeof item === "string") return [{ rule: item, equal: [] }];
    if (isObject(item) && typeof item.rule === "string") {
      unknownKeys(item, ["rule", "equal"], path, report);
      return [{ rule: item.rule, equal: namesOf(item.equal, [...path, "equal"], report) }];
    }
    report(path, { message: `${shown(item)} cannot be used`, allowed });
    return [];
  }).flat();
}

function readLabels(
  value: unknown,
  statistic: RuleStatistic | undefined,
  report: Report,
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value) || Object.keys(value).length > MOST_LABELS) {
    report(["labels"], {
      message: `${shown(value)} cannot be used`,
      allowed: `{ name: "text", ... }, ${MOST_LABELS} at most`,
    });
    return {};
  }
  const labels: [string, string][] = [];
  for (const [name, text] of Object.entries(value)) {
    const path = ["labels", shown(name).slice(1, -1)];
    if (!LABEL.test(name) || name.length > MOST_NAME_CHARS) {
      report(path, {
        message: `${shown(name)} is not the name of a label`,
        allowed: "letters, digits and underscores, a letter first",
      });
    } else if (RESERVED.includes(name)) {
      report(path, {
        message: `every alert has a label ${name}`,
        allowed: `other names than ${RESERVED.join(", ")}`,
      });
    } else if (statistic !== undefined && Object.hasOwn(statistic.labels, name)) {
      report(path, {
        message: `${statistic.name} has a label ${name}`,
        allowed: "names that the statistic has not",
      });
    } else if (typeof text === "string" && hasPlaceholder(text)) {
      const message = `a label is constant, and ${shown(text)} would make an alert of each value`;
      report(path, { message, allowed: "a text without {...}; values belong in title and message" });
    } else if (!textProblem(text, MOST_NAME_CHARS, path, report)) labels.push([name, String(text)]);
  }
  return Object.fromEntries(labels);
}

function runbookOf(text: string | null, report: Report): string | null {
  if (text === null || /^https?:\/\/\S+$/.test(text)) return text;
  report(["runbook"], {
    message: `${shown(text)} is not an address`,
    allowed: "an address such as https://wiki.example/slow-node",
  });
  return null;
}

function namesOf(value: unknown, path: readonly (string | number)[], report: Report): readonly string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST_NAMES) {
    report(path, {
      message: `${shown(value)} cannot be used`,
      allowed: `a list of names, ${MOST_NAMES} at most`,
    });
    return [];
  }
  return Array.from(value, (item: unknown, index) =>
    textProblem(item, MOST_NAME_CHARS, [...path, index], report) ? [] : [String(item)],
  ).flat();
}

function choiceOf<T extends string>(
  value: unknown,
  choices: readonly T[],
  path: readonly (string | number)[],
  report: Report,
): T | undefined {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  const suggestion = typeof value === "string" ? suggest(value, choices) : undefined;
  report(path, { message: `${shown(value)} cannot be used`, allowed: choices.join(", "), suggestion });
  return undefined;
}

/** Whether it is no text of one line, which is reported. */
function textProblem(
  value: unknown,
  max: number,
  path: readonly (string | number)[],
  report: Report,
): boolean {
  const isText =
    typeof value === "string" && value.trim() !== "" && value.length <= max && !/\p{Cc}/u.test(value);
  if (isText) return false;
  report(path, {
    message: `${shown(value)} cannot be used`,
    allowed: `a text of one line, ${max} characters at most`,
  });
  return true;
}

function unknownKeys(
  value: RawRule,
  known: readonly string[],
  path: readonly (string | number)[],
  report: Report,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    const name = shown(key).slice(1, -1);
    report([...path, name], {
      message: `there is no ${name} here`,
      allowed: known.join(", "),
      suggestion: suggest(key, known),
    });
  }
}

function titleOf(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function messageOf(when: Condition | Happening | undefined, statistic: RuleStatistic | undefined): string {
  if (statistic === undefined)
    return when === "daily_summary" ? "Performance on {key} (UTC)" : "Benchmark results are there";
  const labels = Object.keys(statistic.labels).filter((label) => label !== "quantile");
  const which = labels.length === 0 ? "" : ` of ${labels.map((label) => `{${label}}`).join(", ")}`;
  return `${statistic.name}${which} is {value} (threshold: {threshold})`;
}

/** "Slow Quotes!" is "slow-quotes"; undefined if nothing is left. */
function asId(text: string): string | undefined {
  const id = text
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join("-")
    .slice(0, MOST_ID_CHARS)
    .replace(/-$/, "");
  return id === undefined || id === "" ? undefined : id;
}

/** What people write for "5m": "5 min", "5 minutes", "5M". */
function durationMeant(text: string): string | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(\p{L})\p{L}*\s*$/u.exec(text) ?? [];
  const near = `${amount}${unit?.toLowerCase()}`;
  return parseDuration(near) === undefined ? undefined : near;
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}

export function isObject(value: unknown): value is RawRule {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
