import type { AttackMention, TrueVerdict } from "../mev-world/truth/model.ts";

/** What attackers truly did to one of the desk's transactions that landed. */
export interface ChainVerdict {
  readonly signature: string;
  readonly slot: number;
  readonly verdict: TrueVerdict;
  /** An attack on it failed, and it got less for it all the same. */
  readonly disputed: boolean;
  readonly reason: string;
  /** Output that the legs of attacks took, atoms, and as a share of what it would have got. */
  readonly lossAtoms: string;
  readonly lossRatio: number;
  /** The attack that made the verdict. */
  readonly attack: AttackMention | null;
}
