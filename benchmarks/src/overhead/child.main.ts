import { setUp, type Telemetry } from "@slipstream/telemetry";
import type { Done, Order } from "./messages.ts";
import { bare, instrumented, tradeFor } from "./workload.ts";

// A trading service, with or without telemetry. Argument: the receiver's address; without it, not instrumented.
const [endpoint] = process.argv.slice(2);
const telemetry: Telemetry | undefined =
  endpoint === undefined ? undefined : setUp({ serviceName: "benchmark", endpoint, shutdownOnExit: false });
const instrumentation = telemetry === undefined ? bare : instrumented(telemetry);

process.on("message", async ({ seconds, perSecond }: Order) => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const trades = await tradeFor(seconds, perSecond, instrumentation);
  await telemetry?.flush();
  const { user, system } = process.cpuUsage(cpu);
  const health = telemetry?.health();
  const done: Done = {
    trades,
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - start,
    exportedSpans: health?.exportedSpans ?? 0,
    troubles: health === undefined ? 0 : health.droppedSpans + health.rejectedSpans + health.failedRequests,
  };
  process.send?.(done);
});
process.once("disconnect", () => void telemetry?.shutdown());
process.send?.("ready");
