import type { Protection } from "../../market/decisions.ts";
import type { AttackerKind, Outcome } from "../attackers/kinds.ts";
import type { Urgency } from "../fees/urgency.ts";
import type { Lookalike } from "./lookalikes.ts";

/** What shows on the chain that an attack was meant, whatever it earned. */
export type AttackEvidence = "bundle" | "repeated" | "reverted_leg";

/**
 * - `impacted`: a victim of an attack that was completed.
 * - `avoided`: an attack that left evidence, on it or around it in its pool, came to nothing and cost it nothing; or it was
 *   protected, and an attacker whose intent shows hit another trade of its pool in those slots.
 * - `clean`: neither.
 */
export type TrueVerdict = "impacted" | "avoided" | "clean";

/** A trade as it truly was. Amounts: decimal strings, atoms. USD are doubles. */
export interface MevTradeTruth {
  readonly type: "trade";
  readonly id: string;
  readonly signature: string | null;
  /** Id of its swap event; null where it never landed or reverted. */
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
  /** `lost`: no leader took it before its deadline. */
  readonly status: "landed" | "reverted" | "lost";
  /** Slots from the decision on in which it was to be seen; null where it was lost. */
  readonly tries: number | null;
  /** Null where it was lost: there is nothing to judge. */
  readonly verdict: TrueVerdict | null;
  /** An attack on it failed, and it got less for it all the same: `clean` by the definition, and yet not untouched. */
  readonly disputed: boolean;
  readonly reason: string;
  /** The attack that made the verdict. */
  readonly attack: AttackMention | null;
  /** Whether that attack was after this trade; else it was after another of its pool. */
  readonly aimed: boolean;
  /** Every attack whose legs stand in its pool at most 3 slots away. `slots`: how far; 0 also where they enclose it. */
  readonly nearby: readonly (AttackMention & { readonly slots: number })[];
  /** Output lost to the legs of all attacks that it stood amid, and what it would have got; "0" and null where none. */
  readonly lossAtoms: string;
  readonly outWithoutAtoms: string | null;
  readonly lossRatio: number;
  readonly lossUsd: number;
  readonly lookalikes: readonly Lookalike[];
  /** Lamports; paid where it landed or reverted, else offered and not paid. */
  readonly priorityFeeLamports: number;
  readonly tipLamports: number;
  readonly congestion: number;
  /** Chance of an attack as it was drawn, for the slots in which it could be seen; 0 where an attack would not pay. */
  readonly attackChance: number;
  /** Of what the desk offered, before anything was known. */
  readonly expected: ValueTruth;
  /** The best that could be offered, knowing the congestion. */
  readonly oracle: ValueTruth;
}

export interface ValueTruth {
  /** Priority fee, or tip of a bundle, lamports. */
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
  /** Id of the desk's trade that it was after; null where it was somebody else's. */
  readonly target: string | null;
  /** Ids of swap events. */
  readonly fronts: readonly string[];
  readonly backs: readonly string[];
  /** Signatures of legs that reverted. */
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
  /** Atoms of what the front legs paid, network fees not deducted. */
  readonly profitAtoms: string;
  readonly evidence: readonly AttackEvidence[];
}
