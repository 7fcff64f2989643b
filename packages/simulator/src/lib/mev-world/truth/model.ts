import type { Protection } from "../../market/decisions.ts";
import type { AttackerKind, Outcome } from "../attackers/kinds.ts";
import type { Urgency } from "../fees/urgency.ts";
import type { Lookalike } from "./lookalikes.ts";

/** Evidence on the chain that an attack was intended, whatever it earned. */
export type AttackEvidence = "bundle" | "repeated" | "reverted_leg";

/**
 * - `impacted`: victim of a completed attack.
 * - `avoided`: an attack that left evidence, on the trade or around it in its pool, failed and cost the trade
 *   nothing; or the trade was protected, and an attacker with evidence of intent hit another trade of its
 *   pool in those slots.
 * - `clean`: neither.
 */
export type TrueVerdict = "impacted" | "avoided" | "clean";

/** The ground truth of a trade. Amounts are decimal strings in atoms; USD values are doubles. */
export interface MevTradeTruth {
  readonly type: "trade";
  readonly id: string;
  readonly signature: string | null;
  /** Id of its swap event; null if it never landed or reverted. */
  readonly swap: string | null;
  readonly slot: number | null;
  readonly leader: string | null;
  readonly pair: string;
  readonly pool: string;
  readonly protocol: string;
  readonly side: "buy" | "sell";
  readonly sizeUsd: number;
  readonly toleranceBps: number;
  readonly urgency: Urgency;
  readonly protection: Protection;
  readonly policy: string;
  /** `lost`: no leader included it before its deadline. */
  readonly status: "landed" | "reverted" | "lost";
  /** Number of slots from the decision on in which it was visible; null if it was lost. */
  readonly tries: number | null;
  /** null if it was lost: there is nothing to judge. */
  readonly verdict: TrueVerdict | null;
  /** An attack on it failed, but the trade still received less: `clean` by definition, but not untouched. */
  readonly disputed: boolean;
  readonly reason: string;
  /** The attack that led to the verdict. */
  readonly attack: AttackMention | null;
  /** Whether this trade was the target of that attack; otherwise the target was another trade of its pool. */
  readonly aimed: boolean;
  /**
   * All attacks with legs in its pool at most 3 slots away. `slots` is the distance; it is also 0 if they
   * enclose the trade.
   */
  readonly nearby: readonly (AttackMention & { readonly slots: number })[];
  /**
   * Output lost to the legs of all attacks around it, and what it would have received; "0" and null if there
   * were none.
   */
  readonly lossAtoms: string;
  readonly outWithoutAtoms: string | null;
  readonly lossRatio: number;
  readonly lossUsd: number;
  readonly lookalikes: readonly Lookalike[];
  /** Lamports; paid if it landed or reverted, otherwise offered but not paid. */
  readonly priorityFeeLamports: number;
  readonly tipLamports: number;
  readonly congestion: number;
  /**
   * The probability with which an attack was drawn, over the slots in which the trade was visible; 0 if an
   * attack would not pay off.
   */
  readonly attackChance: number;
  /** Value of the desk's bid, before anything was known. */
  readonly expected: ValueTruth;
  /** The best possible bid, given the congestion. */
  readonly oracle: ValueTruth;
}

export interface ValueTruth {
  /** Priority fee, or tip for a bundle, in lamports. */
  readonly bidLamports: number;
  readonly usd: number;
  readonly landing: number;
  readonly attack: number;
}

export interface AttackMention {
  readonly id: string;
  readonly attacker: string;
  readonly kind: AttackerKind;
  readonly outcome: Outcome;
}

export interface AttackTruth extends AttackMention {
  readonly type: "attack";
  readonly pool: string;
  readonly pair: string;
  /** Id of the desk's trade that was the target; null if the target was somebody else's. */
  readonly target: string | null;
  /** Ids of swap events. */
  readonly fronts: readonly string[];
  readonly backs: readonly string[];
  /** Signatures of the legs that reverted. */
  readonly reverted: readonly string[];
  readonly victims: readonly {
    readonly swap: string;
    readonly trade: string | null;
    readonly lossAtoms: string;
  }[];
  readonly firstSlot: number;
  readonly lastSlot: number;
  readonly sameLeader: boolean;
  readonly signers: readonly string[];
  readonly bundleId: string | null;
  readonly tipLamports: string;
  /** Atoms of the token that the front run paid, before network fees. */
  readonly profitAtoms: string;
  readonly evidence: readonly AttackEvidence[];
}
