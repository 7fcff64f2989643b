import { PerformanceMonitor } from "@slipstream/monitor";
import type { Service } from "./instrumentation.ts";

/** `PerformanceMonitor` without an aggregator: the engine runs in a thread of this process. */
export async function monitorService(): Promise<Service> {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const monitor = new PerformanceMonitor({ serviceName: "benchmark" });
  await monitor.startMonitoring();
  return {
    execute: async (details, work) => {
      const startMs = performance.now();
      let all = details;
      await work((more) => {
        all = { ...all, ...more };
      });
      monitor.recordTradeExecution(startMs, true, all);
    },
    track: (operation, work, method) =>
      monitor.latencyTracker.track(
        operation,
        work,
        method === undefined ? undefined : { "rpc.method": method },
      ),
    flush: async () => {
      const { trades, refused, spans } = monitor.dropped;
      if (trades + refused + spans > 0)
        throw new Error(`not all was counted: ${JSON.stringify(monitor.dropped)}`);
    },
    shutdown: () => monitor.stop(),
  };
}
