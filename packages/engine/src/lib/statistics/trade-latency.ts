import { serviceMetrics } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Latency } from "./latency.ts";

/** From the decision to trade to the network's acceptance, failed trades included. */
export function tradeLatency(options: EngineOptions): Latency {
  return new Latency(
    {
      definition: serviceMetrics.tradeExecutionLatency,
      quantiles: { trade_latency_p99: 0.99 },
      onDashboard: true,
      what: "trades",
      kind: "trade",
    },
    options,
  );
}
