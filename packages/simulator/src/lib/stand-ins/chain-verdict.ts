import type { AttackMention, TrueVerdict } from "../mev-world/truth/model.ts";

/** What attackers actually did to one of the desk's transactions that landed. */
export interface ChainVerdict {
  readonly signature: string;
  readonly slot: number;
  readonly verdict: TrueVerdict;
  /** An attack on it failed, but it still received less. */
  readonly disputed: boolean;
  readonly reason: string;
  /** Output taken by the legs of attacks, in atoms, and as a share of what it would have received. */
  readonly lossAtoms: string;
  readonly lossRatio: number;
  /** The attack that led to the verdict. */
  readonly attack: AttackMention | null;
}
