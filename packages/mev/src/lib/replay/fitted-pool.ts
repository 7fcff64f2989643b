import type { FeeRule } from "./constant-product.ts";
import type { PoolState } from "./pool-states.ts";
import type { SeenPrices } from "./seen-prices.ts";
import type { TwoRanges } from "./two-ranges.ts";

/** A pool's arithmetic and its state before each swap. Replaying the observed swaps reproduces them. */
export interface FittedPool {
  readonly rule: FeeRule;
  readonly states: readonly PoolState[];
  /** Largest relative error of that replay. */
  readonly residual: number;
  /** Where the state and the fee come from, as text. */
  readonly state: string;
  readonly fee: string;
  /** Other rules and states from which the swaps follow as well as from these. The residual covers them. */
  readonly others?: readonly Alternative[];
  /** For a pool known in two neighbouring ranges: these, instead of states. */
  readonly ranges?: TwoRanges;
  /** Whether the states differ from the pool's by no more than these. */
  readonly isExact?: boolean;
  /** For a pool known only at some prices: these prices. */
  readonly seen?: SeenPrices;
}

export type Alternative = Pick<FittedPool, "rule" | "states">;
