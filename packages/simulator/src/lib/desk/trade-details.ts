import type { Attributes } from "@opentelemetry/api";
import { attribute } from "@slipstream/conventions";
import type { TradeDetails } from "@slipstream/telemetry";
import type { Decision } from "../market/decisions.ts";
import { inputToken, outputToken } from "../market/tokens.ts";
import type { TradeTruth } from "../truth/model.ts";

/** The span's attributes before the first call. */
export function detailsAtStart(trade: TradeTruth): TradeDetails {
  return {
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

/** What was swapped, and by whom. With these attributes, a block shows what happened around the trade. */
export function swapAttributes({ pair, side }: Decision, amountIn: bigint, signer: string): Attributes {
  return {
    [attribute.tradeTokenIn]: inputToken(pair, side).mint,
    [attribute.tradeTokenOut]: outputToken(pair, side).mint,
    [attribute.tradePool]: pair.pool,
    [attribute.tradeAmountIn]: String(amountIn),
    [attribute.solanaSigner]: signer,
  };
}

/** The span's attributes at the end of the trade, without unknown values. */
export function detailsAtEnd(trade: TradeTruth): TradeDetails {
  return known({
    status: trade.status,
    pnlUsd: trade.pnlUsd,
    quotedOut: atoms(trade.quotedOut),
    minOut: atoms(trade.minOut),
    actualOut: atoms(trade.actualOut),
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

/** A row in line protocol for the store. */
export function rowOf(trade: TradeTruth): string {
  const { pair, side, status, sizeUsd, pnlUsd, decidedAtMs } = trade;
  const fields = [`size_usd=${sizeUsd}`, `id="${trade.id}"`];
  if (pnlUsd !== null) fields.push(`pnl_usd=${pnlUsd}`);
  if (trade.accepted) fields.push(`latency_ms=${trade.latencyMs}`);
  return `trades,pair=${pair},side=${side},status=${status} ${fields.join(",")} ${decidedAtMs}000000\n`;
}

function atoms(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

type Known<T> = { [Key in keyof T]?: Exclude<T[Key], null> };

function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, entry]) => entry !== null)) as Known<T>;
}
