import { createAggregator } from "@slipstream/aggregator";
import { eventually } from "@slipstream/testing/eventually";
import { freePort } from "slipstream-stack/free-port";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./lib/manifests/workspace.ts";
import { run } from "./lib/run.ts";

const TRADES = 10;
/** Every fifth trade fails. */
const SUCCESS_RATE = 80;

type Current = ReturnType<Awaited<ReturnType<typeof createAggregator>>["current"]>["statistics"];

/**
 * Runs an example to its end, with its telemetry going to an aggregator of its own.
 *
 * @param during looks at the statistics while the example runs
 */
async function runExample(
  name: string,
  env: Readonly<Record<string, string>> = {},
  during: (current: () => Current) => Promise<void> = async () => {},
) {
  const aggregator = await createAggregator({ dataDir: ":memory:", port: 0 });
  onTestFinished(() => aggregator.close());
  const current = (): Current => aggregator.current().statistics;
  const [{ stdout }] = await Promise.all([
    run("npm", ["start", "--workspace", `examples/${name}`, "--", `${TRADES}`], {
      cwd: root,
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: aggregator.url, ...env },
    }),
    during(current),
  ]);
  expect(stdout).toContain(`${TRADES} trades, ${(TRADES * SUCCESS_RATE) / 100} succeeded`);
  return { stdout, current, services: () => aggregator.current().services };
}

/** A statistic, once it is known. */
function known(current: () => Current, name: string) {
  return eventually(`${name} of ${TRADES} trades is known`, () => {
    const entry = current()[name];
    return entry !== undefined && "value" in entry && entry.count > 0 ? entry : undefined;
  });
}

/** Those of its series whose value is known, once there is one. */
function knownSeries(current: () => Current, name: string) {
  return eventually(`${name} is known`, () => {
    const entry = current()[name];
    const series =
      entry !== undefined && "series" in entry ? entry.series.filter(({ value }) => value !== null) : [];
    return series.length > 0 ? series : undefined;
  });
}

test("the example with @slipstream/telemetry is counted whole", async () => {
  const often = { OTEL_METRIC_EXPORT_INTERVAL: "20" };
  const { services, current } = await runExample("service-telemetry", often, async (running) => {
    expect(await known(running, "circuit_breaker_state")).toMatchObject({ value: "closed" });
    expect(await known(running, "active_positions")).toMatchObject({ unit: "positions" });
    expect(await knownSeries(running, "active_connections")).toMatchObject([
      { labels: { type: "redis" }, value: 1 },
    ]);
    expect(await knownSeries(running, "dependency_up")).toMatchObject([
      { labels: { type: "redis" }, value: "up" },
    ]);
  });
  expect(await known(current, "success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  const failures = (await knownSeries(current, "trade_failures")).filter(({ value }) => value !== 0);
  expect(failures).toMatchObject([{ labels: { reason: "expired" }, value: 2 }]);
  // It said that it ended.
  expect(current()).toMatchObject({
    circuit_breaker_state: { value: null },
    active_positions: { value: null },
  });
  // A trade, its quote and its transaction; two of ten are not sent, and the others are confirmed.
  expect(services()["arbitrage-desk"]).toMatchObject({
    received: 3 * TRADES + 8,
    missing: 0,
    completeness: 1,
  });
});

test("the example with PerformanceMonitor shows its numbers to Prometheus and the aggregator", async () => {
  const { current, stdout } = await runExample("service-monitor", {
    PROMETHEUS_PORT: `${await freePort()}`,
  });
  expect(await known(current, "success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  expect(stdout).toMatch(/nodeLatencyP99: \d/);
  expect(stdout).toMatch(new RegExp(`successRate: ${SUCCESS_RATE},`));
  expect(stdout).toMatch(/^trades_total\{[^}]*status="success"[^}]*\} 8$/m);
});

test("the example with stock OpenTelemetry is counted as well", async () => {
  const { current, services } = await runExample("service-opentelemetry");
  expect(await known(current, "success_rate")).toMatchObject({ value: SUCCESS_RATE, count: TRADES });
  expect(services()["arbitrage-desk"]).toMatchObject({ received: 3 * TRADES });
  expect(await known(current, "active_positions")).toMatchObject({ value: 8 });
});
