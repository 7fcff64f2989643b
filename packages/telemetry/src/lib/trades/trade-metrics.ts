import type { Attributes } from "@opentelemetry/api";
import { attribute, limits } from "@slipstream/conventions";
import type { Instruments } from "../instruments/instruments.ts";

/**
 * Counts a trade in the same way as the aggregator counts its span: latency of live trades, including failed
 * ones; slippage of successful trades; fees of all trades, because failed transactions pay them too. A value that cannot be one, and
 * a trade whose status is another word, is left out.
 */
export function countTrade(
  instruments: Instruments,
  attributes: Attributes,
  durationSeconds: number | undefined,
): void {
  const status = attributes[attribute.tradeStatus];
  if (status === "success" || status === "failed") instruments.trades[status].add(1);
  const fee = attributes[attribute.solanaPriorityFeeLamports];
  if (typeof fee === "number" && fee <= limits.lamports) instruments.priorityFeesPaid.add(fee);
  if (status === "success") {
    const ratio = slippageRatio(attributes[attribute.tradeQuotedOut], attributes[attribute.tradeActualOut]);
    if (ratio !== undefined && ratio <= limits.slippageRatio) instruments.slippageError.record(ratio);
  }
  if ((attributes[attribute.tradeSource] ?? "live") !== "live") return;
  const latencyMs = attributes[attribute.tradeLatencyMs];
  const isKnown = typeof latencyMs === "number" && latencyMs <= limits.latencyMs;
  const seconds = isKnown ? latencyMs / 1_000 : durationSeconds;
  if (seconds !== undefined) instruments.tradeExecutionLatency.record(seconds);
}

function slippageRatio(quotedOut: unknown, actualOut: unknown): number | undefined {
  if (typeof quotedOut !== "string" || typeof actualOut !== "string") return undefined;
  const quoted = BigInt(quotedOut);
  if (quoted === 0n) return undefined;
  const difference = BigInt(actualOut) - quoted;
  return Math.abs(Number(difference)) / Number(quoted);
}
