import type { AttemptedSwap, Swap } from "@slipstream/mev";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { TradeSpan } from "../desk/span.ts";
import type { AttackTruth, MevTradeTruth } from "../truth/model.ts";

/** A slot in which something happened that matters here; the others hold nothing but what nobody asked for. */
export interface SlotRecord {
  readonly slot: number;
  /** Unix time of its beginning, ms. */
  readonly timeMs: number;
  /** Identity of its leader. */
  readonly leader: string;
  /** False: no block was made. Trades may end in it all the same. */
  readonly hasBlock: boolean;
  /** Those that swap or tried to, in order; what lies between them is votes. */
  readonly transactions: readonly WorldTransaction[];
  readonly swaps: readonly Swap[];
  /** Swaps of failed transactions. */
  readonly failed: readonly AttemptedSwap[];
  /** The desk's trades that ended in this slot. */
  readonly trades: readonly TradeSpan[];
  /** Truth of trades whose surroundings are over: a few slots after their end. */
  readonly truths: readonly MevTradeTruth[];
  /** Attacks whose last leg is in. */
  readonly attacks: readonly AttackTruth[];
}
