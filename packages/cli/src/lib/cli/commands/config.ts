import { aggregatorComponents, rulesOptions } from "@slipstream/aggregator/options";
import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { configReport, mistypedText, settingsOf } from "../../config/settings.ts";
import { unknownVariables } from "../../config/variables.ts";
import { examplesText } from "../examples.ts";
import { loggingOptions } from "../options.ts";

interface Options {
  readonly json?: boolean;
}

export function configCommand(): Command {
  const command = new Command("config")
    .summary("print the configuration and where each value comes from")
    .description(
      "Prints the value of every key and where it comes from: a flag, an environment variable, the configuration file or the " +
        "default. It takes the flags of slipstream aggregate and shows what the aggregator would run with. Secrets are hidden.",
    )
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream config", "what holds in this folder"],
        ["slipstream config --port 9481 --config desk.config.ts", "what holds with these flags"],
        ["slipstream config --json | jq .settings.port", "one value and its origin"],
      ),
    );
  return addConfigFlags(command, ...aggregatorComponents, rulesOptions, loggingOptions, "endpoint").action(
    config,
  );
}

async function config(options: Options): Promise<void> {
  const loaded = await commandConfig({ ...options });
  const unknown = unknownVariables(process.env);
  if (options.json) {
    const { file = null } = loaded;
    console.log(
      JSON.stringify({ file, settings: settingsOf(loaded), unknownVariables: unknown }, undefined, 2),
    );
  } else console.log(configReport(loaded));
  for (const variable of unknown) console.error(`slipstream: ${mistypedText(variable)}`);
  // What aggregate would refuse.
  const [{ assertServerOptions }, { loadRules }] = await Promise.all([
    import("@slipstream/aggregator"),
    import("../../rules/load-rules.ts"),
  ]);
  assertServerOptions(loaded.config);
  await loadRules(loaded.config);
}
