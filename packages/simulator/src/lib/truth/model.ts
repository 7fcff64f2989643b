import type { BreakerState } from "../desk/breaker.ts";
import type { Protection } from "../market/decisions.ts";
import type { Side } from "../market/tokens.ts";
import type { ChainVerdict } from "../stand-ins/chain-verdict.ts";

/**
 * Why a trade failed. `refused`: by simulation or preflight, so it never landed. `slippage`: landed and reverted.
 * `unexpected`: by a mistake in the simulator, which tells of it.
 */
export type FailureReason =
  | "quote_unavailable"
  | "swap_unavailable"
  | "node_unavailable"
  | "refused"
  | "slippage"
  | "blockhash_expired"
  | "unconfirmed"
  | "stopped"
  | "unexpected";

/** A span inside a trade: a call to the outside, or a stage that holds calls. */
export interface CallTruth {
  /** Name of the span. */
  readonly operation: string;
  /** The JSON-RPC method, where it is one. */
  readonly method: string | null;
  readonly failed: boolean;
  /** As long as the span. */
  readonly durationMs: number;
}

/** One trade, exactly as it happened. Amounts: decimal strings, atoms of the output token. Absent knowledge: null. */
export interface TradeTruth {
  readonly type: "trade";
  readonly id: string;
  readonly pair: string;
  readonly side: Side;
  readonly strategy: string;
  readonly protection: Protection;
  readonly status: "success" | "failed";
  readonly failure: FailureReason | null;
  /** When the desk decided and when the trade's span ended, Unix time. */
  readonly decidedAtMs: number;
  readonly endedAtMs: number;
  /** True where the network accepted the transaction. */
  readonly accepted: boolean;
  /** From the decision to the acceptance; of a trade that was never accepted, as long as the span. */
  readonly latencyMs: number;
  /** As long as the trade's span, confirmation and store included. */
  readonly durationMs: number;
  /** From the decision to the confirmation; null where it was never confirmed. */
  readonly confirmMs: number | null;
  readonly sizeUsd: number;
  /** Whole micro-USD; null where the desk could not learn what the transaction gave. */
  readonly pnlUsd: number | null;
  readonly solUsd: number;
  /** Atoms of the input token. */
  readonly amountIn: string;
  readonly quotedOut: string | null;
  readonly minOut: string | null;
  readonly actualOut: string | null;
  readonly toleranceBps: number;
  /** 1e4 x (quoted - actual) / quoted: positive is worse than quoted. */
  readonly slippageBps: number | null;
  readonly signature: string | null;
  readonly slot: number | null;
  readonly computeUnitLimit: number | null;
  readonly computeUnitPrice: number;
  /** Fees and tip that were paid: null where the transaction never landed, or the desk could not learn it. */
  readonly priorityFeeLamports: number | null;
  readonly baseFeeLamports: number | null;
  readonly jitoTipLamports: number | null;
  readonly jitoBundleId: string | null;
  readonly calls: readonly CallTruth[];
}

/** What attackers truly did to a trade that landed. It is known some slots after the trade. */
export interface VerdictTruth extends ChainVerdict {
  readonly type: "verdict";
  /** Of the trade. */
  readonly id: string;
  readonly pair: string;
  readonly protection: Protection;
  /** Of an impacted trade: its loss ratio times its size; else 0. */
  readonly lossUsd: number;
}

/** Verdicts over all trades that landed and that nothing more can happen to. */
export interface MevTotals {
  readonly impacted: number;
  readonly avoided: number;
  readonly clean: number;
  /** Of the impacted, USD. */
  readonly lossUsd: number;
}

export interface CallTotals {
  readonly count: number;
  readonly failed: number;
}

/** Sums over all trades that have ended. */
export interface Totals {
  readonly trades: number;
  readonly success: number;
  readonly failed: number;
  readonly failures: Readonly<Partial<Record<FailureReason, number>>>;
  /** Decisions that made no trade: the breaker was open, or too many trades were in flight. */
  readonly heldBack: { readonly breaker: number; readonly limit: number };
  readonly sizeUsd: number;
  readonly pnlUsd: number;
  readonly priorityFeesLamports: number;
  readonly baseFeesLamports: number;
  readonly tipsLamports: number;
  readonly mev: MevTotals;
  /** By name of the span. */
  readonly calls: Readonly<Record<string, CallTotals>>;
  /** Changes of the circuit breaker, the last thousand, Unix time. */
  readonly breaker: readonly { readonly timeMs: number; readonly state: BreakerState }[];
}
