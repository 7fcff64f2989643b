import { bps } from "@slipstream/conventions";
import { isWholeBy, type MevRecord, type Verdict } from "@slipstream/mev";
import type { MevTradeTruth } from "@slipstream/simulator";
import { feeTrial, type Sent } from "../fees/fee-trials.ts";

/** A trade as the desk's statistics see it, by the verdict that was told. */
export function toldRecord(truth: MevTradeTruth, sent: Sent, verdict: Verdict | undefined): MevRecord {
  const { verdict: told, lossRatio, valueUsd } = feeTrial(truth, sent, verdict);
  const isWhole = isWholeBy(verdict?.evidence ?? []);
  const lossResidual = verdict?.loss?.residual ?? null;
  return { ...bare(truth, sent), verdict: told, isWhole, lossRatio, lossResidual, valueUsd };
}

/** The same as it truly was. */
export function trueRecord(truth: MevTradeTruth, sent: Sent): MevRecord {
  const { verdict } = truth;
  const lossRatio = verdict === "impacted" ? truth.lossRatio : null;
  const record = { ...bare(truth, sent), verdict, isWhole: true, lossRatio, lossResidual: null };
  const valueUsd = record.landed
    ? sent.pnlUsd + (record.paidUsd ?? 0) + (lossRatio ?? 0) * truth.sizeUsd
    : null;
  return { ...record, valueUsd };
}

function bare(
  truth: MevTradeTruth,
  { startMs, solUsd }: Sent,
): Omit<MevRecord, "verdict" | "isWhole" | "lossRatio" | "lossResidual" | "valueUsd"> {
  const { id, pair, sizeUsd, protection, leader, toleranceBps, status } = truth;
  const { priorityFeeLamports, tipLamports } = truth;
  const landed = status === "landed";
  const usd = (amount: number): number => (amount / 1e9) * solUsd;
  return {
    tradeId: id,
    timeMs: startMs,
    pair,
    sizeUsd,
    protection,
    leader,
    toleranceBps: bps(toleranceBps),
    landed,
    onChain: status !== "lost",
    feeUsd: usd(priorityFeeLamports + tipLamports),
    paidUsd: status === "lost" ? 0 : usd(priorityFeeLamports + (landed ? tipLamports : 0)),
  };
}
