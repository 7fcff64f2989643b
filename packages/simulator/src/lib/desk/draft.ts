import type { Decision } from "../market/decisions.ts";
import type { TradeTruth } from "../truth/model.ts";

/** What is known about a running trade. At its end this is the ground truth. */
export type Draft = { -readonly [Key in keyof TradeTruth]: TradeTruth[Key] };

/** Failed until it is known to have succeeded. */
export function beginDraft(
  decision: Decision,
  known: {
    readonly id: string;
    readonly decidedAtMs: number;
    readonly solUsd: number;
    readonly amountIn: bigint;
  },
): Draft {
  return {
    type: "trade",
    id: known.id,
    pair: decision.pair.name,
    side: decision.side,
    strategy: decision.strategy,
    protection: decision.protection,
    status: "failed",
    failure: null,
    decidedAtMs: known.decidedAtMs,
    endedAtMs: known.decidedAtMs,
    accepted: false,
    latencyMs: 0,
    durationMs: 0,
    confirmMs: null,
    sizeUsd: decision.sizeUsd,
    pnlUsd: 0,
    solUsd: known.solUsd,
    amountIn: String(known.amountIn),
    quotedOut: null,
    minOut: null,
    actualOut: null,
    toleranceBps: decision.toleranceBps,
    slippageBps: null,
    signature: null,
    slot: null,
    computeUnitLimit: null,
    computeUnitPrice: decision.computeUnitPrice,
    priorityFeeLamports: null,
    baseFeeLamports: null,
    jitoTipLamports: null,
    jitoBundleId: null,
    calls: [],
  };
}
