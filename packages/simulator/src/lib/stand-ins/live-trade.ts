import type { Protection } from "../market/decisions.ts";
import type { WorldTransaction } from "../mev-world/chain/transaction.ts";
import type { WatchedTrade } from "../mev-world/desk/watched-trade.ts";
import type { WorldPool } from "../mev-world/pools/pool.ts";

/** One of the desk's transactions, from its acceptance by the chain until its surroundings are complete. */
export class LiveTrade implements WatchedTrade {
  /** Its signature. */
  readonly id: string;
  readonly decision: {
    readonly pool: WorldPool;
    readonly buy: boolean;
    readonly protection: Protection;
  };
  transaction: WorldTransaction | undefined;
  readonly amid: WatchedTrade["amid"] = [];
  hunted: WatchedTrade["hunted"];
  readonly beside: WatchedTrade["beside"] = [];

  constructor(id: string, decision: LiveTrade["decision"]) {
    this.id = id;
    this.decision = decision;
  }

  get reverted(): boolean {
    return this.transaction?.failed === true;
  }
}
