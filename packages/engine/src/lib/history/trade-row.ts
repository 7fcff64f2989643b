import { attribute } from "@slipstream/conventions";
import type { Attributes, Span } from "@slipstream/otlp/decode";
import { nameIn } from "../attributes.ts";
import { OWN_DESK } from "../desks/desk-name.ts";
import type { Fill, Trade } from "../event.ts";
import { tradeIdOf } from "../mev/own-trade.ts";
import { spanIdText, traceIdText } from "../trace-id.ts";
import { double, type HistoryRow, type HistoryValue, int, microseconds, text } from "./rows.ts";

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
  const spanId = spanIdText(span);
  const { failure, fill, named } = trade;
  // In the order of the columns, without a record of them in between: this is done for each trade. A test compares the two.
  const values: HistoryValue[] = [
    int(microseconds(timeMs)),
    text(tradeIdOf(span)),
    traceId,
    spanId,
    text(trade.service),
    text(trade.pair),
    trade.side ?? null,
    trade.status === "unknown" ? null : trade.status,
    trade.source === "unknown" ? null : trade.source,
    text(trade.strategy),
    text(named.protection),
    double(trade.sizeUsd),
    double(trade.pnlUsd),
    live ? double(milliseconds(seconds)) : null,
    trade.confirmSeconds === undefined ? null : double(milliseconds(trade.confirmSeconds)),
    fill === undefined ? null : double(slippageBps(fill)),
    double(trade.slippageToleranceBps),
    digits(attributes, attribute.tradeQuotedOut),
    digits(attributes, attribute.tradeActualOut),
    digits(attributes, attribute.tradeMinOut),
    digits(attributes, attribute.tradeAmountIn),
    name(attributes, attribute.tradeTokenIn),
    name(attributes, attribute.tradeTokenOut),
    name(attributes, attribute.tradePool),
    double(trade.solUsd),
    int(trade.slot),
    name(attributes, attribute.solanaSignature),
    name(attributes, attribute.solanaSigner),
    int(trade.priorityFeeLamports),
    int(trade.baseFeeLamports),
    int(named.tipLamports),
    int(trade.computeUnitLimit),
    int(trade.computeUnitPrice),
    name(attributes, attribute.jitoBundleId),
    failure === undefined || failure === "unknown" ? null : failure,
    OWN_DESK,
  ];
  return { table: "trades", values };
}

function name(attributes: Attributes, key: string): string | null {
  return text(nameIn(attributes[key]));
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
