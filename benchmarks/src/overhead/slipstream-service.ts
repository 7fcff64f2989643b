import { setUp } from "@slipstream/telemetry";
import type { Service } from "./instrumentation.ts";

/** `@slipstream/telemetry` as its user sets it up. */
export function slipstreamService(endpoint: string, serviceName = "benchmark"): Service {
  const telemetry = setUp({ serviceName, endpoint, shutdownOnExit: false });
  const { trades, latencyTracker } = telemetry;
  return {
    execute: (details, work) => trades.execute(details, (trade) => work((more) => trade.set(more))),
    track: (operation, work, method) =>
      latencyTracker.track(operation, work, method === undefined ? undefined : { "rpc.method": method }),
    flush: async () => {
      await telemetry.flush();
      const { queuedSpans, droppedSpans, rejectedSpans, failedRequests } = telemetry.health();
      const lost = queuedSpans + droppedSpans + rejectedSpans + failedRequests;
      if (lost > 0) throw new Error(`not every span was delivered: ${JSON.stringify(telemetry.health())}`);
    },
    shutdown: () => telemetry.shutdown(),
  };
}
