import { conditionText, durationText, type Rule, shippedRules } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import { tableText } from "../mev/numbers.ts";
import type { FileProblem } from "./rules-file.ts";

/** Where a rule is from: shipped as it is, shipped and changed, or new. */
export type RuleOrigin = "shipped" | "changed" | "new";

/** Where each rule is from, by its id. */
export function originsOf(
  rules: readonly Rule[],
  mevBudgetUsdPerHour: number | undefined,
): ReadonlyMap<string, RuleOrigin> {
  const shipped = new Map(
    shippedRules({ mevBudgetUsdPerHour }).map((rule) => [rule.id, JSON.stringify(rule)]),
  );
  return new Map(
    rules.map((rule) => {
      const before = shipped.get(rule.id);
      if (before === undefined) return [rule.id, "new"];
      return [rule.id, before === JSON.stringify(rule) ? "shipped" : "changed"];
    }),
  );
}

/** The rules as a table for people. */
export function rulesTable(rules: readonly Rule[], origins: ReadonlyMap<string, RuleOrigin>): string {
  const rows = rules.map((rule) => [
    rule.id,
    rule.severity,
    stateText(rule, origins.get(rule.id)),
    whenText(rule),
  ]);
  return tableText(["rule", "severity", "state", "fires when"], rows, { left: [0, 1, 2, 3] }).join("\n");
}

/** What a file of rules that is right changes. */
export function checkedText(
  file: string,
  rules: readonly Rule[],
  origins: ReadonlyMap<string, RuleOrigin>,
): string {
  const touched = rules.filter(({ id }) => origins.get(id) !== "shipped");
  const of = (origin: RuleOrigin): number => [...origins.values()].filter((one) => one === origin).length;
  const counts = `${quantity(of("new"), "new rule")}, ${quantity(of("changed"), "changed rule")}, ${of("shipped")} as shipped`;
  const head = `${file}: no mistakes; ${counts}`;
  return touched.length === 0 ? head : [head, "", rulesTable(touched, origins)].join("\n");
}

/** Each mistake with the line of the file that it is in. */
export function problemsText(file: string, text: string, problems: readonly FileProblem[]): string {
  const lines = text.split(/\r?\n/);
  const blocks = problems.map(({ line, lineColumn, place, message, suggestion, allowed }) => {
    const where = line === null ? file : `${file}:${line}:${lineColumn}`;
    return [
      `${where}: ${place}: ${message}`,
      ...(line === null || lineColumn === null ? [] : excerpt(lines[line - 1] ?? "", lineColumn)),
      ...(suggestion === null ? [] : [`  did you mean ${suggestion}?`]),
      ...(allowed === null ? [] : [`  allowed: ${allowed}`]),
    ].join("\n");
  });
  return [...blocks, `${file}: ${quantity(problems.length, "mistake")}`].join("\n\n");
}

/** Part of a line with a mark below a column. */
function excerpt(line: string, column: number): readonly string[] {
  const from = Math.max(0, column - 60);
  const shown = line.slice(from, from + 110).replaceAll(/\p{Cc}/gu, " ");
  return [`    ${shown}`, `    ${" ".repeat(column - 1 - from)}^`];
}

function stateText({ off }: Rule, origin: RuleOrigin | undefined): string {
  return `${off === null ? "on" : "off"}${origin === "shipped" ? "" : `, ${origin}`}`;
}

function whenText({ when, forSeconds, minSamples, off }: Rule): string {
  const reason = off === null || off === "enabled: false" ? "" : ` (${off})`;
  if (typeof when === "string") return `${when}${reason}`;
  const holds = forSeconds === 0 ? "" : ` for ${durationText(forSeconds)}`;
  const samples = minSamples === 0 ? "" : `, ${quantity(minSamples, "sample")} or more`;
  return `${conditionText(when)}${holds}${samples}${reason}`;
}
