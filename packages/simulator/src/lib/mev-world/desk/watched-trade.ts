import type { Protection } from "../../market/decisions.ts";
import type { OpenAttack, Victim } from "../attackers/open-attack.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { WorldPool } from "../pools/pool.ts";

/** What happens to one of the desk's trades on the chain: what its truth is judged by. */
export interface WatchedTrade {
  readonly id: string;
  readonly decision: {
    readonly pool: WorldPool;
    readonly buy: boolean;
    readonly protection: Protection;
  };
  /** Undefined where it never landed. */
  transaction: WorldTransaction | undefined;
  /** Whether it landed and gave nothing. */
  readonly reverted: boolean;
  /** Amid the legs of these. */
  readonly amid: { attack: OpenAttack; victim: Victim | undefined }[];
  /** The attack that was after it, landed or not. */
  hunted: OpenAttack | undefined;
  /** Attacks with legs in its pool within a few slots; how far away the nearest and the farthest of them stand. */
  readonly beside: { attack: OpenAttack; slots: number; farthest: number }[];
}
