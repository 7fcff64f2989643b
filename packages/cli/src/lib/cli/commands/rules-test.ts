import { suggest } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { loggingOptions } from "../options.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly json?: boolean;
  readonly rule?: readonly string[];
  readonly channel?: readonly string[];
}

/** `slipstream rules test` */
export function rulesTestCommand(): Command {
  const command = new Command("test")
    .summary("send a test of each rule through every channel")
    .description(
      "Fires each rule that is on once, with values made up, and sends it through every configured channel, whatever its routing. Every " +
        "message is marked as a test. Prints what each channel answered. It needs no aggregator. Exit codes: 0 all were taken, 1 a channel did " +
        "not take one.",
    )
    .option("--rule <id...>", "only these rules, also if they are off")
    .option("--channel <name...>", "only these channels, as the configuration names them")
    .option("--json", "print the answers as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream rules test", "every rule through every channel"],
        ["slipstream rules test --rule sink-failing --channel slack", "one rule through one channel"],
        ["slipstream rules test --json | jq '.channels[].answers[].outcome'", "for a script"],
      ),
    );
  return addConfigFlags(command, "rulesFile", "mevBudgetUsdPerHour", "dataDir", loggingOptions).action(test);
}

async function test(options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [
    { testChannels, withConsole },
    { sampleTransition },
    { loadRules },
    { allTaken, channelAnswersText },
    { createLog },
  ] = await Promise.all([
    import("@slipstream/aggregator"),
    import("@slipstream/engine"),
    import("../../rules/load-rules.ts"),
    import("../../rules/channel-answers-text.ts"),
    import("../human-log.ts"),
  ]);
  const rules = await loadRules(config);
  const ids = named(
    "rule",
    options.rule,
    rules.map(({ id }) => id),
  );
  const channels = withConsole(config.channels ?? {});
  const names = named("channel", options.channel, Object.keys(channels));
  const chosen = rules.filter(({ id, off }) => (ids === undefined ? off === null : ids.includes(id)));
  const atMs = Date.now();
  const lifetime = takeSignals();
  const answers = await testChannels({
    channels: Object.fromEntries(Object.entries(channels).filter(([name]) => names?.includes(name) ?? true)),
    notifications: chosen.map((rule) => sampleTransition(rule, atMs)),
    environment: process.env,
    dataDir: config.dataDir,
    desk: config.desk,
    logger: createLog(config),
    // Kept apart from the answers.
    print: (text) => void process.stderr.write(text),
    signal: lifetime.signal,
  });
  lifetime.release();
  if (options.json) await printJson({ channels: answers });
  else await print(channelAnswersText(answers));
  // What was not taken has been printed.
  if (!allTaken(answers)) throw new SlipstreamError("failed", "");
}

/** The names that were given; undefined if none were. @throws SlipstreamError `usage` for one that there is not */
function named(
  what: "rule" | "channel",
  given: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] | undefined {
  for (const name of given ?? []) {
    if (known.includes(name)) continue;
    const meant = suggest(name, known);
    const hint = meant === undefined ? `there are: ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new SlipstreamError("usage", `--${what}: there is no ${what} ${JSON.stringify(name)}; ${hint}`);
  }
  return given;
}
