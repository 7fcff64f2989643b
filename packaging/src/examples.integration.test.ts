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
  return {
    stdout,
    statistic,
    current: () => aggregator.current().statistics,
    services: () => aggregator.current().services,
  };
}

test("the example with @slipstream/telemetry is counted whole", async () => {
  const { statistic, services, current } = await runExample("service-telemetry");
  expect(await statistic("success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  const series = (name: string) =>
    eventually(`${name} is known`, () => {
      const entry = current()[name];
      const known =
        entry !== undefined && "series" in entry ? entry.series.filter(({ value }) => value !== null) : [];
      return known.length > 0 ? known : undefined;
    });
  expect(await statistic("circuit_breaker_state")).toMatchObject({ value: "closed" });
  expect(await statistic("active_positions")).toMatchObject({ value: 8 });
  expect(await series("active_connections")).toMatchObject([{ labels: { type: "redis" }, value: 1 }]);
  expect(await series("dependency_up")).toMatchObject([{ labels: { type: "redis" }, value: "up" }]);
  const failures = (await series("trade_failures")).filter(({ value }) => value !== 0);
  expect(failures).toMatchObject([{ labels: { reason: "expired" }, value: 2 }]);
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
