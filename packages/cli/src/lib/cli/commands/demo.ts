import { join } from "node:path";
import {
  aggregatorComponents,
  channelOptions,
  verdictSpansOptions,
  watcherOptions,
} from "@slipstream/aggregator/options";
import type { Origin } from "@slipstream/config";
import { quantity, SlipstreamError } from "@slipstream/conventions";
import { Command } from "commander";
import type { ResolvedConfig } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import type { LoadedConfig } from "../../config/load-config.ts";
import { addDeskFlags, type DeskFlags, deskOptions } from "../desk-flags.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { loggingOptions } from "../options.ts";

/** Before the keys and tables of the demo, so that no simulated value takes the place of a real one. */
const demoRedisPrefix = "slipstream_demo:";
const demoTablePrefix = "slipstream_demo_";

/** Capital of the simulated desk, which its profit is a percentage of. */
const demoCapitalUsd = 100_000;

export function demoCommand(): Command {
  const command = addDeskFlags(new Command("demo"))
    .summary("watch a simulated desk trade")
    .description(
      "Starts an aggregator and a simulated trading desk that sends it real OpenTelemetry data, on a simulated chain with " +
        "sandwich attackers, and shows the statistics: a live view on a terminal, otherwise a log line every 5 s. Nothing else is " +
        "needed. Simulated trades are kept apart in demo/ in the data folder. They go to Redis or QuestDB only if a flag names one, and " +
        `there under names of their own: keys begin with ${demoRedisPrefix} and tables with ${demoTablePrefix} unless flags say ` +
        "otherwise. REDIS_URL, QDB_CLIENT_CONF, SLIPSTREAM_TRACES_ENDPOINT and the configuration file's stores and channels belong to the real desk, and are ignored. Its alert rules are the shipped ones, " +
        "with shorter times, so that one fires, escalates and clears within two minutes; those that --rules adds or changes are as the file has them.",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream demo", "until Ctrl-C or q"],
        ["slipstream demo --duration 60 --seed 7", "a minute of market 7"],
        ["slipstream demo --attack-rate 0.3", "attackers everywhere; 0: none"],
        ["slipstream demo --rate 50 --port 9481", "a busy desk, on another port"],
        ["slipstream demo --rules rules.yaml", "with rules of your own"],
        ["slipstream demo --ground-truth truth.ndjson | cat", "as a log, and with what really happened"],
      ),
    );
  const parts = aggregatorComponents.filter(
    (component) =>
      component !== watcherOptions && component !== channelOptions && component !== verdictSpansOptions,
  );
  return addConfigFlags(command, ...parts, "rulesFile", loggingOptions).action(demo);
}

/** Keys that are the real desk's unless a flag sets them: which remote stores there are, what is called how in them, and rules. */
const flagKeys = [
  "desk",
  "redis",
  "redisPrefix",
  "questdb",
  "questdbPg",
  "questdbTablePrefix",
  "questdbTtlDays",
  // Rules of the real desk are about what it is like.
  "rulesFile",
] as const;

/**
 * The Redis and the QuestDB of the real desk must not get simulated trades, so only a flag can name one for the demo.
 *
 * @returns also the keys of stores that are set elsewhere, and ignored
 */
export function demoConfig({ config, origins }: LoadedConfig): {
  readonly config: ResolvedConfig;
  readonly ignored: readonly string[];
} {
  const byFlag = (key: string): boolean => origins[key]?.kind === "flag";
  // Nobody must be paged because of what is simulated, and the simulated desk sends its spans to no trace store.
  const own: readonly string[] = [
    ...flagKeys,
    ...Object.keys(channelOptions.options),
    ...Object.keys(verdictSpansOptions.options),
  ];
  const others = Object.entries(config).filter(([key]) => !own.includes(key));
  const flags = flagKeys.filter(byFlag).map((key) => [key, config[key]] as const);
  const ignored = (["redis", "questdb", "tracesEndpoint", "channels"] as const).filter(
    (key) => config[key] !== undefined && !byFlag(key),
  );
  return {
    config: {
      desk: "demo",
      redisPrefix: demoRedisPrefix,
      questdbTablePrefix: demoTablePrefix,
      ...(Object.fromEntries([...others, ...flags]) as ResolvedConfig),
    },
    ignored: ignored.map((key) => named(key, origins[key])),
  };
}

function ignoredText(names: readonly string[]): string {
  // "a, b and c"
  const list = new Intl.ListFormat("en-GB").format(names);
  const flags = "--redis or --questdb writes them to a store, under names of their own";
  return `The demo ignores ${list}, because its trades are simulated; ${flags}`;
}

/** REDIS_URL, or "redis of slipstream.config.ts". */
function named(key: string, origin: Origin | undefined): string {
  if (origin?.kind === "file") return `${key} of ${origin.name}`;
  return origin?.kind === "variable" ? origin.name : key;
}

async function demo(options: DeskFlags): Promise<void> {
  const { config, ignored } = demoConfig(await commandConfig({ ...options }));
  // A mistake in them is reported before anything starts.
  const { loadRules } = await import("../../rules/load-rules.ts");
  const rules = config.rulesFile === undefined ? undefined : await loadRules({ rulesFile: config.rulesFile });
  const [{ runDemo }, { agrees, demoReport }, { createLog }] = await Promise.all([
    import("../../demo/run-demo.ts"),
    import("../../demo/demo-report.ts"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  if (process.stdout.isTTY) console.log("Starting an aggregator and a simulated desk ...");
  const logger = createLog(config, process.stdout);
  const dataDir = join(config.dataDir, "demo");
  const { desk, counted, alerts } = await runDemo({
    config: { capitalUsd: demoCapitalUsd, ...config, dataDir },
    desk: deskOptions(options),
    rules,
    notice: ignored.length === 0 ? undefined : ignoredText(ignored),
    signal: lifetime.signal,
    logger,
  });
  lifetime.release();
  if (process.stdout.isTTY) console.log(`${demoReport(desk, counted, alerts)}\nIts data are in ${dataDir}.`);
  else
    logger.info({ desk, counted, alerts, dataDir }, `The demo ended after ${quantity(desk.trades, "trade")}`);
  if (!agrees(desk, counted)) throw new SlipstreamError("failed", "the aggregator and the desk do not agree");
}
