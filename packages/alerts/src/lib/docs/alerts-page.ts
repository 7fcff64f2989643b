import { withGeneratedPart } from "@slipstream/testing/generated-part";
import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { type RuleStatistic, ruleStatistics } from "../rule/catalogue.ts";
import { durationText } from "../rule/duration.ts";
import { happeningPlaceholders, placeholders } from "../rule/placeholders.ts";
import { shippedRules, shippedTable } from "../rule/shipped.ts";

/** The page of `docs/` about alerts. */
export const alertsPage: URL = new URL("../../../../../docs/alerts.md", import.meta.url);

/**
 * The page with its tables made again from the rules and statistics.
 * @throws Error if a mark of a table is missing
 */
export function withTables(page: string): string {
  const tables = { rules: rulesText(), placeholders: placeholdersTable(), statistics: statisticsTable() };
  return Object.entries(tables).reduce(
    (text, [name, table]) => withGeneratedPart(text, "docs/alerts.md", name, table),
    page,
  );
}

function rulesText(): string {
  const complete = new Map(shippedRules().map((rule) => [rule.id, rule]));
  const rows = shippedTable().map(({ id, when = "", off, why }) => {
    const rule = complete.get(id);
    const condition = off === undefined ? code(when) : `${code(when.replace(/[$].*/, ""))}${budgetText(id)}`;
    return [code(id), rule?.severity ?? "", condition, times(rule), why];
  });
  return markdownTable(["rule", "severity", "fires when", "for, clears after", "why"], rows);
}

function budgetText(id: string): string {
  return id === "mev-budget-fast" ? " half of `mevBudgetUsdPerHour`" : " `mevBudgetUsdPerHour`";
}

function times(rule: { readonly forSeconds: number; readonly clearForSeconds: number } | undefined): string {
  if (rule === undefined) return "";
  const { forSeconds, clearForSeconds } = rule;
  if (forSeconds === 0 && clearForSeconds === 0) return "at once";
  return [forSeconds, clearForSeconds]
    .map((seconds) => (seconds === 0 ? "at once" : durationText(seconds)))
    .join(", ");
}

function placeholdersTable(): string {
  const own = Object.entries(placeholders).map(([name, help]) => [code(`{${name}}`), help]);
  const happening = Object.entries(happeningPlaceholders).filter(
    ([name]) => !Object.hasOwn(placeholders, name),
  );
  return markdownTable(
    ["placeholder", "what it stands for"],
    [
      ...own,
      ...happening.map(([name, help]) => [code(`{${name}}`), `of something that happens: ${help}`]),
      ["a label, such as `{service}`", "its value"],
      ["a statistic without labels, such as `{mev_loss_usd}`", "its value, with its unit"],
      ["the same with `.count`, such as `{mev_loss_usd.count}`", "the samples behind it"],
    ],
  );
}

function statisticsTable(): string {
  const rows = ruleStatistics.map((statistic) => {
    const { name, unit, longestWindow, help } = statistic;
    return [
      code(name),
      valueText(unit, statistic),
      labelsText(statistic),
      longestWindow === null ? "" : `up to ${durationText(longestWindow)}`,
      help,
    ];
  });
  return markdownTable(["statistic", "value", "labels", "window", "what it is"], rows);
}

function valueText(unit: string, { words }: RuleStatistic): string {
  return words.length === 0 ? unit : words.map(code).join(", ");
}

function labelsText({ labels }: RuleStatistic): string {
  return Object.entries(labels)
    .map(([label, values]) => (values === "open" ? code(label) : `${code(label)}: ${values.join(", ")}`))
    .join("; ");
}
