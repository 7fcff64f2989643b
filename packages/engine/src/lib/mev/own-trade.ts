import { attribute } from "@slipstream/conventions";
import type { OwnTrade } from "@slipstream/mev";
import type { Span } from "@slipstream/otlp/decode";
import { amount, nonNegative, shortName, text } from "../attributes.ts";
import type { Trade } from "../event.ts";
import { traceIdText, word } from "../trace-id.ts";

/** A trade whose verdict is looked for, with what is said of it beside its verdict. */
export interface MevTrade extends Required<Omit<OwnTrade, "instruction">> {
  readonly instruction: string | undefined;
  /** End of the trade, Unix ms. */
  readonly timeMs: number;
  /** Whether it belongs in windows, and not in the totals only. */
  readonly inWindow: boolean;
  readonly pair: string | null;
  /** That the service says it swapped in. */
  readonly pool: string | null;
  readonly sizeUsd: number | null;
  readonly protection: string;
  /** Priority fee and tip, USD; null where lamports cannot be told in USD. */
  readonly feeUsd: number | null;
}

/** Trades of more dollars are a mistake, and would make sums inexact. */
const MOST_USD = 1e9;
const LONGEST_SIGNATURE = 128;
const UNPROTECTED = "none";

/**
 * A `trade.execute` span as one that may have met an attack; undefined where it names no transaction, or where it failed and
 * never reached a slot.
 *
 * @param solUsd price of SOL at that time; null where it is not known
 */
export function mevTradeOf(
  span: Span,
  { failed, timeMs, inWindow }: Pick<Trade, "failed"> & { timeMs: number; inWindow: boolean },
  solUsd: number | null,
): MevTrade | undefined {
  const { attributes } = span;
  const signature = text(attributes[attribute.solanaSignature]);
  if (signature === undefined || signature.length > LONGEST_SIGNATURE) return undefined;
  const slot = amount(attributes[attribute.solanaSlot]);
  const isPlaced = typeof slot === "number";
  if (failed && !isPlaced) return undefined;
  const id = tradeIdOf(span);
  const protection = shortName(text(attributes[attribute.mevProtection]) ?? UNPROTECTED);
  const sizeUsd = nonNegative(attributes[attribute.tradeSizeUsd]);
  const pool = text(attributes[attribute.tradePool]);
  const pair = text(attributes[attribute.tradePair]);
  return {
    id,
    signature,
    instruction: instructionOf(id, signature),
    slot: isPlaced ? slot : null,
    isProtected: protection !== UNPROTECTED,
    timeMs,
    inWindow,
    pair: pair === undefined ? null : shortName(pair),
    pool: pool === undefined ? null : shortName(pool),
    sizeUsd: sizeUsd === undefined || sizeUsd > MOST_USD ? null : sizeUsd,
    protection,
    feeUsd: solUsd === null ? null : feeUsd(span, solUsd),
  };
}

/** As in the history: `trade.id` or, where it is absent, the trace's and the span's id. */
export function tradeIdOf(span: Span): string {
  const id = text(span.attributes[attribute.tradeId]);
  if (id !== undefined) return shortName(id);
  return `${traceIdText(span)}:${word(span.span0)}${word(span.span1)}`;
}

function feeUsd({ attributes }: Span, solUsd: number): number | null {
  const lamports =
    Number(amount(attributes[attribute.solanaPriorityFeeLamports]) ?? 0) +
    Number(amount(attributes[attribute.jitoTipLamports]) ?? 0);
  const usd = (lamports / 1e9) * solUsd;
  return usd <= MOST_USD ? usd : null;
}

/** A trade read from a block is named by the instruction that made it: signature, ":", instruction. */
function instructionOf(id: string, signature: string): string | undefined {
  if (id.length <= signature.length || id[signature.length] !== ":" || !id.startsWith(signature))
    return undefined;
  return id.slice(signature.length + 1);
}
