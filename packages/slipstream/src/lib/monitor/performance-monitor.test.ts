import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { createAggregator } from "@slipstream/aggregator";
import { dashboardValues } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";
import { Registry } from "prom-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { countedBy } from "../demo/counted.ts";
import { eventually } from "../testing/eventually.ts";
import type { CurrentMetrics } from "./current-metrics.ts";
import type { PerformanceMonitorOptions } from "./monitor-options.ts";
import { PerformanceMonitor } from "./performance-monitor.ts";

interface Logged {
  readonly lines: string[];
  readonly logger: NonNullable<PerformanceMonitorOptions["logger"]>;
}

function collectLog(): Logged {
  const lines: string[] = [];
  const add =
    (level: string) =>
    (message: string): void =>
      void lines.push(`${level}: ${message}`);
  return { lines, logger: { info: add("info"), warn: add("warn"), error: add("error") } };
}

async function started(
  options: PerformanceMonitorOptions = {},
): Promise<PerformanceMonitor & { log: string[] }> {
  const { lines, logger } = collectLog();
  const monitor = new PerformanceMonitor({ logger, ...options });
  onTestFinished(() => monitor.stop());
  await monitor.startMonitoring();
  return Object.assign(monitor, { log: lines });
}

async function metricsWhere(
  monitor: PerformanceMonitor,
  what: string,
  test: (metrics: CurrentMetrics) => boolean,
): Promise<CurrentMetrics> {
  return eventually(what, () => {
    const metrics = monitor.getCurrentMetrics();
    return test(metrics) ? metrics : undefined;
  });
}

/** Reports trades that took 100, 101, ... ms; each tenth failed. */
function report(monitor: PerformanceMonitor, trades: number, details?: TradeDetails): void {
  for (let i = 0; i < trades; i++) {
    monitor.recordTradeExecution(performance.now() - 100 - i, i % 10 !== 0, details);
  }
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const unknown = Object.fromEntries(dashboardValues.map(({ camel }) => [camel, null]));

// The tester's own settings would make these tests export somewhere.
delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

describe("a monitor by itself", () => {
  it("gives the nine values, each null until it is known", async () => {
    const monitor = new PerformanceMonitor();
    expect(monitor.getCurrentMetrics()).toEqual(unknown);
    await monitor.startMonitoring();
    expect(monitor.getCurrentMetrics()).toEqual(unknown);
    await monitor.stop();
  });

  it("computes them from what it is told", async () => {
    const monitor = await started({ capitalUsd: 1_000 });
    report(monitor, 100, { pnlUsd: 0.5, quotedOut: 10_000n, actualOut: 9_990n, priorityFeeLamports: 5 });
    monitor.instruments.circuitBreakerState.set(2);
    monitor.instruments.openPositions.set(3);
    const answer = await monitor.latencyTracker.track("solana.rpc", async () => "answer");
    expect(answer).toBe("answer");
    const metrics = await metricsWhere(
      monitor,
      "all is known",
      ({ totalPnl, nodeLatencyP99, activePositions }) =>
        totalPnl === 5 && nodeLatencyP99 !== null && activePositions !== null,
    );
    expect(metrics).toMatchObject({
      mevAvoidanceRate: null,
      successRate: 90,
      slippageAccuracy: 100,
      circuitBreakerState: "half_open",
      activePositions: 3,
      totalPnl: 5,
    });
    // 100 samples: the 99th of 100, 101, ... 199 ms, and what the test itself took.
    expect(metrics.tradeLatencyP99).toBeGreaterThanOrEqual(198 * 0.998);
    expect(metrics.tradesPerMinute).toBeGreaterThan(0);
    expect(monitor.dropped).toEqual({ trades: 0, refused: 0, spans: 0 });
  });

  it("counts trades that were told before it started", async () => {
    const monitor = new PerformanceMonitor();
    onTestFinished(() => monitor.stop());
    report(monitor, 20);
    await monitor.startMonitoring();
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
  });

  it("takes anything without an exception", async () => {
    const monitor = await started();
    const poisoned = Object.defineProperty({}, "pnlUsd", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    const odd = monitor.recordTradeExecution.bind(monitor) as (...args: unknown[]) => void;
    odd();
    odd(Number.NaN, true);
    odd("now", true);
    odd({}, {}, {});
    odd(performance.now() + 60_000, true);
    odd(performance.now(), true, poisoned);
    odd(performance.now(), true, null);
    odd(performance.now(), true, "details");
    odd(performance.now(), true, { pnlUsd: "much", quotedOut: {}, latencyMs: Symbol("x"), id: () => 1 });
    report(monitor, 10);
    await metricsWhere(
      monitor,
      "the good trades are counted",
      ({ tradesPerMinute }) => tradesPerMinute !== null,
    );
    await eventually("the odd ones are counted as refused", () => monitor.dropped.refused === 6);
  });

  it("drops and counts what a burst has too much of", async () => {
    const monitor = await started();
    const trades = 100_000;
    for (let i = 0; i < trades; i++) monitor.recordTradeExecution(performance.now(), true);
    const { dropped } = monitor;
    expect(dropped.trades).toBe(trades - 65_536);
    await metricsWhere(monitor, "the rest is counted", ({ successRate }) => successRate === 100);
  });

  it("shows its metrics in the service's prom-client registry", async () => {
    const registry = new Registry();
    const monitor = await started({ registry });
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
    const monitor = await started({ registry: new MeterProvider({ readers: [reader] }) });
    report(monitor, 10);
    await eventually("the trades are collected", async () => {
      const { resourceMetrics } = await reader.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      const trades = metrics.find(({ descriptor }) => descriptor.name === "trades_total");
      return trades?.dataPoints.some(({ value }) => value === 9);
    });
  });

  it("goes on without what is wrong or away, and says so once", async () => {
    const port = await closedPort();
    const monitor = await started({
      redis: `redis://127.0.0.1:${port}`,
      registry: { not: "one" },
      questdb: "http::addr=x",
    });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
    expect(
      monitor.log.filter((line) => line.includes("QuestDB history is not part of this version")),
    ).toHaveLength(1);
    expect(monitor.log.filter((line) => line.includes("registry"))).toHaveLength(1);
    await eventually("Redis is told of", () =>
      monitor.log.some((line) => line.includes("Redis cannot be reached")),
    );
    await monitor.stop();
  });

  it("goes on where its Redis client is none at all", async () => {
    const client = {
      multi() {
        throw new Error("this client is broken");
      },
    };
    const monitor = await started({ redis: client as never });
    report(monitor, 10);
    await eventually("the sink's trouble is told", () =>
      monitor.log.some((line) => line.includes("takes no writes")),
    );
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
  });

  it("goes on with a logger that throws", async () => {
    const fail = (): never => {
      throw new Error("no logging today");
    };
    const monitor = await started({ questdb: {}, logger: { info: fail, warn: fail, error: fail } });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
  });

  it("may be stopped at any time, and more than once", async () => {
    const never = new PerformanceMonitor();
    await never.stop();
    await never.stop();
    never.recordTradeExecution(performance.now(), true);
    const early = new PerformanceMonitor();
    const starting = early.startMonitoring();
    await early.stop();
    await starting;
    expect(early.startMonitoring()).toBe(starting);
  });

  it.each([{}, { redis: "redis://127.0.0.1:1" }, { endpoint: "http://127.0.0.1:1" }])(
    "with %j does not hold the process that forgot to stop it",
    async (options) => {
      const program = join(import.meta.dirname, "../testing/unstopped.main.ts");
      const args = ["--conditions=slipstream-source", program, JSON.stringify(options)];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      const [code] = await once(child, "close");
      expect(code).toBe(0);
    },
  );

  it("says at once which option is wrong", () => {
    const make = (options: object) => () => new PerformanceMonitor(options);
    expect(make({ capitalUsd: -1 })).toThrow("capitalUsd = -1 (from PerformanceMonitor) is not allowed");
    expect(make({ capitalUSD: 1 })).toThrow("did you mean capitalUsd?");
    expect(make({ redis: "localhost" })).toThrow("redis = (not shown)");
    expect(make({ redis: 7 })).toThrow("an ioredis client or a redis:// URL");
    expect(make({ endpoint: "nowhere" })).toThrow("endpoint =");
  });
});

describe("a monitor with an OTLP endpoint", () => {
  it("exports to the aggregator, and answers locally the same", async () => {
    const aggregator = await createAggregator({
      dataDir: ":memory:",
      port: 0,
      engine: { capitalUsd: 1_000 },
    });
    onTestFinished(() => aggregator.close());
    let asked = false;
    const redis = {
      multi() {
        asked = true;
        throw new Error("another writes Redis");
      },
    };
    const monitor = await started({
      endpoint: aggregator.url,
      serviceName: "desk",
      capitalUsd: 1_000,
      redis: redis as never,
    });
    report(monitor, 50, { pnlUsd: 1, priorityFeeLamports: 7n });
    monitor.latencyTracker.track("solana.rpc", () => undefined);
    await metricsWhere(monitor, "the trades are counted", ({ totalPnl }) => totalPnl === 5);
    await monitor.stop();
    expect(countedBy(aggregator.current())).toEqual({
      success: 45,
      failed: 5,
      priorityFeesLamports: 350,
      pnlMicroUsd: 50_000_000,
    });
    expect(aggregator.current().services.desk).toMatchObject({ received: 51, completeness: 1 });
    expect(asked).toBe(false);
  });

  it("goes on where nothing listens there", async () => {
    const monitor = await started({ endpoint: `http://127.0.0.1:${await closedPort()}` });
    report(monitor, 10);
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
    await monitor.stop();
  });
});

class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
