import { aggregatorComponents, rulesOptions } from "@slipstream/aggregator/options";
import type { Aggregator } from "@slipstream/aggregator/server";
import { SlipstreamError, VERSION } from "@slipstream/conventions";
import { Command } from "commander";
import type { Logger } from "pino";
import type { ResolvedConfig } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { importAgain } from "../../config/import-again.ts";
import { mistypedText } from "../../config/settings.ts";
import { unknownVariables } from "../../config/variables.ts";
import { RulesWatch } from "../../rules/rules-watch.ts";
import { capitalized } from "../../view/format.ts";
import { examplesText } from "../examples.ts";
import { aborted, onHangup, takeSignals } from "../lifetime.ts";
import { loggingOptions } from "../options.ts";
import { goOnWithoutOutput } from "../output-failed.ts";
import { createReloader } from "../reload.ts";

export function aggregateCommand(): Command {
  const command = new Command("aggregate")
    .summary("receive OpenTelemetry data and serve the statistics")
    .description(
      "Receives traces and metrics over OTLP/HTTP, computes the statistics, and serves them: /metrics for Prometheus, " +
        "/api/current as JSON, and dashboard keys in Redis if it is configured. Runs until Ctrl-C or SIGTERM. " +
        "docs/configuration.md lists every option.",
    )
    .option("--salvage", "if the log is damaged, keep what can be read and continue without the rest")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream aggregate", "on 127.0.0.1:9480, data in .slipstream/"],
        ["slipstream aggregate --port 0", "on any free port, which it prints"],
        ["slipstream aggregate --redis redis://127.0.0.1:6379", "with dashboards in Redis"],
        ["slipstream aggregate --questdb 'http::addr=127.0.0.1:9000;'", "with history in QuestDB"],
        ["slipstream aggregate --rpc https://node.example/KEY", "with MEV verdicts on the trades"],
        ["slipstream aggregate --host 0.0.0.0 --token SECRET", "reachable from other machines"],
      ),
    );
  return addConfigFlags(command, ...aggregatorComponents, rulesOptions, loggingOptions).action(aggregate);
}

async function aggregate(options: Record<string, unknown>): Promise<void> {
  const { config } = await commandConfig(options);
  const { createLog } = await import("../human-log.ts");
  const logger = createLog(config);
  try {
    await runAggregator(options, config, logger);
  } catch (error) {
    if (config.logFormat !== "json" || !(error instanceof Error)) throw error;
    const code = error instanceof SlipstreamError ? error.code : "failed";
    logger.fatal({ code, ...(code === "failed" && { err: error }) }, error.message);
    // The exit code is the same; there is nothing more to print.
    throw new SlipstreamError(code, "");
  }
}

async function runAggregator(
  options: Record<string, unknown>,
  config: ResolvedConfig,
  logger: Logger,
): Promise<void> {
  goOnWithoutOutput();
  const lifetime = takeSignals();
  const { signal } = lifetime;
  // From the start: without a listener, SIGHUP ends the process.
  let wanted = false;
  let reload = (): void => {
    wanted = true;
  };
  const release = onHangup(() => reload());
  for (const variable of unknownVariables(process.env)) logger.warn({}, capitalized(mistypedText(variable)));
  const { loadRules } = await import("../../rules/load-rules.ts");
  const rules = await loadRules(config);
  const { createAggregator, hasStuckThread } = await import("@slipstream/aggregator/server");
  const salvage = options.salvage === true;
  const print = printer(config);
  const aggregator = await createAggregator({ ...config, rules, logger, print, salvage, signal }).catch(
    (error: unknown) => {
      if (error === signal.reason) return undefined;
      throw error;
    },
  );
  if (aggregator === undefined) {
    logger.info({ signal: lifetime.endedBy }, "Stopped before the log was read");
    return;
  }
  announce(aggregator, config, logger);
  const reloader = createReloader({
    inForce: { config, rules },
    read: async () => {
      const { config: next } = await commandConfig(options, { importFile: importAgain });
      return { config: next, rules: await loadRules(next) };
    },
    apply: async ({ config: next, rules: nextRules }, { config: before }) => {
      aggregator.setToken(next.token);
      try {
        await aggregator.setChannels(next.channels ?? {});
        await aggregator.setRules(nextRules);
      } catch (error) {
        aggregator.setToken(before.token);
        // They are still the old ones if it was them that failed.
        await aggregator.setChannels(before.channels ?? {}).catch(() => undefined);
        throw error;
      }
      logger.level = next.logLevel;
      watch.follow(next.rulesFile);
    },
    logger,
  });
  reload = () => void reloader();
  const watch = new RulesWatch(() => reload());
  watch.follow(config.rulesFile);
  if (wanted) reload();
  await aborted(signal);
  watch.close();
  logger.info({ signal: lifetime.endedBy }, "Shutting down");
  await aggregator.close();
  if (hasStuckThread()) {
    logger.error(
      {},
      "A thread waits for a disk that does not answer; killing the process, which cannot end otherwise",
    );
    // Once that is written.
    setImmediate(() => process.kill(process.pid, "SIGKILL"));
    return;
  }
  logger.info({}, "Stopped");
  release();
  lifetime.release();
}

/** Alerts are printed as text if somebody reads the log as text. */
function printer({ logFormat }: ResolvedConfig): ((text: string) => void) | undefined {
  if (logFormat === "json" || !process.stderr.isTTY) return undefined;
  return (text) => void process.stderr.write(text);
}

function announce({ url }: Aggregator, { token, dataDir, logFormat }: ResolvedConfig, logger: Logger): void {
  if (logFormat === "json") {
    logger.info({ url, dataDir, version: VERSION }, "Listening");
    return;
  }
  console.log(
    [
      `Slipstream aggregator on ${url}`,
      `  a service sends to it with  OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
      ...(token === undefined ? [] : ["  and with                    SLIPSTREAM_TOKEN=<the token>"]),
      `  metrics for Prometheus      ${url}/metrics`,
      `  statistics as JSON          ${url}/api/current`,
      `  health                      ${url}/healthz and /readyz`,
      `  data                        ${dataDir}`,
      `  to watch it                 slipstream top --endpoint ${url}`,
      "Ctrl-C ends it.",
    ].join("\n"),
  );
}
