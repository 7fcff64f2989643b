import { Command } from "commander";
import { addConfigOptions, commandConfig } from "../config-options.ts";
import { examplesText } from "../examples.ts";
import { aborted, takeSignals } from "../lifetime.ts";

export function aggregateCommand(): Command {
  const command = new Command("aggregate")
    .summary("receive OpenTelemetry data and serve the statistics")
    .description(
      "Receives traces and metrics over OTLP/HTTP, computes the statistics, and serves them: /metrics for Prometheus, " +
        "/api/current as JSON, the dashboards' keys in Redis where one is configured. Runs until Ctrl-C or SIGTERM.",
    )
    .option("--salvage", "where the log is damaged, keep what can be read of it and go on without the rest")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream aggregate", "on 127.0.0.1:9480, data in .slipstream/"],
        ["slipstream aggregate --port 0", "on any free port; it prints which"],
        ["slipstream aggregate --redis redis://127.0.0.1:6379", "with dashboards in Redis"],
        ["slipstream aggregate --questdb 'http::addr=127.0.0.1:9000;'", "with history in QuestDB"],
        ["slipstream aggregate --rpc https://node.example/KEY", "with MEV verdicts on the trades"],
        ["slipstream aggregate --host 0.0.0.0 --token SECRET", "for other machines too"],
      ),
    );
  const common = ["port", "host", "data", "token", "redis", "questdb", "questdbPg"] as const;
  return addConfigOptions(command, ...common, "rpc", "blocks").action(aggregate);
}

async function aggregate(options: Record<string, unknown>): Promise<void> {
  const { config } = await commandConfig(options);
  const [{ startAggregator }, { createLog }] = await Promise.all([
    import("../start-aggregator.ts"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  const aggregator = await startAggregator(config, {
    logger: createLog(config.logLevel),
    salvage: options.salvage === true,
  });
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
  await aborted(lifetime.signal);
  await aggregator.close();
  lifetime.release();
}
