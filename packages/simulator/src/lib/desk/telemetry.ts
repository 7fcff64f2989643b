import type { Telemetry, TradeDetails } from "@slipstream/telemetry";

/** The least of `@slipstream/telemetry` that a trade needs. */
export type TradeTelemetry = Pick<Telemetry, "trades" | "latencyTracker">;

/** The least that the desk needs. */
export type DeskTelemetry = TradeTelemetry & Pick<Telemetry, "instruments">;

export type { TradeDetails };
