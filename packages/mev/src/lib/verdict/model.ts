import type { SandwichLabel } from "../sandwich/model.ts";
import type { PlacedTip } from "../swaps/swap.ts";
import type { VerdictBasis } from "./basis.ts";

/** A trade of the desk to be judged. */
export interface OwnTrade {
  /** Identifies the trade. If it is reported again with different details, the later ones apply. */
  readonly id: string;
  readonly signature: string;
  /**
   * The instruction that made the trade, as in a swap's id: "3" includes everything that instruction 3
   * called. If undefined, all swaps of the transaction.
   */
  readonly instruction?: string | undefined;
  /** null if unknown (so far): the trade is then found by its signature. */
  readonly slot: number | null;
  /**
   * Whether it was hidden from the public until it landed (a bundle, a private node): see rule `protected`.
   */
  readonly isProtected?: boolean | undefined;
  /** What the desk says of its offer, to be compared with what the chain shows. */
  readonly named?: NamedOffer | undefined;
}

export interface NamedOffer {
  /** `mev.protection`; null if the trade names none. */
  readonly protection: string | null;
  /** Tip in lamports; null if the trade names none. */
  readonly tipLamports: number | null;
}

/** The tips of a trade's transaction, as the chain shows them. */
export interface SeenTips {
  /** Lamports that were paid, or offered if the transaction failed. */
  readonly lamports: bigint;
  /**
   * By service, the most first. Empty if there are none, or if an earlier version recorded only their sum.
   */
  readonly tips: readonly PlacedTip[];
  /** Whether they were paid: a failed transaction pays no tip. */
  readonly isPaid: boolean;
}

/**
 * - `impacted`: victim of a sandwich that paid off (`feasible` or `intentional`).
 * - `avoided`: an actor with a record of sandwiches, or whose bundle encloses somebody, attacked around the
 *   trade in its pool, and the trade lost nothing.
 * - `clean`: neither.
 * - `unknown`: a block, the transaction or a pool could not be read; `reason` says which.
 */
export const verdictKinds = ["impacted", "avoided", "clean", "unknown"] as const;

export type VerdictKind = (typeof verdictKinds)[number];

export const verdictEvidenceKinds = [
  "sandwich",
  "attacker",
  "bundle",
  "failed_leg",
  "round_trip",
  "reverted",
  "protected",
  "open_front",
  "candidate",
  "route",
  "slot",
  "moved",
  "state",
  "fee",
  "tip",
] as const;

export type VerdictEvidenceKind = (typeof verdictEvidenceKinds)[number];

/**
 * `slot`: a nearby block is missing. `moved`: the transaction is in a different slot than the trade named.
 * `tip`: what landing services were paid, and how it differs from what the trade named.
 */
export interface VerdictEvidence {
  readonly kind: VerdictEvidenceKind;
  readonly detail: string;
}

/** What the trade lost to the attacker, computed by replay. */
export interface VerdictLoss {
  /** Atoms of `token` that the trade did not receive. */
  readonly atoms: bigint;
  /** The token that the trade bought. */
  readonly token: string;
  /** Loss / what it would have received. */
  readonly ratio: number;
  /** Largest relative error when the observed swaps are replayed. */
  readonly residual: number;
}

/** How certain a verdict is, given the data read. See docs/mev.md. */
export type Confidence = "high" | "medium" | "low";

export interface Verdict {
  readonly tradeId: string;
  readonly signature: string;
  /** Slot of the transaction; null if it was not found. */
  readonly slot: number | null;
  readonly verdict: VerdictKind;
  /** `final` verdicts never change. */
  readonly state: "provisional" | "final";
  readonly confidence: Confidence;
  /** Why the verdict is `unknown`. */
  readonly reason?: string;
  /** Label of the worst sandwich around the trade. */
  readonly label?: Exclude<SandwichLabel, "shape_only">;
  readonly loss: VerdictLoss | null;
  /** Why `loss` is null for an `impacted` trade. */
  readonly lossReason?: string;
  readonly evidence: readonly VerdictEvidence[];
  /** Transactions of the first front run and the last back run, for an `impacted` trade. */
  readonly front?: string;
  readonly back?: string;
  /** Addresses of those who attacked or tried to, signers first. */
  readonly attackers: readonly string[];
  /** The pools that the trade used, as far as known. */
  readonly pools: readonly string[];
  readonly leader: string | null;
  /** null if the transaction, or its tips, are not known. */
  readonly tips: SeenTips | null;
  /** What was known of those around it; absent if it is unknown, or if slots are missing. */
  readonly basis?: VerdictBasis;
}
