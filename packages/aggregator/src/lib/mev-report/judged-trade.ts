import { bps, type HistoryRecord, type Lamports, lamports } from "@slipstream/conventions";
import { type HistoryRow, recordOf } from "@slipstream/engine";
import { type FeeTrial, isWholeBy, type MevRecord, type OfferSource, verdictKinds } from "@slipstream/mev";
import { priorityFee } from "@slipstream/solana";
import { z } from "zod";

type TradeRow = HistoryRecord<"trades">;
type VerdictRow = HistoryRecord<"mev_verdicts">;

/** A trade of the history with its verdict, as MEV statistics and fee advice take it. */
export interface JudgedTrade {
  readonly record: MevRecord;
  /** What was offered and what became of it; null where the size is not known. */
  readonly trial: FeeTrial | null;
  readonly attacker: string | null;
  readonly pool: string | null;
  readonly solUsd: number | null;
}

const UNKNOWN = "unknown";

/** Joins the tables by the key that they share: the trade's id and its end. */
export function judgedTrades(trades: readonly HistoryRow[], verdicts: readonly HistoryRow[]): JudgedTrade[] {
  const byKey = new Map<string, VerdictRow>();
  for (const row of verdicts) {
    const verdict = recordOf(row) as unknown as VerdictRow;
    byKey.set(`${verdict.timestamp} ${verdict.trade_id}`, verdict);
  }
  return trades.map((row) => {
    const trade = recordOf(row) as unknown as TradeRow;
    return judged(trade, byKey.get(`${trade.timestamp} ${trade.trade_id}`));
  });
}

function judged(trade: TradeRow, row: VerdictRow | undefined): JudgedTrade {
  const landed = trade.status === "success";
  const onChain = landed || trade.slot !== null;
  const verdict = verdictKinds.find((kind) => kind === row?.verdict) ?? null;
  const fee = offeredFee(trade);
  // What the chain shows counts before what the trade names.
  const tip = lamports(row?.tip_lamports ?? trade.tip_lamports ?? 0);
  const offer = offerOf(trade, row);
  const tolerance = trade.slippage_tolerance_bps;
  const toleranceBps = tolerance === null ? null : bps(tolerance);
  const usd = (amount: number): number | null =>
    trade.sol_usd === null ? null : (amount / 1e9) * trade.sol_usd;
  const paidUsd = usd(onChain ? fee + (landed ? tip : 0) : 0);
  const lossUsd = verdict === "impacted" ? (row?.loss_usd ?? null) : 0;
  const valueUsd =
    landed && trade.pnl_usd !== null && lossUsd !== null && paidUsd !== null
      ? trade.pnl_usd + paidUsd + lossUsd
      : null;
  const pair = trade.pair ?? UNKNOWN;
  const protection = trade.protection ?? row?.protection ?? "none";
  const lossRatio = row?.loss_ratio ?? null;
  const record: MevRecord = {
    tradeId: trade.trade_id ?? "",
    timeMs: trade.timestamp / 1_000,
    pair,
    sizeUsd: trade.size_usd,
    protection,
    offer,
    leader: row?.leader ?? null,
    toleranceBps,
    landed,
    onChain,
    verdict,
    isWhole: isWholeBy(evidenceOf(row)),
    lossRatio,
    lossResidual: row?.residual ?? null,
    feeUsd: usd(fee + tip) ?? row?.fee_usd ?? null,
    paidUsd,
    valueUsd,
  };
  const trial: FeeTrial | null =
    trade.size_usd === null
      ? null
      : {
          pair,
          sizeUsd: trade.size_usd,
          urgency: trade.strategy ?? UNKNOWN,
          protection,
          toleranceBps,
          priorityFeeLamports: fee,
          tipLamports: tip,
          offer,
          outcome: landed ? "landed" : onChain ? "reverted" : "expired",
          verdict,
          lossRatio,
          valueUsd,
        };
  return {
    record,
    trial,
    attacker: row?.attacker ?? null,
    pool: row?.pool ?? trade.pool,
    solUsd: trade.sol_usd,
  };
}

/** Where the trade's tip, and its protection, are known from. */
function offerOf(trade: TradeRow, row: VerdictRow | undefined): OfferSource {
  const tip = row?.tip_lamports ?? 0;
  if (row?.protection_source === "tip" || (trade.tip_lamports === null && tip > 0)) return "seen";
  return trade.tip_lamports === null ? "unnamed" : "named";
}

const evidenceSchema = z.array(z.object({ kind: z.string() }));

/** Of the history's JSON; none where it cannot be read. */
function evidenceOf(row: VerdictRow | undefined): z.infer<typeof evidenceSchema> {
  try {
    return evidenceSchema.parse(JSON.parse(row?.evidence ?? "[]"));
  } catch {
    return [];
  }
}

/** What was paid or, of a trade that never landed, offered: price x units, micro-lamports. Lamports. */
function offeredFee(trade: TradeRow): Lamports {
  if (trade.priority_fee_lamports !== null) return lamports(trade.priority_fee_lamports);
  const { compute_unit_limit: limit, compute_unit_price: price } = trade;
  return lamports(limit === null || price === null ? 0 : priorityFee(limit, price));
}
