import type { Sandwich } from "../sandwich/model.ts";
import type { AttemptedSwap, Swap, SwapPlace } from "../swaps/swap.ts";
import type { ActivityView } from "./activity.ts";
import type { ActorView } from "./actor-book.ts";

/** A swap of the desk, or a swap attempt that reverted. */
export interface Target {
  readonly place: SwapPlace;
  readonly pool: string;
  /** Undefined if the swap failed. */
  readonly swap: Swap | undefined;
  readonly isProtected: boolean;
}

/** A set of signers. */
export interface Signers {
  has(signer: string): boolean;
}

/** Swaps of others in a pool, without legs of found sandwiches and without arbitrage. */
export interface PossibleLegs {
  /** Those with an address of which earlier sandwiches are known, in chain order. */
  readonly known: readonly Swap[];
  /** The first and the last of each bundle that encloses somebody. */
  readonly bundled: ReadonlyMap<string, readonly [Swap, Swap]>;
}

export interface Around {
  readonly view: ActorView;
  readonly activity: ActivityView;
  /** Signers of the desk, which does not attack itself. */
  readonly own: Signers;
  /** Swaps of the window, in chain order. */
  swapsIn(pool: string): readonly Swap[];
  attemptsIn(pool: string): readonly AttemptedSwap[];
  /** What may be legs of attacks in a pool. The same for all trades of a slot, so it is found once. */
  legsIn(pool: string): PossibleLegs;
  /** The swap and those that transfers between wallets link to it. */
  linkedTo(swap: Swap): readonly Swap[];
  /** Swaps that are arbitrage by themselves. */
  readonly arbitrages: ReadonlySet<string>;
  readonly sandwiches: readonly Sandwich[];
  /** Whether a leg in this slot may be the last one of a sandwich that began before the window. */
  mayEndEarlier(slot: number): boolean;
}
