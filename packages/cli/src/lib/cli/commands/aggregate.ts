import { aggregatorComponents } from "@slipstream/aggregator/options";
import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { mistypedVariables } from "../../config/variables.ts";
import { examplesText } from "../examples.ts";
import { aborted, takeSignals } from "../lifetime.ts";
import { loggingOptions } from "../options.ts";

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
  return addConfigFlags(command, ...aggregatorComponents, loggingOptions).action(aggregate);
}

async function aggregate(options: Record<string, unknown>): Promise<void> {
  const { config } = await commandConfig(options);
  const [{ createAggregator }, { createLog }] = await Promise.all([
    import("@slipstream/aggregator"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  const logger = createLog(config.logLevel);
  for (const { name, meant } of mistypedVariables(process.env)) {
    logger.warn({}, `The variable ${name} is not known and has no effect; did you mean ${meant}?`);
  }
  const { signal } = lifetime;
  const salvage = options.salvage === true;
  const aggregator = await createAggregator({ ...config, logger, salvage, signal }).catch(
    (error: unknown) => {
      if (error === signal.reason) return undefined;
      throw error;
    },
  );
  if (aggregator === undefined) return;
  console.log(
    [
      `Slipstream aggregator on ${aggregator.url}`,
      `  a service sends to it with  OTEL_EXPORTER_OTLP_ENDPOINT=${aggregator.url}`,
      ...(config.token === undefined ? [] : ["  and with                    SLIPSTREAM_TOKEN=<the token>"]),
      `  metrics for Prometheus      ${aggregator.url}/metrics`,
      `  statistics as JSON          ${aggregator.url}/api/current`,
      `  health                      ${aggregator.url}/healthz and /readyz`,
      `  data                        ${config.dataDir}`,
      `  to watch it                 slipstream top --endpoint ${aggregator.url}`,
      "Ctrl-C ends it.",
    ].join("\n"),
  );
  await aborted(signal);
  await aggregator.close();
  lifetime.release();
}
