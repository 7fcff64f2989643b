import type { HistoryRecord } from "@slipstream/conventions";
import { bucketOf, sizeBounds } from "@slipstream/mev/verdicts";
import type { VerdictEvent } from "../mev/own-verdicts.ts";
import { type HistoryRow, historyRow, microseconds } from "./rows.ts";

/** Most characters of a list: of what speaks for a verdict, or of attackers. */
const LONGEST_LIST = 4_096;
const LONGEST_BASIS = 8_192;

/**
 * A verdict's row in the history. Its key is the trade's, so that a later verdict replaces an earlier one.
 *
 * @param decidedMs receipt of what it was made from, Unix ms
 */
export function verdictRow({ trade, verdict, now }: VerdictEvent, decidedMs: number): HistoryRow {
  const { loss } = verdict;
  const record: HistoryRecord<"mev_verdicts"> = {
    timestamp: microseconds(trade.timeMs),
    trade_id: trade.id,
    verdict: verdict.verdict,
    state: verdict.state,
    confidence: verdict.confidence,
    label: verdict.label ?? null,
    reason: verdict.reason ?? verdict.lossReason ?? null,
    service: trade.service,
    strategy: trade.strategy,
    pair: trade.pair,
    size: bucketOf(trade.sizeUsd, sizeBounds),
    size_usd: trade.sizeUsd,
    protection: trade.protection,
    protection_source: trade.protectionSource,
    tip_lamports: trade.tipLamports,
    fee_usd: trade.feeUsd,
    slot: verdict.slot,
    leader: verdict.leader,
    pool: verdict.pools[0] ?? null,
    signature: trade.signature,
    attacker: verdict.attackers[0] ?? null,
    front_signature: verdict.front ?? null,
    back_signature: verdict.back ?? null,
    loss_atoms: loss === null ? null : String(loss.atoms),
    loss_token: loss?.token ?? null,
    loss_ratio: loss?.ratio ?? null,
    loss_usd: lossUsd(now.lossRatio, trade.sizeUsd),
    residual: loss?.residual ?? null,
    evidence: listText(verdict.evidence),
    basis: basisText(verdict.basis),
    attackers: listText(verdict.attackers),
    trace_id: trade.traceId,
    span_id: trade.spanId,
    decided_ms: Math.round(decidedMs),
  };
  return historyRow("mev_verdicts", record);
}

function basisText(basis: VerdictEvent["verdict"]["basis"]): string | null {
  const text = JSON.stringify(basis ?? {});
  return text.length > LONGEST_BASIS ? null : text;
}

/** What was lost, USD; null where it is not known. */
export function lossUsd(ratio: number | null, sizeUsd: number | null): number | null {
  return ratio === null || sizeUsd === null ? null : ratio * sizeUsd;
}

/** As many of them as fit: JSON that is cut is none. */
function listText(list: readonly unknown[]): string {
  const kept: string[] = [];
  let length = 2;
  for (const one of list) {
    const json = JSON.stringify(one);
    length += json.length + 1;
    if (length > LONGEST_LIST) break;
    kept.push(json);
  }
  return `[${kept.join(",")}]`;
}
