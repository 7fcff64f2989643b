import type { RuleProblem, UserRule } from "@slipstream/alerts";
import type { Problem } from "@slipstream/config";
import { lazyRules } from "./lazy-rules.ts";

/** Whether there is a budget is known when all options are: the rules are then read with it. */
const ANY_BUDGET = 1;

/** Rules of alerts. They are read here; the aggregator is given complete ones. */
export const rulesOptions = {
  title: "Alerts",
  options: {
    rules: {
      type: "object",
      allowed: "a list of rules, as docs/alerts.md describes them",
      problems: (value: unknown): readonly Problem[] =>
        lazyRules().readRules(value, { list: "", mevBudgetUsdPerHour: ANY_BUDGET }).problems.map(inConfig),
      printed: (value: readonly UserRule[]): unknown => value,
      unset: "the shipped rules",
      excludes: "rulesFile",
      reload: true,
      help: "rules of alerts: changes of shipped ones, and new ones",
    },
    rulesFile: {
      type: "text",
      allowed: "the path of a YAML or JSON file",
      unset: "the shipped rules",
      reload: true,
      env: "SLIPSTREAM_RULES_FILE",
      flag: "--rules <file>",
      help: "file of rules of alerts",
      details: "A list of rules, as `rules` takes them. A change of the file is read at once.",
    },
    mevBudgetUsdPerHour: {
      type: "number",
      above: 0,
      unit: "US dollars",
      unset: "none; the rules about it are off",
      reload: true,
      env: "SLIPSTREAM_MEV_BUDGET_USD_PER_HOUR",
      flag: "--mev-budget <usd>",
      help: "what attacks may cost in an hour before an alert fires",
    },
  },
} as const;

/** A problem as the configuration writes it, behind the key. */
function inConfig({ place, column, message, suggestion, allowed }: RuleProblem): Problem {
  const where = column === null ? place : `${place} (column ${column})`;
  const meant = suggestion === null ? "" : `; did you mean ${suggestion}?`;
  return {
    place: where,
    text: `is wrong: ${message}${meant}${allowed === null ? "" : `; allowed: ${allowed}`}`,
  };
}
