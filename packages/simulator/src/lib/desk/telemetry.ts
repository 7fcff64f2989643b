import type { ServiceState, Telemetry, TradeDetails } from "@slipstream/telemetry";

/** The part of `@slipstream/telemetry` that a trade needs. */
export type TradeTelemetry = Pick<Telemetry, "trades" | "latencyTracker">;

/** The part that the desk needs. */
export type DeskTelemetry = TradeTelemetry & ServiceState;

export type { TradeDetails };
