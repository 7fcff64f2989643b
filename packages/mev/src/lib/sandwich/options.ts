/** A swap that failed, as far as it tells of intent. */
export interface Attempt {
  readonly signer: string;
  readonly pool: string | null;
  readonly slot: number | null;
}

export interface DetectOptions {
  /**
   * How many slots the last back leg may lie behind the first front leg. A leader has four slots in a row, so two
   * slots of one turn are at most 3 apart; without the leader's name that is the widest window that holds every sandwich
   * within one turn. Pools on EVM chains: always 0, a block has its own proposer.
   * Source: NUM_CONSECUTIVE_LEADER_SLOTS, https://solana.com/docs/core/clusters
   */
  readonly maxSlotDistance: number;
  /**
   * How many swaps of the pool may lie between the first and the last leg. A sandwich stands around its victims; who buys
   * and sells around a crowd holds a position. It also bounds the work where everybody trades at once.
   */
  readonly maxSwapsBetween: number;
  /** The leader of a slot, where it is known: legs under different leaders are then no sandwich. */
  readonly leaderOf: (slot: number) => string | undefined;
  /** Failed swaps: evidence of intent. */
  readonly attempts: readonly Attempt[];
  /** Further programs and addresses that many people trade through: they never link two legs. */
  readonly routers: ReadonlySet<string>;
  /** Whether to replay the pools for the victims' losses. */
  readonly losses: boolean;
}

export const defaultDetectOptions: DetectOptions = {
  maxSlotDistance: 3,
  maxSwapsBetween: 250,
  leaderOf: () => undefined,
  attempts: [],
  routers: new Set(),
  losses: true,
};

/** At most so many victims of a candidate are named, or a pool of 10,000 swaps would list millions. */
export const candidateVictims = 16;
