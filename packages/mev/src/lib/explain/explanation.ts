import type { Confidence, Verdict, VerdictEvidence, VerdictKind } from "../verdict/model.ts";

/**
 * A verdict on one trade and everything that it rests on, as plain data that JSON keeps. Amounts are decimal
 * strings, in atoms of their token; tips are lamports. null: not known.
 */
export interface Explanation {
  readonly trade: ExplainedTrade;
  readonly verdict: ExplainedVerdict;
  /** In words, why the confidence is what it is. */
  readonly why: string;
  /** What the facts below give if they are judged again, if that is not the verdict. */
  readonly judgedAgain: ExplainedVerdict | null;
  /** Where the facts below come from; null if there are none. */
  readonly source: FactSource | null;
  /** The slots that can hold a sandwich around the trade, ascending. */
  readonly slots: readonly ExplainedSlot[];
  /** The trade's pools. */
  readonly pools: readonly ExplainedPool[];
  /** What happened in these pools, in chain order: swaps, failed swaps, and swaps that cannot be read. */
  readonly swaps: readonly ExplainedSwap[];
  /** Swaps that are not listed, because they are too many. They are the farthest from the trade. */
  readonly swapsLeftOut: number;
  /** Round trips around the trade, and those of its attackers. */
  readonly roundTrips: readonly ExplainedRoundTrip[];
  /** The pools with and without the attackers, one entry for each swap of the trade that lost something. */
  readonly replays: readonly ExplainedReplay[];
  /** Who signed the swaps, and what was known of them when it was judged. */
  readonly signers: readonly ExplainedSigner[];
  /** What cannot be shown, and how to see it. */
  readonly notes: readonly string[];
}

/**
 * `aggregator`: the slots that a running aggregator holds for trades that wait. `log`: what was recorded of
 * the chain when the trade was judged. `blocks`: the blocks, read again. `log and blocks`: blocks where the
 * log has gaps.
 */
export type FactSource = "aggregator" | "log" | "blocks" | "log and blocks";

export interface ExplainedTrade {
  readonly id: string;
  readonly signature: string | null;
  /** Of several trades of one transaction. */
  readonly instruction: string | null;
  readonly traceId: string | null;
  /** End of the trade, ISO 8601. */
  readonly time: string | null;
  readonly status: string | null;
  readonly pair: string | null;
  readonly side: string | null;
  readonly sizeUsd: number | null;
  /** The slot, the protection and the tip that the trade names. */
  readonly namedSlot: number | null;
  readonly namedProtection: string | null;
  readonly namedTipLamports: number | null;
  readonly protection: string;
  readonly protectionSource: "named" | "tip" | null;
  /** Tips of its transaction, as the chain shows them; null if it was not found. */
  readonly tips: readonly ExplainedTip[] | null;
  /** A failed transaction offers tips and pays none. */
  readonly tipsPaid: boolean | null;
}

export interface ExplainedTip {
  /** null if an earlier version recorded only the sum. */
  readonly service: string | null;
  readonly lamports: string;
  /** The transaction that paid it, if it is another one. */
  readonly transaction: string | null;
}

export interface ExplainedVerdict {
  readonly verdict: VerdictKind;
  readonly state: "provisional" | "final";
  readonly confidence: Confidence;
  /** Why it is unknown. */
  readonly reason: string | null;
  readonly label: string | null;
  readonly loss: {
    readonly atoms: string;
    readonly token: string;
    readonly ratio: number;
    readonly residual: number;
    /** USD; null if the trade's size is not known. */
    readonly usd: number | null;
  } | null;
  /** Why the loss of an impacted trade is not known. */
  readonly lossReason: string | null;
  readonly evidence: readonly VerdictEvidence[];
  readonly attackers: readonly string[];
  readonly front: string | null;
  readonly back: string | null;
  readonly slot: number | null;
  readonly leader: string | null;
}

export interface ExplainedSlot {
  readonly slot: number;
  /**
   * `whole`: all of the block is known. `pools`: the trade's pools are. `skipped`: the chain has no block in
   * it. `missing`: the trade's pools are not all known; `reason` says why.
   */
  readonly seen: "whole" | "pools" | "skipped" | "missing";
  readonly reason: string | null;
  readonly leader: string | null;
  /** In the trade's pools. */
  readonly swaps: number;
  readonly failed: number;
  /** Swaps that cannot be read. */
  readonly unread: number;
}

export interface ExplainedPool {
  readonly pool: string;
  readonly protocol: string | null;
  readonly tokens: readonly string[];
}

export interface ExplainedSwap {
  readonly kind: "swap" | "failed" | "unread";
  /**
   * `own`: the trade's. `desk`: another one of the desk. Legs and victims are of round trips around the
   * trade. null: anything else.
   */
  readonly role: "own" | "front" | "back" | "victim" | "desk" | null;
  readonly id: string;
  readonly slot: number | null;
  readonly txIndex: number;
  readonly eventIndex: number;
  readonly signature: string;
  /** The fee payer. */
  readonly signer: string;
  /** Of the top-level instruction. */
  readonly program: string | null;
  readonly protocol: string;
  readonly pool: string | null;
  /** null unless `kind` is `swap`. */
  readonly swapped: {
    readonly tokenIn: string;
    readonly tokenOut: string;
    readonly amountIn: string;
    readonly amountOut: string;
    /** The pool's reserves before it. */
    readonly reserveIn: string | null;
    readonly reserveOut: string | null;
  } | null;
  /** Why it cannot be read. */
  readonly reason: string | null;
  readonly tips: readonly ExplainedTip[];
  readonly bundleId: string | null;
}

export interface ExplainedRoundTrip {
  readonly pool: string;
  /**
   * `sandwich`: counts. `luck`: it paid off, but by who made it, it counts as luck. `candidate`: it did not
   * pay off, or its amounts do not match.
   */
  readonly kind: "sandwich" | "luck" | "candidate";
  readonly label: string;
  /** Ids of swaps. */
  readonly fronts: readonly string[];
  readonly victims: readonly string[];
  readonly backs: readonly string[];
  readonly attackers: readonly string[];
  readonly profit: { readonly atoms: string; readonly token: string; readonly matched: number };
  readonly evidence: readonly { readonly kind: string; readonly detail: string }[];
}

export interface ExplainedReplay {
  readonly pool: string;
  /** Id of the trade's swap. */
  readonly swap: string;
  /** Where the pool's state and fee come from. */
  readonly state: string;
  readonly fee: string;
  readonly residual: number;
  /** Swaps from the first to the last leg that are not the attacker's, in chain order. Atoms received. */
  readonly received: readonly {
    readonly id: string;
    readonly observed: string;
    readonly replayed: string;
    readonly withoutAttacker: string;
  }[];
}

export interface ExplainedSigner {
  readonly signer: string;
  readonly role: "own" | "attacker" | null;
  /** In the trade's pools, in the slots above. */
  readonly swaps: number;
  readonly failed: number;
  /** Sandwiches that it was known for, and other swaps counted before; null if that is not known here. */
  readonly knownSandwiches: number | null;
  readonly knownSwaps: number | null;
}

/** Whether two verdicts say the same; one may be final and the other not yet. */
export function isSameVerdict(a: ExplainedVerdict, b: ExplainedVerdict): boolean {
  return a.verdict === b.verdict && a.confidence === b.confidence && a.loss?.atoms === b.loss?.atoms;
}

export function explainedVerdict(verdict: Verdict): ExplainedVerdict {
  const { loss } = verdict;
  return {
    verdict: verdict.verdict,
    state: verdict.state,
    confidence: verdict.confidence,
    reason: verdict.reason ?? null,
    label: verdict.label ?? null,
    loss: loss === null ? null : { ...loss, atoms: String(loss.atoms), usd: null },
    lossReason: verdict.lossReason ?? null,
    evidence: verdict.evidence,
    attackers: verdict.attackers,
    front: verdict.front ?? null,
    back: verdict.back ?? null,
    slot: verdict.slot,
    leader: verdict.leader,
  };
}
