import { attribute, spanName } from "@slipstream/conventions";
import { programId } from "@slipstream/solana";
import { BASE_FEE, priorityLamports } from "../chain/transaction.ts";
import { sideOf, tokenIn, tokenOut } from "../pools/pool.ts";
import type { OwnTrade } from "./trade.ts";

export type SpanAttributeValue = string | number | boolean;

/** A trade as described by the desk's root span: what the desk knows, without the ground truth. */
export interface TradeSpan {
  readonly name: string;
  /** Unix ms. */
  readonly startMs: number;
  readonly endMs: number;
  /** Attributes of `trade.execute`; atoms are decimal strings. */
  readonly attributes: Readonly<Record<string, SpanAttributeValue>>;
}

/** The desk's measurements of a trade, drawn when it ends. */
export interface Measured {
  readonly startMs: number;
  readonly endMs: number;
  readonly latencyMs: number;
  readonly pnlUsd: number;
}

export const DESK_PROGRAM: string = programId.jupiter;

export function tradeSpan(trade: OwnTrade, measured: Measured): TradeSpan {
  const { decision, transaction } = trade;
  const { pool, buy, offer } = decision;
  const landed = transaction !== undefined;
  const attributes: Record<string, SpanAttributeValue> = {
    [attribute.tradeId]: trade.id,
    [attribute.tradePair]: pool.pair.name,
    [attribute.tradeSide]: sideOf(buy),
    [attribute.tradeSizeUsd]: decision.sizeUsd,
    [attribute.tradeStatus]: transaction?.failed === false ? "success" : "failed",
    [attribute.tradePnlUsd]: measured.pnlUsd,
    [attribute.tradeQuotedOut]: String(trade.quotedOut),
    [attribute.tradeMinOut]: String(trade.minOut),
    [attribute.tradeAmountIn]: String(trade.amountIn),
    [attribute.tradeTokenIn]: tokenIn(pool, buy).mint,
    [attribute.tradeTokenOut]: tokenOut(pool, buy).mint,
    [attribute.tradePool]: pool.address,
    [attribute.tradeLatencyMs]: measured.latencyMs,
    [attribute.tradeSolUsd]: trade.solUsd,
    [attribute.tradeStrategy]: decision.urgency,
    [attribute.tradeSlippageToleranceBps]: decision.toleranceBps,
    [attribute.solanaSigner]: trade.signer,
    [attribute.solanaComputeUnitLimit]: offer.computeUnitLimit,
    [attribute.solanaComputeUnitPrice]: offer.computeUnitPrice,
    [attribute.mevProtection]: decision.protection,
  };
  if (trade.bundleId !== undefined) {
    attributes[attribute.jitoTipLamports] = offer.tipLamports;
    attributes[attribute.jitoBundleId] = trade.bundleId;
  }
  if (landed) {
    attributes[attribute.solanaSignature] = transaction.signature;
    attributes[attribute.solanaSlot] = transaction.slot;
    attributes[attribute.solanaPriorityFeeLamports] = priorityLamports(offer);
    attributes[attribute.solanaBaseFeeLamports] = Number(BASE_FEE);
    attributes[attribute.tradeConfirmMs] = measured.endMs - measured.startMs;
  }
  if (trade.actualOut !== undefined) attributes[attribute.tradeActualOut] = String(trade.actualOut);
  return { name: spanName.tradeExecute, startMs: measured.startMs, endMs: measured.endMs, attributes };
}
