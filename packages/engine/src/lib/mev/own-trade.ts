import { attribute, lamports, limits } from "@slipstream/conventions";
import { type NamedOffer, type OwnTrade, protectionByTip, type Verdict } from "@slipstream/mev/verdicts";
import type { Span } from "@slipstream/otlp/decode";
import { nameIn, text } from "../attributes.ts";
import type { Trade } from "../event.ts";
import { spanIdText, traceIdText } from "../trace-id.ts";

/**
 * Where a trade's protection is known from: the trade names it, or the tip that its transaction paid shows
 * it.
 */
export type ProtectionSource = "named" | "tip";

/** A trade to be judged, and what else is known of it. */
export interface MevTrade extends Required<Omit<OwnTrade, "instruction" | "named">> {
  readonly instruction: string | undefined;
  readonly named: NamedOffer;
  /** The trade's span, in hexadecimal digits; null if an older version did not keep it. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  /** End of the trade, Unix ms. */
  readonly timeMs: number;
  /** Whether it belongs in windows, and not in the totals only. */
  readonly inWindow: boolean;
  /** Name of the service, as it is counted; null if an older version did not keep it. */
  readonly service: string | null;
  readonly strategy: string | null;
  readonly pair: string | null;
  /** That the service says it swapped in. */
  readonly pool: string | null;
  readonly sizeUsd: number | null;
  readonly protection: string;
  /** null if nothing shows a protection: it counts as none. */
  readonly protectionSource: ProtectionSource | null;
  /**
   * Tip that was offered, lamports: as the chain shows it, else as the trade names it; null if neither does.
   */
  readonly tipLamports: number | null;
  /** Priority fee and tip, USD; null if no price of SOL is known. */
  readonly feeUsd: number | null;
  /** Price of SOL at the time of the trade; null if it is not known. */
  readonly solUsd: number | null;
}

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
  { trade, timeMs, inWindow }: { trade: Trade; timeMs: number; inWindow: boolean },
  solUsd: number | null,
): MevTrade | undefined {
  const { attributes } = span;
  const signature = text(attributes[attribute.solanaSignature]);
  if (signature === undefined || signature.length > LONGEST_SIGNATURE) return undefined;
  const { sizeUsd, slot = null, named } = trade;
  if (trade.status === "failed" && slot === null) return undefined;
  const id = tradeIdOf(span);
  const protection = named.protection ?? UNPROTECTED;
  // Each property is written out: to spread an object into one of so many takes longer than all the rest.
  return {
    id,
    signature,
    slot,
    named,
    instruction: instructionOf(id, signature),
    isProtected: protection !== UNPROTECTED,
    traceId: traceIdText(span),
    spanId: spanIdText(span),
    timeMs,
    inWindow,
    service: trade.service,
    strategy: trade.strategy ?? null,
    pair: trade.pair ?? null,
    pool: nameIn(attributes[attribute.tradePool]) ?? null,
    sizeUsd: sizeUsd ?? null,
    protection,
    protectionSource: named.protection === null ? null : "named",
    tipLamports: named.tipLamports,
    feeUsd: solUsd === null ? null : feeUsd(trade, solUsd),
    solUsd,
  };
}

/** What is judged of a trade. */
export function ownTradeOf(told: {
  readonly id: string;
  readonly signature: string;
  readonly slot: number | null;
  readonly named: NamedOffer;
}): Required<OwnTrade> & Pick<MevTrade, "instruction" | "named" | "isProtected"> {
  const { id, signature, named } = told;
  const isProtected = (named.protection ?? UNPROTECTED) !== UNPROTECTED;
  return { ...told, instruction: instructionOf(id, signature), isProtected };
}

/**
 * The trade with what its transaction's tips show. A protection that it names stays. A tip that is seen
 * counts instead of the one named; if none is seen, it may have gone to an account that is not published, or
 * stand in a transaction elsewhere, so the one named counts.
 */
export function withTips(trade: MevTrade, { tips }: Pick<Verdict, "tips">): MevTrade {
  const { named, feeUsd, solUsd } = trade;
  const lamports = tips === null ? 0 : Number(tips.lamports);
  if (tips === null || (lamports === 0 && named.tipLamports !== null)) return trade;
  const shown = named.protection === null ? protectionByTip(tips) : undefined;
  const more = ((lamports - (named.tipLamports ?? 0)) / 1e9) * (solUsd ?? 0);
  return {
    ...trade,
    tipLamports: lamports,
    feeUsd: feeUsd === null || feeUsd + more > limits.tradeUsd ? null : feeUsd + more,
    ...(shown === undefined ? {} : { protection: shown, protectionSource: "tip" }),
  };
}

/** As in the history: `trade.id` or, where it is absent, the trace's and the span's id. */
export function tradeIdOf(span: Span): string {
  const id = nameIn(span.attributes[attribute.tradeId]);
  if (id !== undefined) return id;
  return `${traceIdText(span)}:${spanIdText(span)}`;
}

function feeUsd({ priorityFeeLamports = lamports(0), named }: Trade, solUsd: number): number | null {
  const usd = ((priorityFeeLamports + (named.tipLamports ?? 0)) / 1e9) * solUsd;
  return usd <= limits.tradeUsd ? usd : null;
}

/** A trade read from a block is named by the instruction that made it: signature, ":", instruction. */
function instructionOf(id: string, signature: string): string | undefined {
  if (id.length <= signature.length || id[signature.length] !== ":" || !id.startsWith(signature))
    return undefined;
  return id.slice(signature.length + 1);
}
