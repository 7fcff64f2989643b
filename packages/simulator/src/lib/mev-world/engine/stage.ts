import type { OpenAttack } from "../attackers/open-attack.ts";
import type { Schedule } from "../chain/slots.ts";
import type { TransactionDraft, WorldTransaction } from "../chain/transaction.ts";
import type { Names } from "../names.ts";

/** What those who trade in the world can do. */
export interface Stage {
  readonly schedule: Schedule;
  readonly names: Names;
  /** Attackers who often fail begin to after so many completed attacks. Default: 0. */
  readonly practised?: number | undefined;
  /** The slot that is being built. */
  readonly slot: number;
  /**
   * Does something at a place of a slot, this one or a later one.
   * @param key Place in the block, 0 to 1. In this slot: not before what is done at the moment.
   */
  at(slot: number, key: number, action: () => void): void;
  /** @param trade Id of the desk's trade that it is. @param adjacent Nothing comes between it and the one before. */
  run(draft: TransactionDraft, trade?: string, adjacent?: boolean): WorldTransaction;
  /** An attack begins. */
  opened(attack: OpenAttack): void;
  /** An attack is over. */
  closed(attack: OpenAttack): void;
}
