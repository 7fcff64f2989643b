import { bps, lamports } from "@slipstream/conventions";
import type { FeeTrial, Verdict } from "@slipstream/mev";
import type { MevTradeTruth, TradeSpan } from "@slipstream/simulator";

/** Of a trade's span, what its fee is weighed with. */
export interface Sent {
  readonly startMs: number;
  readonly solUsd: number;
  readonly pnlUsd: number;
}

export function sentOf({ startMs, attributes }: TradeSpan): Sent {
  const solUsd = Number(attributes["trade.sol_usd"]);
  return { startMs, solUsd, pnlUsd: Number(attributes["trade.pnl_usd"]) };
}

const BASE_FEE_LAMPORTS = 5000;

/** A trade as its desk knows it: what it earned by its own books, and the verdict that was told, not the true one. */
export function feeTrial(truth: MevTradeTruth, sent: Sent, verdict: Verdict | undefined): FeeTrial {
  const { pair, sizeUsd, urgency, protection, toleranceBps, priorityFeeLamports, tipLamports, status } =
    truth;
  const told = verdict?.verdict ?? null;
  const lossRatio = told === "impacted" ? (verdict?.loss?.ratio ?? null) : null;
  const isLossKnown = told !== "impacted" || lossRatio !== null;
  const paid = BASE_FEE_LAMPORTS + priorityFeeLamports + tipLamports;
  const feeUsd = (paid / 1e9) * sent.solUsd;
  return {
    pair,
    sizeUsd,
    urgency,
    protection,
    toleranceBps: bps(toleranceBps),
    priorityFeeLamports: lamports(priorityFeeLamports),
    tipLamports: lamports(tipLamports),
    outcome: status === "lost" ? "expired" : status,
    verdict: told,
    lossRatio,
    valueUsd: status === "landed" && isLossKnown ? sent.pnlUsd + feeUsd + (lossRatio ?? 0) * sizeUsd : null,
  };
}
