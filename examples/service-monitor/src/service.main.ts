/**
 * A trading service with PerformanceMonitor inside it. Prometheus scrapes http://127.0.0.1:9464/metrics (PROMETHEUS_PORT).
 * With OTEL_EXPORTER_OTLP_ENDPOINT it exports to an aggregator as well.
 */
import { type Order, runDesk, startVenue } from "slipstream-example-venue";

const port = Number(process.env.PROMETHEUS_PORT ?? 9464);
await using venue = await startVenue();

// #region readme
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { PerformanceMonitor } from "@slipstream/monitor";

const prometheus = new PrometheusExporter({ host: "127.0.0.1", port });
const registry = new MeterProvider({ readers: [prometheus] });
const monitor = new PerformanceMonitor({ serviceName: "arbitrage-desk", registry });
await monitor.startMonitoring();
monitor.setCircuitBreaker("closed");
monitor.setDependencyUp("redis", true);

async function execute({ id, pair, sizeUsd }: Order): Promise<void> {
  const start = performance.now();
  let success = false;
  let failureReason: "expired" | undefined;
  try {
    const quote = await monitor.latencyTracker.track("jupiter.quote", () => venue.quote(sizeUsd));
    await monitor.latencyTracker.track("solana.rpc", () => venue.send(quote));
    success = true;
  } catch (error) {
    if (error instanceof Error && error.message === "Blockhash not found") failureReason = "expired";
    throw error;
  } finally {
    monitor.recordTradeExecution(start, success, { id, pair, side: "buy", sizeUsd, failureReason });
  }
}
// #endregion

await runDesk(execute);

const response = await fetch(`http://127.0.0.1:${port}/metrics`);
console.log(await response.text());
// The engine counts in a thread of its own. A service goes on; this example ends, and so all that it did is in the numbers.
await monitor.stop();
console.log(monitor.getCurrentMetrics());
await registry.shutdown();
