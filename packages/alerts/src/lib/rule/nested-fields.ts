import { shown } from "@slipstream/config";
import { placeholdersIn } from "../message/template.ts";
import type { RuleStatistic } from "./catalogue.ts";
import { choiceOf, isObject, isWhole, namesOf, type Report, textProblem, unknownKeys } from "./fields.ts";
import type { Escalation, Rule, Severity } from "./rule.ts";
import { severities } from "./severity.ts";

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Labels that every alert has. */
const RESERVED = ["alertname", "severity", "source", "desk"];
const MOST_LABELS = 16;
const MOST_MUTES = 32;
const MOST_LABEL_CHARS = 100;

export function readEscalation(value: unknown, severity: Severity, report: Report): Escalation {
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

export function readMutes(value: unknown, report: Report): Rule["mutes"] {
  if (value === undefined || value === null) return [];
  const allowed = "a list of ids of rules, or of { rule, equal: [labels] }";
  if (!Array.isArray(value) || value.length > MOST_MUTES) {
    report(["mutes"], {
      message: `${shown(value)} cannot be used`,
      allowed: `${allowed}, ${MOST_MUTES} at most`,
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

export function readLabels(
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
    if (!LABEL.test(name) || name.length > MOST_LABEL_CHARS) {
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
    } else if (typeof text === "string" && placeholdersIn(text).length > 0) {
      const message = `a label is constant, and ${shown(text)} would make an alert of each value`;
      report(path, { message, allowed: "a text without {...}; values belong in title and message" });
    } else if (!textProblem(text, MOST_LABEL_CHARS, path, report)) labels.push([name, String(text)]);
  }
  return Object.fromEntries(labels);
}

/** The next severity up. */
function oneStepUp(severity: Severity): Severity {
  return severity === "info" ? "warning" : "critical";
}
