import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { type Aggregator, createAggregator } from "@slipstream/aggregator";
import { eventually } from "@slipstream/testing/eventually";
import { Registry } from "prom-client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { closedPort, metricsWhere, report, startedMonitor } from "./testing/monitors.ts";

describe("a monitor with a registry", () => {
  it("shows its metrics in the service's prom-client registry", async () => {
    const registry = new Registry();
    const monitor = await startedMonitor({ registry });
    report(monitor, 10);
    await eventually("the trades are in the registry", async () => {
      const text = await registry.metrics();
      return (
        text.includes('trades_total{status="success"} 9') && text.includes('trades_total{status="failed"} 1')
      );
    });
    await monitor.stop();
    expect(await registry.metrics()).not.toContain("trades_total");
  });

  it("shows its metrics through the service's OpenTelemetry MeterProvider", async () => {
    const reader = new ManualReader();
    const monitor = await startedMonitor({ registry: new MeterProvider({ readers: [reader] }) });
    report(monitor, 10);
    const collected = eventually("the trades are collected", async () => {
      const { resourceMetrics } = await reader.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      const trades = metrics.find(({ descriptor }) => descriptor.name === "trades_total");
      return trades?.dataPoints.some(({ value }) => value === 9);
    });
    expect(await collected).toBe(true);
  });
});

describe("a monitor whose dependencies are wrong or away", () => {
  it("goes on without what is wrong or away, and says so once", async () => {
    const port = await closedPort();
    const monitor = await startedMonitor({
      redis: `redis://127.0.0.1:${port}`,
      registry: { not: "one" },
      questdb: `http::addr=127.0.0.1:${port};username=desk;password=geheim;`,
      questdbPg: `postgres://desk:geheim@127.0.0.1:${port}/qdb`,
    });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
    await eventually("QuestDB is told of", () =>
      monitor.log.some((line) => line.includes("history to QuestDB failed")),
    );
    expect(monitor.log.filter((line) => line.includes("registry"))).toHaveLength(1);
    await eventually("Redis is told of", () =>
      monitor.log.some((line) => line.includes("Redis cannot be reached")),
    );
    await monitor.stop();
    expect(monitor.log.filter((line) => line.includes("history to QuestDB failed"))).toHaveLength(1);
    expect(monitor.log.join("\n")).not.toContain("geheim");
  });

  it("goes on where its Redis client is none at all", async () => {
    const client = {
      eval() {
        throw new Error("this client is broken");
      },
    };
    const monitor = await startedMonitor({ redis: client as never });
    report(monitor, 10);
    await eventually("the sink's trouble is told", () =>
      monitor.log.some((line) => line.includes("Writing to redis failed")),
    );
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
  });

  it("goes on with a logger that throws", async () => {
    const fail = (): never => {
      throw new Error("no logging today");
    };
    const questdb = { table: fail, flush: fail } as never;
    const monitor = await startedMonitor({ questdb, logger: { info: fail, warn: fail, error: fail } });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
  });
});

describe("a monitor with an OTLP endpoint", () => {
  it("exports to the aggregator, and answers locally the same", async () => {
    const aggregator = await memoryAggregator({ capitalUsd: 1_000 });
    let asked = false;
    const redis = {
      eval() {
        asked = true;
        throw new Error("another writes Redis");
      },
    };
    const monitor = await startedMonitor({
      endpoint: aggregator.url,
      serviceName: "desk",
      capitalUsd: 1_000,
      redis: redis as never,
    });
    report(monitor, 50, { pnlUsd: 1, priorityFeeLamports: 7n });
    monitor.latencyTracker.track("solana.rpc", () => undefined);
    await metricsWhere(monitor, "the trades are counted", ({ totalPnl }) => totalPnl === 5);
    await monitor.stop();
    const { statistics, services } = aggregator.current();
    expect(statistics.trades).toMatchObject({
      series: [
        { labels: { status: "success" }, value: 45 },
        { labels: { status: "failed" }, value: 5 },
      ],
    });
    expect(statistics.priority_fees_lamports).toMatchObject({ value: 350 });
    expect(statistics.total_pnl_usd).toMatchObject({ value: 50 });
    expect(services.desk).toMatchObject({ received: 51, completeness: 1 });
    expect(asked).toBe(false);
  });

  it.each([
    [false, [0, 10]],
    [true, [10, 0]],
  ])(
    "spans go to OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, unless there is an option (%s)",
    async (given, received) => {
      const [general, ofSpans] = [await memoryAggregator(), await memoryAggregator()];
      vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", general.url);
      vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", `${ofSpans.url}/v1/traces`);
      onTestFinished(() => void vi.unstubAllEnvs());
      const monitor = await startedMonitor({
        serviceName: "desk",
        ...(given && { endpoint: general.url }),
      });
      report(monitor, 10);
      await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
      await monitor.stop();
      expect([general, ofSpans].map((to) => to.current().services.desk?.received ?? 0)).toEqual(received);
    },
  );

  it("goes on where nothing listens there", async () => {
    const monitor = await startedMonitor({ endpoint: `http://127.0.0.1:${await closedPort()}` });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
    await monitor.stop();
  });
});

async function memoryAggregator(options: { capitalUsd?: number } = {}): Promise<Aggregator> {
  const aggregator = await createAggregator({ dataDir: ":memory:", port: 0, ...options });
  onTestFinished(() => aggregator.close());
  return aggregator;
}

class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
