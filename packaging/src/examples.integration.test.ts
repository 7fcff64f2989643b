import { createAggregator } from "@slipstream/aggregator";
import { eventually } from "@slipstream/testing/eventually";
import { freePort } from "@slipstream/testing/free-port";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./lib/manifests/workspace.ts";
import { run } from "./lib/run.ts";

const TRADES = 10;
/** Every fifth trade fails. */
const SUCCESS_RATE = 80;

/** Runs an example to its end, with its telemetry going to an aggregator of its own. */
async function runExample(name: string, env: Readonly<Record<string, string>> = {}) {
  const aggregator = await createAggregator({ dataDir: ":memory:", port: 0 });
  onTestFinished(() => aggregator.close());
  const { stdout } = await run("npm", ["start", "--workspace", `examples/${name}`, "--", `${TRADES}`], {
    cwd: root,
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: aggregator.url, ...env },
  });
  expect(stdout).toContain(`${TRADES} trades, ${(TRADES * SUCCESS_RATE) / 100} succeeded`);
  const statistic = (statistic: string) =>
    eventually(`${statistic} of ${TRADES} trades is known`, () => {
      const value = aggregator.current().statistics[statistic];
      return value !== undefined && "value" in value && value.count > 0 ? value : undefined;
    });
  return { stdout, statistic, services: () => aggregator.current().services };
}

test("the example with @slipstream/telemetry is counted whole", async () => {
  const { statistic, services } = await runExample("service-telemetry");
  expect(await statistic("success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  // A trade, its quote and its transaction; two of ten are not sent, and the others are confirmed.
  expect(services()["arbitrage-desk"]).toMatchObject({
    received: 3 * TRADES + 8,
    missing: 0,
    completeness: 1,
  });
});

test("the example with PerformanceMonitor shows its numbers to Prometheus and the aggregator", async () => {
  const { statistic, stdout } = await runExample("service-monitor", {
    PROMETHEUS_PORT: `${await freePort()}`,
  });
  expect(await statistic("success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  // The engine may still be counting.
  expect(stdout).toMatch(/successRate: \d/);
  expect(stdout).toMatch(/^trades_total\{[^}]*status="success"[^}]*\} 8$/m);
});

test("the example with stock OpenTelemetry is counted as well", async () => {
  const { statistic, services } = await runExample("service-opentelemetry");
  expect(await statistic("success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  expect(services()["arbitrage-desk"]).toMatchObject({ received: 3 * TRADES });
  expect(await statistic("active_positions")).toMatchObject({ value: 8 });
});
