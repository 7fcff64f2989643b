import { problemText, type Rule, type RuleProblem, readRules } from "@slipstream/alerts";
import { ConfigError } from "@slipstream/config";
import { quantity } from "@slipstream/conventions";
import type { ResolvedConfig } from "../config/components.ts";
import type { FileProblem } from "./rules-file.ts";

/**
 * The rules that a configuration sets: the shipped ones with its changes, and its own.
 * @throws ConfigError with every mistake, each on a line of its own; SlipstreamError `usage` if the file cannot be read
 */
export async function loadRules({
  rules,
  rulesFile,
  mevBudgetUsdPerHour,
}: Pick<ResolvedConfig, "rules" | "rulesFile" | "mevBudgetUsdPerHour">): Promise<readonly Rule[]> {
  if (rulesFile === undefined) {
    const read = readRules(rules, { mevBudgetUsdPerHour });
    refuse("rules", read.problems);
    return read.rules;
  }
  const [{ readText }, { parseRulesFile }] = await Promise.all([
    import("../detect/read-text.ts"),
    import("./rules-file.ts"),
  ]);
  const read = parseRulesFile(await readText(rulesFile), { mevBudgetUsdPerHour });
  refuse("rulesFile", read.problems, rulesFile);
  return read.rules;
}

function refuse(key: string, problems: readonly (RuleProblem & Partial<FileProblem>)[], file?: string): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => {
    const { line = null, lineColumn } = problem;
    return `  ${file === undefined || line === null ? "" : `${file}:${line}:${lineColumn}: `}${problemText(problem)}`;
  });
  const rules = file === undefined ? "the rules" : `the rules in ${file}`;
  throw new ConfigError(key, [`${rules} have ${quantity(problems.length, "mistake")}:`, ...lines].join("\n"));
}
