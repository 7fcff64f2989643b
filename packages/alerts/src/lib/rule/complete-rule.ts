import { shown, suggest } from "@slipstream/config";
import { defaultMinSamples, everyLabel, type RuleStatistic } from "./catalogue.ts";
import type { Condition } from "./condition.ts";
import { Fields, type RawRule, type Report, unknownKeys } from "./fields.ts";
import { happenings } from "./happenings.ts";
import { readEscalation, readLabels, readMutes } from "./nested-fields.ts";
import { placeholderProblems } from "./placeholders.ts";
import { chosenQuantile, parseCondition, parseThreshold, statisticNamed } from "./read-condition.ts";
import type { Happening, Rule } from "./rule.ts";
import { severities } from "./severity.ts";
import { otherNames, ruleFields, type UserRule } from "./user-rule.ts";

const DAY = 86_400;
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MOST_ID_CHARS = 64;
const MOST_TITLE_CHARS = 150;
const MOST_TEXT_CHARS = 1_000;
const MOST_SAMPLES = 1e9;

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
  unknownKeys(raw, ruleFields, [], report, {
    message: (name) => `a rule has no field ${name}`,
    meant: (field) => {
      const name = suggest(field, [...ruleFields, ...Object.keys(otherNames)]);
      return name === undefined ? undefined : (otherNames[name] ?? name);
    },
  });
}

export interface CompletedRule {
  /** undefined if it has no severity or no condition that can be used. */
  readonly rule: Rule | undefined;
  /** Rules that it mutes, in any case. */
  readonly mutes: Rule["mutes"];
}

/**
 * A rule with everything that was left out. What is wrong is reported, and has its default in the rule that is returned.
 * @param id as `readId` found it
 */
export function completeRule(id: string, raw: RawRule, report: Report): CompletedRule {
  const fields = new Fields(raw, report);
  const severity = fields.choice("severity", severities);
  const when = readWhen(raw.when, report);
  // Also if something else is wrong with the condition.
  const about = typeof when === "string" ? undefined : statisticNamed(raw.when);
  const labels = readLabels(raw.labels, about, report);
  const ofSeries = about === undefined && when === undefined ? everyLabel : Object.keys(about?.labels ?? {});
  const known = [...ofSeries, ...Object.keys(labels)];
  const kind = typeof when === "string" ? "happening" : "condition";
  if (typeof when === "string") refuseConditionFields(raw, when, report);
  const text = (field: keyof UserRule): string | null => {
    const value = fields.text(field, field === "title" ? MOST_TITLE_CHARS : MOST_TEXT_CHARS);
    for (const problem of placeholderProblems(value ?? "", kind, known)) report([field], problem);
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
  if (severity === undefined || when === undefined) return { rule: undefined, mutes: rest.mutes };
  const least =
    about === undefined || typeof when === "string"
      ? 0
      : defaultMinSamples(about, chosenQuantile(when.labels));
  const numbers = { minSamples: minSamples ?? least, clearThreshold };
  const rule = { id, severity, when, ...rest, ...numbers, ...texts, labels, shipped: false };
  return { rule, mutes: rest.mutes };
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

function runbookOf(text: string | null, report: Report): string | null {
  if (text === null || /^https?:\/\/\S+$/.test(text)) return text;
  report(["runbook"], {
    message: `${shown(text)} is not an address`,
    allowed: "an address such as https://wiki.example/slow-node",
  });
  return null;
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
