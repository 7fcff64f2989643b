import { isMatched } from "../sandwich/amounts.ts";
import { type AttemptedSwap, inChainOrder, type Swap, type SwapPlace } from "../swaps/swap.ts";

/** Thousandths of bought and sold that match: what the detector asks of legs that nothing but a bundle links. */
const matched = 990n;

/**
 * Legs of bundles that were put around somebody, by bundle: the first and the last swap of it in a pool buy and sell the same
 * amount, and somebody else's swap, or attempt at one, stands between. Only who made the bundle could order them so, whatever it
 * earned. Who buys and sells in a bundle around nobody shows no such intent.
 * @param legs Those that may be legs, in chain order.
 * @param others All swaps and attempts of the pool.
 */
export function bundledLegs(
  legs: readonly Swap[],
  others: readonly (Swap | AttemptedSwap)[],
): Map<string, readonly [Swap, Swap]> {
  const ends = new Map<string, { first: Swap; last: Swap }>();
  for (const leg of legs) {
    const { bundleId } = leg;
    if (bundleId !== undefined) ends.set(bundleId, { first: ends.get(bundleId)?.first ?? leg, last: leg });
  }
  const around = new Map<string, readonly [Swap, Swap]>();
  for (const [bundle, { first, last }] of ends) {
    if (isRoundTrip(first, last) && others.some((place) => isBetween(first, place, last))) {
      around.set(bundle, [first, last]);
    }
  }
  return around;
}

function isRoundTrip(first: Swap, last: Swap): boolean {
  const isOpposite = first.tokenIn === last.tokenOut && first.tokenOut === last.tokenIn;
  return isOpposite && isMatched(first.amountOut, last.amountIn, matched);
}

/** Somebody else's, in a transaction between the legs'. */
function isBetween(first: SwapPlace, place: SwapPlace, last: SwapPlace): boolean {
  const isOthers = [first, last].every(
    ({ signature, signer }) => place.signature !== signature && place.signer !== signer,
  );
  return isOthers && inChainOrder(first, place) < 0 && inChainOrder(place, last) < 0;
}
