import { join } from "node:path";
import { aggregatorComponents, watcherOptions } from "@slipstream/aggregator/options";
import { SlipstreamError } from "@slipstream/conventions";
import { Command, Option } from "commander";
import type { ResolvedConfig } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { positiveNumber, shareOfAll, wholeNumber } from "../numbers.ts";
import { loggingOptions } from "../options.ts";

interface Options {
  readonly seed?: number;
  readonly duration?: number;
  readonly rate?: number;
  readonly attackRate?: number;
  readonly groundTruth?: string;
}

/** Capital of the simulated desk, which its profit is a percentage of. */
const demoCapitalUsd = 100_000;

export function demoCommand(): Command {
  const command = new Command("demo")
    .summary("watch a simulated desk trade")
    .description(
      "Starts an aggregator and a simulated trading desk that sends it real OpenTelemetry data, on a simulated chain with " +
        "sandwich attackers, and shows the statistics: a live view on a terminal, otherwise a log line every 5 s. Nothing else is " +
        "needed. Simulated trades are kept apart in demo/ in the data folder, and go to Redis or QuestDB only if a flag names one.",
    )
    .addOption(
      new Option("--seed <number>", "seed of the market and of the desk's decisions (default: 1)").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .addOption(
      new Option("--duration <seconds>", "end after this time (default: run until Ctrl-C)").argParser(
        positiveNumber(31_536_000),
      ),
    )
    .addOption(
      new Option("--rate <trades/s>", "average number of trades per second (default: 4)").argParser(
        positiveNumber(1_000),
      ),
    )
    .addOption(
      new Option(
        "--attack-rate <share>",
        "share of the unprotected trades that attackers try to attack, 0 to 1; they skip those that would earn them nothing " +
          "(default: 0.05)",
      ).argParser(shareOfAll),
    )
    .option(
      "--ground-truth <file>",
      "write what really happened: a line of JSON for each trade and each attack, then the totals",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream demo", "until Ctrl-C or q"],
        ["slipstream demo --duration 60 --seed 7", "a minute of market 7"],
        ["slipstream demo --attack-rate 0.3", "attackers everywhere; 0: none"],
        ["slipstream demo --rate 50 --port 9481", "a busy desk, on another port"],
        ["slipstream demo --ground-truth truth.ndjson | cat", "as a log, and with what really happened"],
      ),
    );
  const parts = aggregatorComponents.filter((component) => component !== watcherOptions);
  return addConfigFlags(command, ...parts, loggingOptions).action(demo);
}

/** The Redis and the QuestDB of the real desk must not get simulated trades, so only a flag can name one for the demo. */
export function demoConfig({ config, origins }: LoadedConfig): ResolvedConfig {
  const { redis, questdb, questdbPg, ...rest } = config;
  return {
    ...rest,
    ...(origins.redis?.kind === "flag" && { redis }),
    ...(origins.questdb?.kind === "flag" && { questdb, questdbPg }),
  };
}

async function demo(options: Options): Promise<void> {
  const config = demoConfig(await commandConfig({ ...options }));
  const [{ runDemo }, { agrees, demoReport }, { createLog }] = await Promise.all([
    import("../../demo/run-demo.ts"),
    import("../../demo/demo-report.ts"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  if (process.stdout.isTTY) console.log("Starting an aggregator and a simulated desk ...");
  const logger = createLog(config, process.stdout);
  const dataDir = join(config.dataDir, "demo");
  const { desk, counted } = await runDemo({
    config: { capitalUsd: demoCapitalUsd, ...config, dataDir },
    seed: options.seed,
    durationSeconds: options.duration,
    rate: options.rate,
    attackRate: options.attackRate,
    groundTruthFile: options.groundTruth,
    signal: lifetime.signal,
    logger,
  });
  lifetime.release();
  if (process.stdout.isTTY) console.log(`${demoReport(desk, counted)}\nIts data are in ${dataDir}.`);
  else logger.info({ desk, counted, dataDir }, `The demo ended after ${desk.trades} trades`);
  if (!agrees(desk, counted)) throw new SlipstreamError("failed", "the aggregator and the desk do not agree");
}
