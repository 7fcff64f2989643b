import { publicRouters } from "@slipstream/solana";
import type { Swap } from "../swaps/swap.ts";

/** A round trip around somebody's swap that paid off. */
export interface PaidTrip {
  readonly fronts: readonly Swap[];
  readonly backs: readonly Swap[];
  readonly isBundled: boolean;
  /** Whether there is evidence of intent beyond the round trip itself. */
  readonly isIntentional: boolean;
}

/** How much a signer traded. */
export interface TradeCounts {
  /** Swaps that are neither legs of sandwiches nor arbitrage by themselves. */
  readonly swaps: number;
  readonly sandwiches: number;
}

/** With at least this many swaps, a signer is known well enough to be called a trader. */
const leastSwaps = 12;
/** Number of other swaps per sandwich from which on the sandwiches are a trader's luck. */
const tradersShare = 8;

/** Whether a signer trades so much that its sandwiches are luck. */
export function isTrader({ swaps, sandwiches }: TradeCounts): boolean {
  return swaps >= leastSwaps && swaps > tradersShare * sandwiches;
}

/**
 * Why a round trip counts as luck although it paid off; undefined if it does not. Applies only if one signer made it openly:
 * wallets that hide each other, or a bundle, are not luck.
 */
export function luckOf(trip: PaidTrip, countsOf: (signer: string) => TradeCounts): string | undefined {
  const signer = plainSigner(trip);
  if (signer === undefined) return undefined;
  const known = countsOf(signer);
  if (isTrader(known)) return "a trader active enough for this to be luck";
  const isOnce = !trip.isIntentional && known.sandwiches <= 1;
  return isOnce && isAcross(trip) && isRouted(trip)
    ? "once, through a router and over several slots: there is no evidence of intent"
    : undefined;
}

/** The one signer of all legs; undefined if several wallets or a bundle were used. */
function plainSigner({ fronts, backs, isBundled }: PaidTrip): string | undefined {
  const [first, ...others] = [...fronts, ...backs].map(({ signer }) => signer);
  return !isBundled && others.every((signer) => signer === first) ? first : undefined;
}

function isAcross({ fronts, backs }: PaidTrip): boolean {
  return fronts[0]?.slot !== backs.at(-1)?.slot;
}

function isRouted({ fronts, backs }: PaidTrip): boolean {
  return [...fronts, ...backs].every(({ program }) => program !== undefined && publicRouters.has(program));
}
