import type { Attempt } from "../sandwich/options.ts";
import type { Swap } from "../swaps/swap.ts";

/** Swaps that are searched together: a case of a file of cases, a file of events, or a block. */
export interface InputCase {
  readonly name: string;
  readonly swaps: readonly Swap[];
  /** Swaps that failed. Only a block knows of them. */
  readonly attempts: readonly Attempt[];
  /** What of the input could not be searched, for people. */
  readonly notes: readonly string[];
}
