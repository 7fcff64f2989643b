import { aggregatorMetrics } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Latency } from "./latency.ts";

/** From the decision to trade to the transaction's confirmation, of the trades that say so. */
export function confirmation(options: EngineOptions): Latency {
  return new Latency(
    {
      definition: aggregatorMetrics.tradeConfirmation,
      quantiles: { trade_confirmation_p50: 0.5, trade_confirmation_p99: 0.99 },
      onDashboard: false,
      what: "trades with trade.confirm_ms",
      kind: "trade",
      seconds: ({ trade }) => trade?.confirmSeconds,
    },
    options,
  );
}
