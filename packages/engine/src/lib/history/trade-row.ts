import { attribute, type HistoryRecord } from "@slipstream/conventions";
import type { Attributes, Span } from "@slipstream/otlp/decode";
import { nameIn } from "../attributes.ts";
import type { Fill, Trade } from "../event.ts";
import { tradeIdOf } from "../mev/own-trade.ts";
import { traceIdText, word } from "../trace-id.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/** What the engine made of a trade's span. */
export interface CountedTrade {
  readonly timeMs: number;
  readonly live: boolean;
  readonly seconds: number;
  readonly trade: Trade;
}

/** The trade's row in the history. Its key is the span's, so that there are as many rows as trades were counted. */
export function tradeRow(span: Span, { timeMs, live, seconds, trade }: CountedTrade): HistoryRow {
  const { attributes } = span;
  const traceId = traceIdText(span);
  const spanId = word(span.span0) + word(span.span1);
  const record: HistoryRecord<"trades"> = {
    timestamp: microseconds(timeMs),
    trade_id: tradeIdOf(span),
    trace_id: traceId,
    span_id: spanId,
    service: trade.service,
    pair: trade.pair ?? null,
    side: trade.side ?? null,
    status: trade.status === "unknown" ? null : trade.status,
    source: trade.source === "unknown" ? null : trade.source,
    strategy: trade.strategy ?? null,
    protection: trade.named.protection,
    size_usd: trade.sizeUsd ?? null,
    pnl_usd: trade.pnlUsd ?? null,
    latency_ms: live ? milliseconds(seconds) : null,
    confirm_ms: trade.confirmSeconds === undefined ? null : milliseconds(trade.confirmSeconds),
    slippage_bps: trade.fill === undefined ? null : slippageBps(trade.fill),
    slippage_tolerance_bps: trade.slippageToleranceBps ?? null,
    quoted_out: digits(attributes, attribute.tradeQuotedOut),
    actual_out: digits(attributes, attribute.tradeActualOut),
    min_out: digits(attributes, attribute.tradeMinOut),
    amount_in: digits(attributes, attribute.tradeAmountIn),
    token_in: name(attributes, attribute.tradeTokenIn),
    token_out: name(attributes, attribute.tradeTokenOut),
    pool: name(attributes, attribute.tradePool),
    sol_usd: trade.solUsd ?? null,
    slot: trade.slot ?? null,
    signature: name(attributes, attribute.solanaSignature),
    signer: name(attributes, attribute.solanaSigner),
    priority_fee_lamports: trade.priorityFeeLamports ?? null,
    base_fee_lamports: trade.baseFeeLamports ?? null,
    tip_lamports: trade.named.tipLamports,
    compute_unit_limit: trade.computeUnitLimit ?? null,
    compute_unit_price: trade.computeUnitPrice ?? null,
    bundle_id: name(attributes, attribute.jitoBundleId),
    failure_reason: trade.failure === undefined || trade.failure === "unknown" ? null : trade.failure,
  };
  return historyRow("trades", record);
}

function name(attributes: Attributes, key: string): string | null {
  return nameIn(attributes[key]) ?? null;
}

function digits(attributes: Attributes, key: string): string | null {
  const value = attributes[key];
  return typeof value === "string" && /^\d{1,78}$/.test(value) ? value : null; // 78 digits hold 2^256
}

/** In ms, without the last digit's noise that the division into seconds and back makes. */
function milliseconds(seconds: number): number {
  return Number((seconds * 1_000).toPrecision(15));
}

/** Positive is worse than quoted. */
function slippageBps({ quoted, actual }: Fill): number {
  // The difference first, and exactly: it is small beside the two.
  const lost =
    typeof quoted === "number" && typeof actual === "number"
      ? quoted - actual
      : Number(BigInt(quoted) - BigInt(actual));
  return (10_000 * lost) / Number(quoted);
}
