import type { AttemptedSwap, Swap, UndecodedSwap } from "../swaps/swap.ts";
import type { ActivityEntry } from "./activity.ts";
import type { ActorEntry } from "./actor-book.ts";
import type { OwnTrade } from "./model.ts";
import type { OtherTransaction } from "./slot-swaps.ts";

/** Raised with any change of what `VerdictTracker.save` writes. */
export const trackerStateVersion = 1;

/** Everything that a tracker holds, as plain data for structured clone. */
export interface TrackerState {
  readonly version: number;
  readonly newest: number;
  readonly finalized: number;
  /** The finalized slot when verdicts were last taken. */
  readonly taken: number;
  readonly trades: readonly WaitingTrade[];
  /** Ids of trades with a final verdict, oldest first. */
  readonly final: readonly string[];
  readonly slots: readonly SlotState[];
  readonly actors: readonly (readonly [address: string, entry: ActorEntry])[];
  readonly activity: readonly (readonly [signer: string, entry: ActivityEntry])[];
  readonly own: readonly string[];
  readonly dirty: readonly number[];
  readonly unplaced: readonly string[];
  readonly gaveUp: number;
}

/** A trade that has no final verdict. */
export interface WaitingTrade {
  readonly trade: OwnTrade;
  /** Where its transaction was found; else what the trade says; null where neither is known. */
  readonly slot: number | null;
  /** The newest slot when it was told: from then on it ages, where its slot is not known. */
  readonly since: number;
  /** What its verdict was when it was last taken; "" before. */
  readonly taken: string;
}

export interface SlotState {
  readonly slot: number;
  readonly pools: readonly string[] | "all" | null;
  readonly leader: string | null;
  readonly failure: string | null;
  readonly swaps: readonly Swap[];
  readonly attempted: readonly AttemptedSwap[];
  readonly undecoded: readonly UndecodedSwap[];
  readonly others: readonly OtherTransaction[];
  readonly searched: readonly string[];
}
