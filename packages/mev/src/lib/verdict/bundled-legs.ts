import { isMatched } from "../sandwich/amounts.ts";
import { type AttemptedSwap, inChainOrder, type Swap, type SwapPlace } from "../swaps/swap.ts";

/**
 * Minimum match between the amounts bought and sold, in thousandths. The detector requires the same for legs
 * linked only by a bundle.
 */
const matched = 990n;

/**
 * Legs of bundles that enclose somebody, by bundle: the bundle's first and last swap in a pool buy and sell
 * the same amount, with somebody else's swap or attempt in between. Only the bundle's creator could order
 * them this way, whatever it earned. Buying and selling in a bundle around nobody does not show such intent.
 * @param legs The possible legs, in chain order.
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

/** Whether it is somebody else's, in a transaction between those of the legs. */
function isBetween(first: SwapPlace, place: SwapPlace, last: SwapPlace): boolean {
  const isOthers = [first, last].every(
    ({ signature, signer }) => place.signature !== signature && place.signer !== signer,
  );
  return isOthers && inChainOrder(first, place) < 0 && inChainOrder(place, last) < 0;
}
