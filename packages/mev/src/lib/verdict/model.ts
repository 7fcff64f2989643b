import type { SandwichLabel } from "../sandwich/model.ts";

/** A trade of the desk that is to be judged. */
export interface OwnTrade {
  /** Names the trade; told again with other details, the later ones hold. */
  readonly id: string;
  readonly signature: string;
  /**
   * The instruction that made the trade, as in a swap's id: "3" stands for all that instruction 3 called too. Undefined: all
   * swaps of the transaction.
   */
  readonly instruction?: string | undefined;
  /** null where it is not known (yet): the trade is found by its signature. */
  readonly slot: number | null;
  /** Whether it was hidden from the public until it landed (a bundle, a private node): see rule `protected`. */
  readonly isProtected?: boolean | undefined;
}

/**
 * - `impacted`: victim of a sandwich that paid (`feasible` or `intentional`).
 * - `avoided`: an actor with a record of sandwiches, or whose bundle encloses somebody, tried the trade's pool around it, and
 *   the trade lost nothing by it.
 * - `clean`: neither.
 * - `unknown`: a block, the transaction or a pool could not be read; `reason` says which.
 */
export type VerdictKind = "impacted" | "avoided" | "clean" | "unknown";

export type VerdictEvidenceKind =
  | "sandwich"
  | "attacker"
  | "bundle"
  | "failed_leg"
  | "round_trip"
  | "reverted"
  | "protected"
  | "open_front"
  | "candidate"
  | "route"
  | "slot"
  | "moved"
  | "state"
  | "fee";

/** `slot`: a block near it is missing; `moved`: it stands in another slot than it named. */
export interface VerdictEvidence {
  readonly kind: VerdictEvidenceKind;
  readonly detail: string;
}

/** What the trade lost to the attacker, by replay. */
export interface VerdictLoss {
  /** Atoms of `token` that the trade did not get. */
  readonly atoms: bigint;
  /** What the trade bought. */
  readonly token: string;
  /** Loss / what it would have got. */
  readonly ratio: number;
  /** Largest relative error of replaying what did happen. */
  readonly residual: number;
}

/** How sure a verdict is, given what was read. See docs/mev.md. */
export type Confidence = "high" | "medium" | "low";

export interface Verdict {
  readonly tradeId: string;
  readonly signature: string;
  /** Where the transaction stands; null where it was not found. */
  readonly slot: number | null;
  readonly verdict: VerdictKind;
  /** `final` verdicts never change. */
  readonly state: "provisional" | "final";
  readonly confidence: Confidence;
  /** Why it is `unknown`. */
  readonly reason?: string;
  /** Of the worst sandwich around it. */
  readonly label?: Exclude<SandwichLabel, "shape_only">;
  readonly loss: VerdictLoss | null;
  /** Why `loss` is null, of an `impacted` trade. */
  readonly lossReason?: string;
  readonly evidence: readonly VerdictEvidence[];
  /** Transactions of the first front leg and of the last back leg, of an `impacted` trade. */
  readonly front?: string;
  readonly back?: string;
  /** Addresses of those who attacked or tried to, their signers first. */
  readonly attackers: readonly string[];
  /** The pools that the trade went through, as far as they are known. */
  readonly pools: readonly string[];
  readonly leader: string | null;
}
