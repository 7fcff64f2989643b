import { serviceMetrics } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Latency } from "./latency.ts";
import { nodeMethodFilter } from "./node-methods.ts";

/** Every Solana JSON-RPC call, failed ones included; the percentiles are of the configured methods. */
export function nodeLatency(options: EngineOptions): Latency {
  const counts = nodeMethodFilter(options);
  return new Latency(
    {
      definition: serviceMetrics.solanaNodeLatency,
      quantiles: { node_latency_p99: 0.99 },
      onDashboard: true,
      what: "RPC calls",
      kind: "node",
      inPercentiles: ({ call }) => call !== undefined && counts(call),
      basis: JSON.stringify(options.nodeMethods),
    },
    options,
  );
}
