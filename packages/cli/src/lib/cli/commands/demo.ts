import { join } from "node:path";
import { aggregatorComponents, watcherOptions } from "@slipstream/aggregator/options";
import { SlipstreamError } from "@slipstream/conventions";
import { Command, Option } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
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

/** What the simulated desk is said to own, so that its profit is a share of something. */
const demoCapitalUsd = 100_000;

export function demoCommand(): Command {
  const command = new Command("demo")
    .summary("watch a simulated desk trade")
    .description(
      "Starts an aggregator and a simulated trading desk that sends it real OpenTelemetry data, on a simulated chain where " +
        "sandwich attackers are at work, and shows what the aggregator makes of it: on a terminal a live view, elsewhere a log line each 5 s. Nothing else is needed. " +
        "Simulated trades stay in a folder of their own, demo/ in the data folder.",
    )
    .addOption(
      new Option(
        "--seed <number>",
        "what the market and the decisions are drawn from (default: 1)",
      ).argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(
      new Option("--duration <seconds>", "end after so long (default: runs until Ctrl-C)").argParser(
        positiveNumber(31_536_000),
      ),
    )
    .addOption(
      new Option("--rate <trades/s>", "decisions to trade per second, on average (default: 4)").argParser(
        positiveNumber(1_000),
      ),
    )
    .addOption(
      new Option(
        "--attack-rate <share>",
        "share of the trades without protection that attackers go after, 0 to 1; those that would earn them nothing they " +
          "leave alone (default: 0.05)",
      ).argParser(shareOfAll),
    )
    .option(
      "--ground-truth <file>",
      "write what truly happened, a line of JSON for each trade and for what attackers did to it, then the totals",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream demo", "until Ctrl-C or q"],
        ["slipstream demo --duration 60 --seed 7", "a minute of market 7"],
        ["slipstream demo --attack-rate 0.3", "attackers everywhere; 0: none"],
        ["slipstream demo --rate 50 --port 9481", "a busy desk, on another port"],
        ["slipstream demo --ground-truth truth.ndjson | cat", "as a log, and with what truly happened"],
      ),
    );
  const parts = aggregatorComponents.filter((component) => component !== watcherOptions);
  return addConfigFlags(command, ...parts, loggingOptions).action(demo);
}

async function demo(options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [{ runDemo }, { agrees, demoReport }, { createLog }] = await Promise.all([
    import("../../demo/run-demo.ts"),
    import("../../demo/demo-report.ts"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  if (process.stdout.isTTY) console.log("Starting an aggregator and a simulated desk ...");
  const logger = createLog(config.logLevel, process.stdout);
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
