import type { BreakerState } from "../desk/breaker.ts";
import type { Protection } from "../market/decisions.ts";
import type { Side } from "../market/tokens.ts";
import type { ChainVerdict } from "../stand-ins/chain-verdict.ts";

/**
 * Why a trade failed. `refused`: by simulation or preflight, so it never landed. `slippage`: it landed and
 * reverted. `unexpected`: a bug in the simulator, which reports it.
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

/** A span inside a trade: an external call, or a stage that contains calls. */
export interface CallTruth {
  /** Name of the span. */
  readonly operation: string;
  /** The JSON-RPC method, if it is a JSON-RPC call. */
  readonly method: string | null;
  /** The database, if it is a write to one. */
  readonly store: string | null;
  readonly failed: boolean;
  /** Duration of the span. */
  readonly durationMs: number;
}

/**
 * One trade, exactly as it happened. Amounts are decimal strings in atoms of the output token. Unknown values
 * are null.
 */
export interface TradeTruth {
  readonly type: "trade";
  readonly id: string;
  readonly pair: string;
  readonly side: Side;
  readonly strategy: string;
  readonly protection: Protection;
  readonly status: "success" | "failed";
  readonly failure: FailureReason | null;
  /** Unix time of the desk's decision, and of the end of the trade's span. */
  readonly decidedAtMs: number;
  readonly endedAtMs: number;
  /** True if the network accepted the transaction. */
  readonly accepted: boolean;
  /** From the decision to acceptance; if the trade was never accepted, the duration of the span. */
  readonly latencyMs: number;
  /** Duration of the trade's span, including confirmation and store. */
  readonly durationMs: number;
  /** From the decision to confirmation; null if it was never confirmed. */
  readonly confirmMs: number | null;
  readonly sizeUsd: number;
  /** Rounded to micro-USD; null if the desk could not find out what the transaction returned. */
  readonly pnlUsd: number | null;
  readonly solUsd: number;
  /** Atoms of the input token. */
  readonly amountIn: string;
  readonly quotedOut: string | null;
  readonly minOut: string | null;
  readonly actualOut: string | null;
  readonly toleranceBps: number;
  /** 1e4 x (quoted - actual) / quoted; a positive value is worse than quoted. */
  readonly slippageBps: number | null;
  readonly signature: string | null;
  readonly slot: number | null;
  readonly computeUnitLimit: number | null;
  readonly computeUnitPrice: number;
  /** Fees and tip paid; null if the transaction never landed or the desk could not find out. */
  readonly priorityFeeLamports: number | null;
  readonly baseFeeLamports: number | null;
  readonly jitoTipLamports: number | null;
  readonly jitoBundleId: string | null;
  readonly calls: readonly CallTruth[];
}

/** What attackers actually did to a trade that landed. Known some slots after the trade. */
export interface VerdictTruth extends ChainVerdict {
  readonly type: "verdict";
  /** Id of the trade. */
  readonly id: string;
  readonly pair: string;
  readonly protection: Protection;
  /** For an impacted trade, its loss ratio times its size; otherwise 0. */
  readonly lossUsd: number;
}

/** Verdicts over all landed trades whose surroundings are complete. */
export interface MevTotals {
  readonly impacted: number;
  readonly avoided: number;
  readonly clean: number;
  /** Loss of the impacted trades, in USD. */
  readonly lossUsd: number;
}

export interface CallTotals {
  readonly count: number;
  readonly failed: number;
}

export interface Outcomes {
  readonly success: number;
  readonly failed: number;
}

/** Sums over all ended trades. */
export interface Totals {
  readonly trades: number;
  /** Trades and their calls. */
  readonly spans: number;
  readonly success: number;
  readonly failed: number;
  readonly failures: Readonly<Partial<Record<FailureReason, number>>>;
  /** Decisions without a trade: the breaker was open, or too many trades were in flight. */
  readonly heldBack: { readonly breaker: number; readonly limit: number };
  readonly sizeUsd: number;
  readonly pnlUsd: number;
  readonly priorityFeesLamports: number;
  readonly baseFeesLamports: number;
  readonly tipsLamports: number;
  readonly mev: MevTotals;
  /** By pair and by side. */
  readonly pairs: Readonly<Record<string, Readonly<Record<Side, Outcomes>>>>;
  /** By span name. */
  readonly calls: Readonly<Record<string, CallTotals>>;
  /** The last thousand changes of the circuit breaker, with Unix time. */
  readonly breaker: readonly { readonly timeMs: number; readonly state: BreakerState }[];
}
