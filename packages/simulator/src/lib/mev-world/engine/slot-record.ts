import type { AttemptedSwap, OwnerTransfer, Swap } from "@slipstream/mev";
import type { Unread } from "../chain/form.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { TradeSpan } from "../desk/span.ts";
import type { AttackTruth, MevTradeTruth } from "../truth/model.ts";

/** A swap that nobody decodes, or for `hop` one whose route goes on where nobody reads it. */
export interface UnreadTruth {
  readonly signature: string;
  /** Pools in which the transaction swapped. */
  readonly pools: readonly string[];
  readonly kind: Unread;
}

/** A slot in which something relevant happened. All other slots contain only filler. */
export interface SlotRecord {
  readonly slot: number;
  /** Unix time of its start, in ms. */
  readonly timeMs: number;
  /** Identity of its leader. */
  readonly leader: string;
  /** False if no block was produced. Trades may still end in the slot. */
  readonly hasBlock: boolean;
  /** Transactions that swap or tried to, in order. Votes lie in between. */
  readonly transactions: readonly WorldTransaction[];
  /** Those that a reader of the block can read. */
  readonly swaps: readonly Swap[];
  /** Those that nobody decodes. */
  readonly unread: readonly UnreadTruth[];
  /** What owners passed on to others. */
  readonly transfers: readonly OwnerTransfer[];
  /** Swaps of failed transactions. */
  readonly failed: readonly AttemptedSwap[];
  /** The desk's trades that ended in this slot. */
  readonly trades: readonly TradeSpan[];
  /** Truth of trades whose surroundings are complete, a few slots after their end. */
  readonly truths: readonly MevTradeTruth[];
  /** Attacks whose last leg has landed. */
  readonly attacks: readonly AttackTruth[];
}
