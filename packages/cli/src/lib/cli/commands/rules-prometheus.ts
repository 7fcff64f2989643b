import type { PrometheusSettings } from "@slipstream/alerts";
import { serviceMetrics } from "@slipstream/conventions";
import { Command, InvalidArgumentError, Option } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { examplesText } from "../examples.ts";
import { printJson, write } from "../print.ts";

interface Options {
  readonly json?: boolean;
  readonly aggregatorJob: string;
  readonly scrapeInterval: number;
  readonly successObjective: number;
  readonly latencyObjective: number;
  readonly latencyWithin: number;
}

/** Bounds that a histogram of Prometheus has, in ms. */
const BOUNDS = serviceMetrics.tradeExecutionLatency.buckets.map((seconds) => seconds * 1_000);
const JOB_NAME = /^[^\n]{1,200}$/;

/** `slipstream rules prometheus` */
export function rulesPrometheusCommand(): Command {
  const command = new Command("prometheus")
    .summary("print the rules for Prometheus")
    .description(
      "Prints the rules as a file of rules for Prometheus, with recording rules, alerts about the objectives of trades, and one about the " +
        "aggregator. Prometheus then alerts also while the aggregator is dead. Rules that cannot be told from series in Prometheus are " +
        "listed at the top, with the reason.",
    )
    .addOption(
      new Option("--aggregator-job <name>", "job under which Prometheus scrapes the aggregator")
        .default("slipstream-aggregator")
        .argParser(job),
    )
    .addOption(
      new Option("--scrape-interval <seconds>", "longest time between two samples of a series")
        .default(15)
        .argParser(seconds),
    )
    .addOption(
      new Option("--success-objective <percent>", "trades that should succeed")
        .default(95)
        .argParser(percent),
    )
    .addOption(
      new Option("--latency-objective <percent>", "trades that should be fast enough")
        .default(99)
        .argParser(percent),
    )
    .addOption(
      new Option("--latency-within <ms>", `what is fast enough: ${BOUNDS.join(", ")}`)
        .default(100)
        .argParser(bound),
    )
    .option("--json", "print the rules and what was left out as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream rules prometheus > slipstream.yml", "the rules that hold in this folder"],
        ["slipstream rules prometheus --rules rules.yaml", "with a file of rules"],
        ["slipstream rules prometheus --success-objective 97", "with another objective"],
      ),
    );
  return addConfigFlags(command, "rulesFile", "mevBudgetUsdPerHour", "desk").action(prometheus);
}

async function prometheus(options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [{ prometheusRules }, { loadRules }, { prometheusFile }] = await Promise.all([
    import("@slipstream/alerts"),
    import("../../rules/load-rules.ts"),
    import("../../rules/prometheus-file.ts"),
  ]);
  const { rateWindowSeconds, percentileWindowSeconds, slippageToleranceBps } = config;
  const settings: PrometheusSettings = {
    aggregatorJob: options.aggregatorJob,
    desk: config.desk,
    scrapeSeconds: options.scrapeInterval,
    rateWindowSeconds,
    percentileWindowSeconds,
    slippageToleranceBps,
    objectives: {
      successPercent: options.successObjective,
      latencyPercent: options.latencyObjective,
      withinMs: options.latencyWithin,
    },
  };
  const rules = prometheusRules(await loadRules(config), settings);
  if (options.json) await printJson({ ...rules, settings });
  else await write(prometheusFile(rules, settings));
}

function job(text: string): string {
  if (JOB_NAME.test(text)) return text;
  throw new InvalidArgumentError("Allowed: the job_name of a scrape_config.");
}

function seconds(text: string): number {
  const value = Number(text.replace(/s$/, ""));
  if (Number.isInteger(value) && value >= 1 && value <= 75) return value;
  throw new InvalidArgumentError("Allowed: a whole number of seconds from 1 to 75.");
}

function percent(text: string): number {
  const value = Number(text.replace(/\s*%$/, ""));
  if (value >= 1 && value <= 99.999) return value;
  throw new InvalidArgumentError("Allowed: a number from 1 to 99.999.");
}

function bound(text: string): number {
  const value = Number(text.replace(/\s*ms$/, ""));
  if (BOUNDS.includes(value)) return value;
  throw new InvalidArgumentError(
    `Allowed: a bound of trade_execution_latency_seconds: ${BOUNDS.join(", ")}.`,
  );
}
