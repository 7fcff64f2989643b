import { attribute, spanName } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";
import type { LocalSpan } from "./messages.ts";

/** The details that statistics are made of. */
const used = {
  latencyMs: attribute.tradeLatencyMs,
  confirmMs: attribute.tradeConfirmMs,
  pnlUsd: attribute.tradePnlUsd,
  quotedOut: attribute.tradeQuotedOut,
  actualOut: attribute.tradeActualOut,
  priorityFeeLamports: attribute.solanaPriorityFeeLamports,
  source: attribute.tradeSource,
} as const satisfies Partial<Record<keyof TradeDetails, string>>;

/** A trade as the engine reads it. What has a wrong type is left out, as the engine would. */
export function tradeSpan(trade: {
  readonly details: TradeDetails;
  /** Unix ms. */
  readonly endMs: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
}): LocalSpan {
  const { details, endMs, durationSeconds, failed } = trade;
  const attributes: Record<string, string | number> = {
    [attribute.tradeStatus]: failed ? "failed" : "success",
  };
  for (const [key, name] of Object.entries(used) as [keyof typeof used, string][]) {
    const value: unknown = details[key];
    if (typeof value === "string" || typeof value === "number") attributes[name] = value;
    else if (typeof value === "bigint") attributes[name] = value.toString();
  }
  return { name: spanName.tradeExecute, endMs, durationSeconds, failed, attributes };
}
