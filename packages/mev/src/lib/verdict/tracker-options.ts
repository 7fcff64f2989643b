export interface TrackerOptions {
  /** How many slots a sandwich may span: that many slots on each side of a trade's are looked at. */
  readonly maxSlotDistance: number;
  /** Slots behind the newest one that are kept though no trade needs them: their trades may be told later. */
  readonly keepSlots: number;
  /** Slots behind the finalized one after which what is missing is given up. 9000 slots are an hour. */
  readonly giveUpSlots: number;
  /** Most trades that wait for their final verdict; beyond it the oldest are given up. */
  readonly maxTrades: number;
  /** Most swaps that are kept; beyond it the oldest slots go, and the trades that need them are given up. */
  readonly maxSwaps: number;
  /** Most addresses that are remembered for having made sandwiches, and most signers for how much they trade. */
  readonly maxActors: number;
  /** Most trades that are remembered for having a final verdict, so that they are not judged again. */
  readonly maxFinal: number;
  /** The desk's own wallets, beside those that its trades show. */
  readonly wallets: readonly string[];
}

export const defaultTrackerOptions: TrackerOptions = {
  maxSlotDistance: 3,
  keepSlots: 64,
  giveUpSlots: 9000,
  maxTrades: 50_000,
  maxSwaps: 500_000,
  maxActors: 20_000,
  maxFinal: 200_000,
  wallets: [],
};
