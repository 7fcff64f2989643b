import { attribute, spanName } from "@slipstream/conventions";
import { mergeTradeDetails, type TradeDetails } from "@slipstream/telemetry/instruments";
import type { LocalSpan } from "./messages.ts";

/** A trade as the engine reads it, with all of its details: the history keeps them. Wrong ones are left out. */
export function tradeSpan(trade: {
  readonly details: TradeDetails;
  /** Unix ms. */
  readonly endMs: number;
  readonly durationSeconds: number;
  readonly failed: boolean;
}): LocalSpan {
  const { details, endMs, durationSeconds, failed } = trade;
  const attributes: Record<string, string | number | boolean> = {};
  mergeTradeDetails(attributes, details);
  attributes[attribute.tradeStatus] = failed ? "failed" : "success";
  return { name: spanName.tradeExecute, endMs, durationSeconds, failed, attributes };
}
