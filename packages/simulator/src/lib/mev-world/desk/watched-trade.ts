import type { Protection } from "../../market/decisions.ts";
import type { OpenAttack, Victim } from "../attackers/open-attack.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { WorldPool } from "../pools/pool.ts";

/** What happens to one of the desk's trades on the chain. Its truth is determined from this. */
export interface WatchedTrade {
  readonly id: string;
  readonly decision: {
    readonly pool: WorldPool;
    readonly buy: boolean;
    readonly protection: Protection;
  };
  /** Undefined if it never landed. */
  transaction: WorldTransaction | undefined;
  /** Whether it landed without any output. */
  readonly reverted: boolean;
  /** Attacks between whose legs it landed. */
  readonly amid: { attack: OpenAttack; victim: Victim | undefined }[];
  /** The attack that targeted it, landed or not. */
  hunted: OpenAttack | undefined;
  /**
   * Attacks with legs in its pool within a few slots, with the distance of the nearest and the farthest leg.
   */
  readonly beside: { attack: OpenAttack; slots: number; farthest: number }[];
}
