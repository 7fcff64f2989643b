import type { Loss, ReplayedLoss } from "../replay/loss.ts";
import type { Swap } from "../swaps/swap.ts";

/**
 * The label of a sandwich. `shape_only`: the legs are in the right order, but nothing was earned or their
 * amounts do not match. `feasible`: it paid off and the amounts match. `intentional`: feasible, with evidence
 * of intent that does not depend on this round trip.
 */
export type SandwichLabel = "shape_only" | "feasible" | "intentional";

export type EvidenceKind =
  | "link"
  | "profit"
  | "amounts"
  | "slots"
  | "edge"
  | "route"
  | "legs"
  | "victims"
  | "bundle"
  | "tip"
  | "repeated"
  | "attempts"
  | "wallets"
  | "record"
  | "state"
  | "fee";

export interface Evidence {
  readonly kind: EvidenceKind;
  readonly detail: string;
}

export interface Sandwich {
  readonly pool: string;
  /** In chain order, at least one each. */
  readonly fronts: readonly Swap[];
  readonly victims: readonly Swap[];
  readonly backs: readonly Swap[];
  readonly label: SandwichLabel;
  /** Loss of all victims together; null with `lossReason`. */
  readonly loss: Loss | null;
  readonly lossReason?: string;
  /** By victim id; empty if `loss` is null. */
  readonly victimLosses: ReadonlyMap<string, Loss>;
  /** Where the losses come from; absent if `loss` is null. */
  readonly replay?: ReplayedLoss;
  /** Addresses known to belong to the attacker, its signers first. */
  readonly attacker: readonly string[];
  readonly profit: Profit;
  readonly evidence: readonly Evidence[];
}

/** What the attacker's round trip earned, before network fees and tips. */
export interface Profit {
  /** Atoms of `token`, including the value of what is left of the other token. Negative for a loss. */
  readonly atoms: bigint;
  /** The token that the front run paid. */
  readonly token: string;
  /** Smaller / larger of the amounts bought and sold, 0 to 1. */
  readonly matched: number;
}

/** A swap that may be one leg of a sandwich whose other leg was not seen. */
export interface OpenLeg {
  readonly swap: Swap;
  readonly side: "front" | "back";
}

export interface Detection {
  /** Sandwiches with the labels `feasible` and `intentional`, in order of their first leg. */
  readonly sandwiches: readonly Sandwich[];
  /** Sandwiches with the label `shape_only`. They name at most `candidateVictims` victims each. */
  readonly candidates: readonly Sandwich[];
  /** Swaps of those attackers whose other leg may be before the first slot or after the last one. */
  readonly open: readonly OpenLeg[];
  /** Elementary steps of the search, proportional to its time. */
  readonly steps: number;
}
