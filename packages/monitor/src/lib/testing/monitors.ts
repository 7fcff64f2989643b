import { type AddressInfo, createServer } from "node:net";
import type { TradeDetails } from "@slipstream/telemetry";
import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished } from "vitest";
import type { CurrentMetrics } from "../current-metrics.ts";
import type { PerformanceMonitorOptions } from "../monitor-options.ts";
import { PerformanceMonitor } from "../performance-monitor.ts";

// The tester's own settings would make the tests export somewhere.
delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

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

/** A monitor that runs until the test's end, with what it logged. */
export async function startedMonitor(
  options: PerformanceMonitorOptions = {},
): Promise<PerformanceMonitor & { log: string[] }> {
  const { lines, logger } = collectLog();
  const monitor = new PerformanceMonitor({ logger, ...options });
  onTestFinished(() => monitor.stop());
  await monitor.startMonitoring();
  return Object.assign(monitor, { log: lines });
}

export async function metricsWhere(
  monitor: PerformanceMonitor,
  what: string,
  test: (metrics: CurrentMetrics) => boolean,
): Promise<CurrentMetrics> {
  const found = await eventually(what, () => {
    const metrics = monitor.getCurrentMetrics();
    return test(metrics) ? metrics : undefined;
  });
  expect(test(found)).toBe(true);
  return found;
}

/** Reports trades that took 100, 101, ... ms; each tenth failed. */
export function report(monitor: PerformanceMonitor, trades: number, details?: TradeDetails): void {
  for (let i = 0; i < trades; i++) {
    monitor.recordTradeExecution(performance.now() - 100 - i, i % 10 !== 0, details);
  }
}

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
