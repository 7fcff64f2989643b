import type { Loss } from "../replay/loss.ts";
import type { Swap } from "../swaps/swap.ts";

/**
 * What a sandwich's shape amounts to. `shape_only`: the legs stand right, but nothing was earned by it or their amounts
 * do not match. `feasible`: it paid and the amounts match. `intentional`: feasible, and something independent of this
 * round trip says that it was meant.
 */
export type SandwichLabel = "shape_only" | "feasible" | "intentional";

export type EvidenceKind =
  | "link"
  | "profit"
  | "amounts"
  | "slots"
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
  /** Of all victims together; null with `lossReason`. */
  readonly loss: Loss | null;
  readonly lossReason?: string;
  /** By victim's id; empty where `loss` is null. */
  readonly victimLosses: ReadonlyMap<string, Loss>;
  /** Addresses known to act as one with the attacker, its signers first. */
  readonly attacker: readonly string[];
  readonly profit: Profit;
  readonly evidence: readonly Evidence[];
}

/** What the attacker's round trip left, before network fees and tips. */
export interface Profit {
  /** Atoms of `token`, what is left of the other token included at its price. Negative where it lost. */
  readonly atoms: bigint;
  /** The token that the front legs paid with. */
  readonly token: string;
  /** How much of the larger of bought and sold is matched by the other, 0 to 1. */
  readonly matched: number;
}

export interface Detection {
  /** Labels `feasible` and `intentional`, in order of their first leg. */
  readonly sandwiches: readonly Sandwich[];
  /** Label `shape_only`. They name at most `candidateVictims` victims each. */
  readonly candidates: readonly Sandwich[];
  /** Elementary steps that the search took: what its time is proportional to. */
  readonly steps: number;
}
