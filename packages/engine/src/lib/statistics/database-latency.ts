import { serviceMetrics } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Latency } from "./latency.ts";

/** Every database write, failed ones included. */
export function databaseLatency(options: EngineOptions): Latency {
  return new Latency(
    {
      definition: serviceMetrics.databaseWriteLatency,
      quantiles: { database_latency_p99: 0.99 },
      onDashboard: false,
      what: "database writes",
      kind: "database",
    },
    options,
  );
}
