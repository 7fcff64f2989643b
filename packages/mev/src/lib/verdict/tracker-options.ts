import { defaultWindow, windowSlots } from "../sandwich/window.ts";

export interface TrackerOptions {
  /**
   * Maximum number of slots that a sandwich may span. This many slots are read on each side of a trade's
   * slot.
   */
  readonly maxSlotDistance: number;
  /** Number of recent slots kept even if no trade needs them, because their trades may arrive later. */
  readonly keepSlots: number;
  /**
   * Number of slots behind the finalized one after which missing data are given up. 9000 slots are an hour.
   */
  readonly giveUpSlots: number;
  /** Maximum number of trades waiting for a final verdict. Beyond it, the oldest are given up. */
  readonly maxTrades: number;
  /**
   * Maximum number of swaps kept. Beyond it, the oldest slots are dropped, and the trades that need them are
   * given up.
   */
  readonly maxSwaps: number;
  /** Maximum number of pools of the desk in which swaps count for the record. */
  readonly maxPools: number;
  /** Maximum number of addresses remembered for sandwiches, and of signers remembered for their activity. */
  readonly maxActors: number;
  /** Maximum number of trades remembered as having a final verdict, so that they are not judged again. */
  readonly maxFinal: number;
  /** The desk's own wallets, in addition to those known from its trades. */
  readonly wallets: readonly string[];
}

export const defaultTrackerOptions: TrackerOptions = {
  maxSlotDistance: windowSlots(defaultWindow),
  keepSlots: 64,
  giveUpSlots: 9000,
  maxTrades: 50_000,
  maxSwaps: 500_000,
  maxPools: 256,
  maxActors: 20_000,
  maxFinal: 200_000,
  wallets: [],
};
