import { SlipstreamError } from "@slipstream/conventions";
import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { examplesText } from "../examples.ts";
import { print, printJson } from "../print.ts";
import { rulesPrometheusCommand } from "./rules-prometheus.ts";
import { rulesTestCommand } from "./rules-test.ts";

interface Options {
  readonly json?: boolean;
  readonly config?: string;
  readonly mevBudget?: string;
}

export function rulesCommand(): Command {
  const command = new Command("rules")
    .summary("list the rules of alerts, check a file of them, test channels, and make rules for Prometheus")
    .description(
      "Slipstream ships rules for what goes wrong at a trading desk. A file of rules changes them, switches them off and adds " +
        "others, without code. docs/alerts.md describes them, and what a rule can say.",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream rules list", "the rules that hold in this folder"],
        ["slipstream rules check rules.yaml", "every mistake in a file, or what it changes"],
        ["slipstream rules prometheus > slipstream.yml", "the same rules for Prometheus"],
        ["slipstream rules test", "send a test of each rule through every channel"],
      ),
    );
  command.addCommand(listCommand());
  command.addCommand(checkCommand());
  command.addCommand(rulesPrometheusCommand());
  command.addCommand(rulesTestCommand());
  return command;
}

function listCommand(): Command {
  const command = new Command("list")
    .summary("print the rules that hold")
    .description(
      "Prints every rule: the shipped ones, with the changes of the configuration, and those that it adds. These are the rules that " +
        "slipstream aggregate would start with here.",
    )
    .option("--json", "print everything about each rule as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream rules list", "the rules that hold in this folder"],
        ["slipstream rules list --rules rules.yaml", "those that would hold with this file"],
        [
          "slipstream rules list --json | jq '.rules[] | select(.off == null) | .id'",
          "the ids of all that are on",
        ],
      ),
    );
  return addConfigFlags(command, "rulesFile", "mevBudgetUsdPerHour").action(list);
}

function checkCommand(): Command {
  const command = new Command("check")
    .summary("find every mistake in a file of rules")
    .description(
      "Reads a YAML or JSON file of rules and lists every mistake in it: where it is, what is allowed and what was probably meant. " +
        "Without mistakes it prints what the file changes. Exit codes: 0 no mistakes, 2 mistakes.",
    )
    .argument("<file>", "the file, - for standard input")
    .option("--json", "print the mistakes and the rules as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream rules check rules.yaml", "before it is deployed"],
        ["slipstream rules check - < rules.yaml", "from standard input"],
        ["slipstream rules check rules.yaml --json | jq '.problems[].place'", "where the mistakes are"],
      ),
    );
  return addConfigFlags(command, "mevBudgetUsdPerHour").action(check);
}

async function list(options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [{ loadRules }, { originsOf, rulesTable }] = await Promise.all([
    import("../../rules/load-rules.ts"),
    import("../../rules/rules-text.ts"),
  ]);
  const rules = await loadRules(config);
  const origins = originsOf(rules, config.mevBudgetUsdPerHour);
  if (!options.json) return print(rulesTable(rules, origins));
  return printJson({ rules: rules.map((rule) => ({ ...rule, origin: origins.get(rule.id) })) });
}

async function check(file: string, options: Options): Promise<void> {
  const [{ config }, { readText }, { parseRulesFile }, { checkedText, originsOf, problemsText }] =
    await Promise.all([
      // Of it only the budget counts. Its rules are not read: they may be what is being mended.
      commandConfig({ ...options }),
      import("../../detect/read-text.ts"),
      import("../../rules/rules-file.ts"),
      import("../../rules/rules-text.ts"),
    ]);
  const text = await readText(file);
  const { mevBudgetUsdPerHour } = config;
  const { rules, problems } = parseRulesFile(text, { mevBudgetUsdPerHour });
  const origins = originsOf(rules, mevBudgetUsdPerHour);
  const isRight = problems.length === 0;
  if (options.json) {
    const touched = rules.map((rule) => ({ ...rule, origin: origins.get(rule.id) }));
    const own = isRight ? touched.filter(({ origin }) => origin !== "shipped") : [];
    await printJson({ file, problems, rules: own });
  } else if (isRight) await print(checkedText(file, rules, origins));
  else process.stderr.write(`${problemsText(file, text, problems)}\n`);
  // What is wrong has been printed.
  if (!isRight) throw new SlipstreamError("bad_config", "");
}
