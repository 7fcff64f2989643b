import type { Attempt } from "../sandwich/options.ts";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { DecodedProgram, UndecodedProgram } from "../swaps/program-counts.ts";
import type { Swap } from "../swaps/swap.ts";

/** Swaps that are searched together: one case from a file of cases, a file of events, or a block. */
export interface InputCase {
  readonly name: string;
  readonly swaps: readonly Swap[];
  /** Failed swaps. Only blocks contain them. */
  readonly attempts: readonly Attempt[];
  /** What owners passed on to others. Only blocks contain it. */
  readonly transfers: readonly OwnerTransfer[];
  /** Human-readable notes on parts of the input that could not be searched. */
  readonly notes: readonly string[];
  /** Of a block: what was read of it, by program. */
  readonly programs?: CasePrograms;
}

export interface CasePrograms {
  readonly decoded: readonly DecodedProgram[];
  /** Programs that no decoder knows. */
  readonly unknown: readonly UndecodedProgram[];
}
