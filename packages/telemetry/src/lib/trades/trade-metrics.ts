import type { Attributes } from "@opentelemetry/api";
import { attribute } from "@slipstream/conventions";
import type { Instruments } from "../instruments/instruments.ts";

/**
 * Counts a trade in the same way as the aggregator counts its span: latency of live trades, including failed
 * ones; slippage of successful trades; fees of all trades, because failed transactions pay them too.
 */
export function countTrade(
  instruments: Instruments,
  attributes: Attributes,
  durationSeconds: number | undefined,
): void {
  const failed = attributes[attribute.tradeStatus] === "failed";
  instruments.trades[failed ? "failed" : "success"].add(1);
  const fee = attributes[attribute.solanaPriorityFeeLamports];
  if (typeof fee === "number") instruments.priorityFeesPaid.add(fee);
  if (!failed) {
    const ratio = slippageRatio(attributes[attribute.tradeQuotedOut], attributes[attribute.tradeActualOut]);
    if (ratio !== undefined) instruments.slippageError.record(ratio);
  }
  if (attributes[attribute.tradeSource] === "block") return;
  const latencyMs = attributes[attribute.tradeLatencyMs];
  const seconds = typeof latencyMs === "number" ? latencyMs / 1_000 : durationSeconds;
  if (seconds !== undefined) instruments.tradeExecutionLatency.record(seconds);
}

function slippageRatio(quotedOut: unknown, actualOut: unknown): number | undefined {
  if (typeof quotedOut !== "string" || typeof actualOut !== "string") return undefined;
  const quoted = BigInt(quotedOut);
  if (quoted === 0n) return undefined;
  const difference = BigInt(actualOut) - quoted;
  return Math.abs(Number(difference)) / Number(quoted);
}
