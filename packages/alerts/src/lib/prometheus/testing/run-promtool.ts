import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { promtool } from "@slipstream/testing/prometheus-server";
import type { RuleGroup } from "../rule-file.ts";

/**
 * Rules and tests of them, by `promtool check rules` and `promtool test rules`. JSON is YAML.
 * @returns what promtool says
 * @throws Error with that, if something is wrong
 */
export function runPromtool(
  groups: readonly RuleGroup[],
  tests: readonly object[],
  evaluationInterval = "15s",
): string {
  const folder = testFolder();
  const [rules, file] = [join(folder, "rules.json"), join(folder, "tests.json")];
  writeFileSync(rules, JSON.stringify({ groups }));
  const content = { rule_files: [rules], evaluation_interval: evaluationInterval, tests };
  writeFileSync(file, JSON.stringify(content));
  const answers = [promtool(["check", "rules", rules], ""), promtool(["test", "rules", file], "")];
  const output = answers.map(({ stdout, stderr }) => stdout + stderr).join("");
  if (answers.some(({ status }) => status !== 0)) throw new Error(output);
  return output;
}
