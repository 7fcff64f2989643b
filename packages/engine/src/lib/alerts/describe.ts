import {
  type AlertText,
  type DigestEntry,
  elapsedText,
  filled,
  filledIfKnown,
  type Placeholder,
  type Rule,
  type TextLine,
  type TransitionCore,
  valueText,
} from "@slipstream/alerts";
import { type EvidenceSource, evidenceOf, seriesOf } from "./evidence.ts";

const COUNT = ".count";

const endings = {
  rule_changed: "The rule was changed",
  rule_removed: "The rule was removed",
  rule_off: "The rule was switched off",
  no_data: "No data for 24 h",
  closed: "It was closed",
} as const;

/** What a notification says. @param rule undefined: it is a digest */
export function describeAlert(
  rule: Rule | undefined,
  core: TransitionCore,
  source: EvidenceSource,
): AlertText {
  if (rule === undefined) return digestText(core);
  const placeholder = placeholders(rule, core, source);
  const fill = (template: string): string => filled(template, placeholder);
  const title = fill(rule.title);
  const labelled = labelsLine(core, `${title}\n${fill(rule.message)}`);
  const { runbook } = rule;
  const links = runbook === null ? [] : [{ name: "Runbook", url: fill(runbook) }];
  if (core.kind === "resolved") return { title, lines: resolvedLines(core), evidence: labelled, links };
  // Who acknowledged it is in the layout of every channel.
  if (core.kind === "acknowledged")
    return { title, lines: [sentence(fill(rule.message))], evidence: labelled, links };
  const detail = rule.detail === null ? undefined : filledIfKnown(rule.detail, placeholder);
  const lines = [
    sentence(fill(rule.message)),
    ...(isUnknown(core) ? [sentence("There is no data now: whether it still holds is not known")] : []),
    ...(detail === undefined ? [] : [sentence(detail)]),
    ...line("Impact", rule.impact, fill),
    ...line("Action", rule.action, fill),
    ...line("Recommendation", rule.recommendation, fill),
  ];
  // What is sent to nobody needs no evidence: it would have to be looked for.
  const evidence = core.muted === undefined ? evidenceOf(rule, core, source) : [];
  return { title, lines, evidence: [...labelled, ...evidence], links };
}

/** What the placeholders of a rule's texts stand for. */
function placeholders(rule: Rule, core: TransitionCore, source: EvidenceSource): Placeholder {
  const { value, threshold, worst, unit, labels } = core;
  const known: Readonly<Record<string, () => string | undefined>> = {
    value: () => (value === null ? undefined : valueText(value, unit, threshold)),
    threshold: () => (threshold === null ? undefined : valueText(threshold, unit)),
    worst: () => (worst === null ? undefined : valueText(worst, unit, threshold)),
    count: () => valueText(core.count, ""),
    unit: () => unit,
    window: () => windowOf(rule, core, source),
    duration: () => lasted(core),
    occurrence: () => String(core.occurrence),
    key: () => core.happening,
  };
  return (name) => {
    if (Object.hasOwn(known, name)) return known[name]?.();
    if (Object.hasOwn(labels, name)) return labels[name];
    if (!name.endsWith(COUNT)) return statisticText(name, source);
    const entry = source.entry(name.slice(0, -COUNT.length), null);
    return entry === undefined || "series" in entry ? undefined : valueText(entry.count, "");
  };
}

function statisticText(name: string, source: EvidenceSource): string | undefined {
  const entry = source.entry(name, null);
  if (entry === undefined || "series" in entry || entry.value === null) return undefined;
  return valueText(entry.value, entry.unit);
}

function windowOf({ when }: Rule, { labels }: TransitionCore, source: EvidenceSource): string | undefined {
  if (typeof when === "string") return undefined;
  const seconds = seriesOf(source.entry(when.statistic, when.windowSeconds), labels)?.windowSeconds;
  return seconds === null || seconds === undefined ? undefined : elapsedText(seconds);
}

function lasted({ atMs, firedMs }: TransitionCore): string {
  return elapsedText(Math.max(0, atMs - firedMs) / 1_000);
}

function resolvedLines(core: TransitionCore): readonly TextLine[] {
  const { value, worst, threshold, unit, endReason, closedBy } = core;
  const of = threshold === null ? "" : ` (threshold: ${valueText(threshold, unit)})`;
  const lines: TextLine[] = [];
  if (closedBy !== undefined) {
    const { by, comment } = closedBy;
    lines.push({ label: "Closed", text: `by ${by}${comment === "" ? "" : `: ${comment}`}` });
  } else if (endReason !== undefined) lines.push(sentence(endings[endReason]));
  else
    lines.push({
      label: "Now",
      text: `${valueText(value, unit, threshold)}${typeof threshold === "number" ? of : ""}`,
    });
  lines.push({ label: "Lasted", text: lasted(core) });
  if (typeof worst === "number") lines.push({ label: "Worst", text: valueText(worst, unit, threshold) });
  return lines;
}

/** It is sent though it is without data, as when a silence ends. */
function isUnknown({ kind, value }: TransitionCore): boolean {
  return value === null && (kind === "firing" || kind === "escalated");
}

/** Labels that the text does not have: without them nobody knows which of the rule's alerts it is. */
function labelsLine({ labels }: TransitionCore, text: string): readonly TextLine[] {
  const missing = Object.entries(labels).filter(
    ([name, value]) => name !== "quantile" && !text.includes(value),
  );
  if (missing.length === 0) return [];
  return [{ label: "Labels", text: missing.map(([name, value]) => `${name}=${value}`).join(", ") }];
}

function digestText({ digest }: TransitionCore): AlertText {
  const { entries = [], more = 0 } = digest ?? {};
  const title = "Alerts While Catching Up";
  const lines = [
    sentence("They fired and resolved while a backlog was worked off, and nothing of it was sent"),
    ...entries.map(digestLine),
    ...(more === 0 ? [] : [sentence(`and ${more} more`)]),
  ];
  return { title, lines, evidence: [], links: [] };
}

function digestLine({ alert, severity, times, firedMs, resolvedMs, worst, unit }: DigestEntry): TextLine {
  const often = times === 1 ? "" : `, ${times} times`;
  const extreme = typeof worst === "number" ? `, worst ${valueText(worst, unit)}` : "";
  return {
    label: alert,
    text: `${severity}, ${timeText(firedMs)} to ${timeText(resolvedMs)}${often}${extreme}`,
  };
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function sentence(text: string): TextLine {
  return { label: null, text };
}

function line(
  label: string,
  template: string | null,
  fill: (template: string) => string,
): readonly TextLine[] {
  return template === null ? [] : [{ label, text: fill(template) }];
}
