import { SlipstreamError } from "@slipstream/conventions";
import { type Condition, matcherOperators, operators } from "./condition.ts";
import { happenings } from "./happenings.ts";
import type { Rule } from "./rule.ts";
import { severities } from "./severity.ts";

/** Most rules that hold at a time, shipped ones included. */
export const MOST_RULES = 1_000;
/** Most bytes of all rules together, encoded. */
export const MOST_RULES_BYTES: number = 4 * 1_024 * 1_024;

const VERSION = 1;

/** The body of a log record that sets the rules: all of them, complete, so that a later version's defaults do not change them. */
export function encodeRules(rules: readonly Rule[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, rules }));
}

/**
 * Reads what `encodeRules` wrote. Fields that a later version has added are left out. Names of statistics are not checked: those of
 * the version that wrote it may have been others.
 *
 * @throws SlipstreamError `log_newer` if a later version wrote a form that this one cannot read, `invalid_option` if it is something else.
 */
export function decodeRules(body: Uint8Array): readonly Rule[] {
  if (body.length > MOST_RULES_BYTES) throw wrong(`of ${body.length} bytes`);
  const saved = record(jsonOf(body), "rules");
  const version = number(saved.version, "version");
  if (version !== VERSION) {
    throw new SlipstreamError(
      "log_newer",
      `Rules in the log have version ${version}; update Slipstream to read them`,
    );
  }
  const rules = list(saved.rules, "rules");
  if (rules.length > MOST_RULES) throw wrong(`${rules.length} of them`);
  return rules.map((rule, index) => ruleOf(record(rule, `rules[${index}]`)));
}

type Fields = Readonly<Record<string, unknown>>;

function ruleOf(rule: Fields): Rule {
  const escalation = record(rule.escalation, "escalation");
  return {
    id: text(rule.id, "id"),
    severity: choice(rule.severity, severities, "severity"),
    off: optional(rule.off, "off", text),
    when:
      typeof rule.when === "string"
        ? choice(rule.when, happenings, "when")
        : conditionOf(record(rule.when, "when")),
    forSeconds: number(rule.forSeconds, "forSeconds"),
    clearForSeconds: number(rule.clearForSeconds, "clearForSeconds"),
    clearThreshold: optional(rule.clearThreshold, "clearThreshold", number),
    minSamples: number(rule.minSamples, "minSamples"),
    suppressSeconds: number(rule.suppressSeconds, "suppressSeconds"),
    escalation: {
      after: optional(escalation.after, "after", number),
      severity: choice(escalation.severity, severities, "severity"),
      channels: texts(escalation.channels, "channels"),
    },
    mutes: list(rule.mutes, "mutes").map((item) => {
      const muted = record(item, "mutes");
      return { rule: text(muted.rule, "rule"), equal: texts(muted.equal, "equal") };
    }),
    title: text(rule.title, "title"),
    message: text(rule.message, "message"),
    detail: optional(rule.detail, "detail", text),
    impact: optional(rule.impact, "impact", text),
    action: optional(rule.action, "action", text),
    recommendation: optional(rule.recommendation, "recommendation", text),
    runbook: optional(rule.runbook, "runbook", text),
    labels: Object.fromEntries(
      Object.entries(record(rule.labels, "labels")).map(([name, value]) => [name, text(value, "labels")]),
    ),
    shipped: flag(rule.shipped, "shipped"),
  };
}

function conditionOf(when: Fields): Condition {
  return {
    text: text(when.text, "text"),
    statistic: text(when.statistic, "statistic"),
    labels: list(when.labels, "labels").map((item) => {
      const matcher = record(item, "labels");
      return {
        label: text(matcher.label, "label"),
        operator: choice(matcher.operator, matcherOperators, "operator"),
        value: text(matcher.value, "value"),
      };
    }),
    windowSeconds: optional(when.windowSeconds, "windowSeconds", number),
    operator: choice(when.operator, operators, "operator"),
    threshold: typeof when.threshold === "string" ? when.threshold : number(when.threshold, "threshold"),
  };
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new SlipstreamError("invalid_option", "Rules in the log are not JSON", { cause });
  }
}

function record(value: unknown, field: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw wrong(`${field} is not an object`);
}

function list(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${field} is not a list`);
}

function text(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw wrong(`${field} is not a text`);
}

function number(value: unknown, field: string): number {
  if (typeof value === "number") return value;
  throw wrong(`${field} is not a number`);
}

function flag(value: unknown, field: string): boolean {
  if (typeof value === "boolean") return value;
  throw wrong(`${field} is not true or false`);
}

function texts(value: unknown, field: string): readonly string[] {
  return list(value, field).map((item) => text(item, field));
}

function choice<T extends string>(value: unknown, choices: readonly T[], field: string): T {
  const chosen = choices.find((candidate) => candidate === value);
  if (chosen === undefined) throw wrong(`${field} is none of ${choices.join(", ")}`);
  return chosen;
}

function optional<T>(value: unknown, field: string, read: (value: unknown, field: string) => T): T | null {
  return value === null ? null : read(value, field);
}

function wrong(what: string): SlipstreamError {
  return new SlipstreamError("invalid_option", `Rules in the log cannot be read: ${what}`);
}
