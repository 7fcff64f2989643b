import type { OpenAttack } from "../attackers/open-attack.ts";
import type { Schedule } from "../chain/slots.ts";
import type { TransactionDraft, WorldTransaction } from "../chain/transaction.ts";
import type { Names } from "../names.ts";

/** What traders in the world can do. */
export interface Stage {
  readonly schedule: Schedule;
  readonly names: Names;
  /** Number of completed attacks after which failing attackers begin to fail. Default: 0. */
  readonly practised?: number | undefined;
  /** The slot being built. */
  readonly slot: number;
  /**
   * Schedules an action at a position in this slot or a later one.
   * @param key Position in the block, 0 to 1. In this slot: not before the current action.
   */
  at(slot: number, key: number, action: () => void): void;
  /**
   * @param trade Id of the desk's trade, if it is one. @param adjacent Whether it directly follows the
   * previous one.
   */
  run(draft: TransactionDraft, trade?: string, adjacent?: boolean): WorldTransaction;
  /** An attack begins. */
  opened(attack: OpenAttack): void;
  /** An attack has ended. */
  closed(attack: OpenAttack): void;
}
