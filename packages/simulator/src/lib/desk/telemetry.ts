import type { Telemetry, TradeDetails } from "@slipstream/telemetry";

/** The part of `@slipstream/telemetry` that a trade needs. */
export type TradeTelemetry = Pick<Telemetry, "trades" | "latencyTracker">;

export type { TradeDetails };
