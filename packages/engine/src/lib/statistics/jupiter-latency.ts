import { serviceMetrics } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Latency } from "./latency.ts";

/** Every call of the Jupiter API, failed ones included. */
export function jupiterLatency(options: EngineOptions): Latency {
  return new Latency(
    {
      definition: serviceMetrics.jupiterApiLatency,
      quantiles: { jupiter_latency_p99: 0.99 },
      onDashboard: false,
      what: "calls of the Jupiter API",
      kind: "jupiter",
    },
    options,
  );
}
