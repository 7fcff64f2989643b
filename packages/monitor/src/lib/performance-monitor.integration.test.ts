import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { dashboardValues } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { describe, expect, it, onTestFinished } from "vitest";
import { PerformanceMonitor } from "./performance-monitor.ts";
import { metricsWhere, report, startedMonitor } from "./testing/monitors.ts";

const unknown = Object.fromEntries(dashboardValues.map(({ camel }) => [camel, null]));

describe("a monitor by itself", () => {
  it("gives the nine values, each null until it is known", async () => {
    const monitor = new PerformanceMonitor();
    expect(monitor.getCurrentMetrics()).toEqual(unknown);
    await monitor.startMonitoring();
    expect(monitor.getCurrentMetrics()).toEqual(unknown);
    await monitor.stop();
  });

  it("computes them from what it is told", async () => {
    const monitor = await startedMonitor({ capitalUsd: 1_000 });
    report(monitor, 100, { pnlUsd: 0.5, quotedOut: 10_000n, actualOut: 9_990n, priorityFeeLamports: 5 });
    monitor.setCircuitBreaker("half_open");
    monitor.setOpenPositions(3);
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
    await metricsWhere(monitor, "a rate is known", ({ tradesPerMinute }) => Number(tradesPerMinute) > 0);
    expect(monitor.dropped).toEqual({ trades: 0, refused: 0, spans: 0 });
  });

  it("counts trades that were told before it started", async () => {
    const monitor = new PerformanceMonitor();
    onTestFinished(() => monitor.stop());
    report(monitor, 20);
    await monitor.startMonitoring();
    await metricsWhere(monitor, "the trades are counted", ({ successRate }) => successRate === 90);
    await metricsWhere(monitor, "a rate is known", ({ tradesPerMinute }) => Number(tradesPerMinute) > 0);
  });

  it("takes anything without an exception", async () => {
    const monitor = await startedMonitor();
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
    await metricsWhere(monitor, "the good trades are counted", ({ successRate }) => successRate !== null);
    await eventually("the odd ones are counted as refused", () => monitor.dropped.refused >= 6);
    expect(monitor.dropped).toEqual({ trades: 0, refused: 6, spans: 0 });
  });

  it("drops and counts what a burst has too much of", async () => {
    const monitor = await startedMonitor();
    const trades = 100_000;
    for (let i = 0; i < trades; i++) monitor.recordTradeExecution(performance.now(), true);
    const { dropped } = monitor;
    expect(dropped.trades).toBe(trades - 65_536);
    await metricsWhere(monitor, "the rest is counted", ({ successRate }) => successRate === 100);
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
      const program = join(import.meta.dirname, "./testing/unstopped.main.ts");
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
