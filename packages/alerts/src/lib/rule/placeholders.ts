import { suggest } from "@slipstream/config";
import { placeholdersIn } from "../message/template.ts";
import { ruleStatistics } from "./catalogue.ts";
import type { ProblemDetails } from "./problem.ts";

/** What the texts of a rule on a statistic may hold in braces, besides names of labels and of statistics. */
export const placeholders: Readonly<Record<string, string>> = {
  value: "the value, with its unit",
  threshold: "the threshold, with its unit",
  worst: "the worst value since it fired",
  count: "samples behind the value",
  unit: "the statistic's unit",
  window: "length of the statistic's window",
  duration: "how long it has fired",
  occurrence: "1, 2, ...",
};

/** The same for something that happens. */
export const happeningPlaceholders: Readonly<Record<string, string>> = {
  key: "what tells one from the next, such as the UTC date of a daily summary",
  occurrence: "1, 2, ...",
};

/** Statistics that have one value. As `{NAME}` a text has the value, as `{NAME.count}` the samples behind it. */
const single: readonly string[] = ruleStatistics
  .filter(({ labels }) => Object.keys(labels).length === 0)
  .flatMap(({ name }) => [name, `${name}.count`]);

/**
 * What is wrong with the placeholders of a text.
 * @param kind what the rule is about
 * @param labels of the statistic, and constant ones of the rule
 */
export function placeholderProblems(
  text: string,
  kind: "condition" | "happening",
  labels: readonly string[],
): readonly ProblemDetails[] {
  const near = [...Object.keys(kind === "condition" ? placeholders : happeningPlaceholders), ...labels];
  const known = [...near, ...single];
  return placeholdersIn(text)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = suggest(name.trim(), known);
      return {
        message: `there is no placeholder {${name}}`,
        allowed: `${near.map((one) => `{${one}}`).join(", ")}, and statistics without labels, such as {mev_loss_usd} or {mev_loss_usd.count}`,
        ...(meant !== undefined && { suggestion: `{${meant}}` }),
      };
    });
}
