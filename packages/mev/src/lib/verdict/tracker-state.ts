import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { AttemptedSwap, Swap, UndecodedSwap } from "../swaps/swap.ts";
import type { ActivityEntry } from "./activity.ts";
import type { ActorEntry } from "./actor-book.ts";
import type { OwnTrade } from "./model.ts";
import type { OtherTransaction } from "./slot-swaps.ts";

/** Increased with every change of what `VerdictTracker.save` writes. */
export const trackerStateVersion = 2;

/** The complete state of a tracker, as plain data for structured clone. */
export interface TrackerState {
  readonly version: number;
  readonly newest: number;
  readonly finalized: number;
  /** The newest slot whose trades were judged in their turn. */
  readonly passed: number;
  readonly trades: readonly WaitingTrade[];
  /** Ids of trades with a final verdict, oldest first. */
  readonly final: readonly string[];
  readonly slots: readonly SlotState[];
  readonly actors: readonly (readonly [address: string, entry: ActorEntry])[];
  readonly activity: readonly (readonly [signer: string, entry: ActivityEntry])[];
  /** Signers of the desk, with the first slot in which they traded. */
  readonly own: readonly (readonly [signer: string, since: number])[];
  /** Pools that the desk trades in, those used last at the end. */
  readonly pools: readonly string[];
  readonly dirty: readonly number[];
  readonly unplaced: readonly string[];
  readonly gaveUp: number;
}

/** A trade without a final verdict. */
export interface WaitingTrade {
  readonly trade: OwnTrade;
  /**
   * The slot in which its transaction was found; otherwise the slot given by the trade; null if neither is
   * known.
   */
  readonly slot: number | null;
  /** The newest slot when the trade arrived. If its slot is unknown, it ages from then on. */
  readonly since: number;
  /** Its verdict when it was last taken; "" before. */
  readonly taken: string;
}

export interface SlotState {
  readonly slot: number;
  readonly pools: readonly string[] | "all" | null;
  readonly leader: string | null;
  /** Absent in states of version 1: then it has one if anything is known. */
  readonly hasBlock?: boolean;
  /** Absent in states of version 1. */
  readonly skipped?: readonly number[];
  readonly failure: string | null;
  readonly swaps: readonly Swap[];
  readonly attempted: readonly AttemptedSwap[];
  readonly undecoded: readonly UndecodedSwap[];
  readonly others: readonly OtherTransaction[];
  /** States of earlier versions have none. */
  readonly transfers?: readonly OwnerTransfer[] | undefined;
  readonly searched: readonly string[];
}
