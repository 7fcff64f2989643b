import type { FailureReason } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";
import type { Decision } from "../market/decisions.ts";
import { inputToken, outputToken } from "../market/tokens.ts";
import type { TradeTruth } from "../truth/model.ts";

/**
 * The span's attributes before the first call: also what is swapped, and by whom, with which a block shows
 * what happened around the trade.
 */
export function detailsAtStart(trade: TradeTruth, { pair, side }: Decision, signer: string): TradeDetails {
  return {
    tokenIn: inputToken(pair, side).mint,
    tokenOut: outputToken(pair, side).mint,
    pool: pair.pool,
    amountIn: trade.amountIn,
    signer,
    id: trade.id,
    pair: trade.pair,
    side: trade.side,
    sizeUsd: trade.sizeUsd,
    solUsd: trade.solUsd,
    strategy: trade.strategy,
    slippageToleranceBps: trade.toleranceBps,
    protection: trade.protection,
    computeUnitPrice: trade.computeUnitPrice,
    source: "live",
  };
}

/** The span's attributes at the end of the trade, without unknown values. */
export function detailsAtEnd(trade: TradeTruth): TradeDetails {
  return known({
    status: trade.status,
    failureReason: failureReason(trade),
    pnlUsd: trade.pnlUsd,
    quotedOut: trade.quotedOut,
    minOut: trade.minOut,
    actualOut: trade.actualOut,
    signature: trade.signature,
    slot: trade.slot,
    computeUnitLimit: trade.computeUnitLimit,
    priorityFeeLamports: trade.priorityFeeLamports,
    baseFeeLamports: trade.baseFeeLamports,
    jitoTipLamports: trade.jitoTipLamports,
    jitoBundleId: trade.jitoBundleId,
    latencyMs: trade.accepted ? trade.latencyMs : null,
    confirmMs: trade.confirmMs,
  });
}

/** The attribute has fewer words than the desk. */
function failureReason({ failure, signature }: TradeTruth): FailureReason | null {
  if (failure === null) return null;
  // A transaction is simulated before it is signed, and refused by the node's own check after that.
  if (failure === "refused") return signature === null ? "simulation" : "rejected";
  if (failure === "blockhash_expired") return "expired";
  return failure === "slippage" ? "slippage" : "other";
}

type Known<T> = { [Key in keyof T]?: Exclude<T[Key], null> };

function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, entry]) => entry !== null)) as Known<T>;
}
