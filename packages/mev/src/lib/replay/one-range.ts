import { type FeeRule, feeText } from "./constant-product.ts";
import { type ExactFit, fitExactly } from "./fit-exactly.ts";
import type { Window } from "./pool-states.ts";
import { type PossibleFees, usualRangeRules, waysToCharge, withFeeHigherBy } from "./range-rules.ts";
import { SeenPrices } from "./seen-prices.ts";
import { toldFee } from "./told-fee.ts";

export const notOneRange =
  "its swaps do not follow one range of liquidity at any fee of its program: they left the range, or the fee changed in between";

/** A concentrated pool within one range of its ticks: the constant product of its virtual reserves. */
export interface OneRange extends ExactFit {
  /** The prices at which swaps took place. Nothing is known about the pool elsewhere. */
  readonly seen: SeenPrices;
  /** Whether slightly different fees fit as well. The residual covers them. */
  readonly isFeeRounded: boolean;
}

/**
 * While the price stays between two ticks, a concentrated pool with liquidity L at price p is a constant
 * product with the reserves L / sqrt p and L x sqrt p, which the fee does not enter. Each swap is a linear
 * equation in the two reserves before the window. Two swaps determine them; every further swap checks them
 * and the fee, as precisely as rounding allows. A swap that left the range, a change of liquidity in between
 * or a different fee would have to produce a result that rounding cannot distinguish from the true one. How
 * likely that is follows from how precisely the swaps can be checked; this decides whether the fit is
 * accepted.
 * @returns The pool, or why its swaps do not determine it.
 */
export function fitOneRange(window: Window, fees: PossibleFees): OneRange | string {
  if (window.swaps.length < 3) return "the range's liquidity is not given, and two swaps do not determine it";
  const usual = usualRangeRules(window, fees);
  const { fits, tooSmall } = fitsOf(usual, window, usual.length);
  const [fit, other] = fits;
  if (tooSmall) return "the swaps are too small to determine the range's liquidity and the fee beyond doubt";
  if (other !== undefined && fit !== undefined)
    return `its swaps fit both a fee of ${feeText(fit.rule)} and a fee of ${feeText(other.rule)}`;
  const found = fit === undefined ? fitToldFee(window, fees) : { ...fit, isFeeRounded: false };
  if (found !== undefined) return { ...found, seen: new SeenPrices(found.rule, window, found.states) };
  return notOneRange;
}

function fitsOf(
  rules: readonly FeeRule[],
  window: Window,
  candidates: number,
): { fits: ExactFit[]; tooSmall: boolean } {
  const fits: ExactFit[] = [];
  let tooSmall = false;
  for (const rule of rules) {
    const fit = fitExactly(rule, window, candidates);
    if (fit === undefined) continue;
    if (fit === "too small" || leavesFeeOpen(fit, window, candidates)) tooSmall = true;
    else fits.push(fit);
  }
  return { fits, tooSmall };
}

/**
 * A fee that is on no list: set by the pool's owner, or raised by how far the price has moved. Finding it takes
 * up one of the checks.
 */
function fitToldFee(window: Window, fees: PossibleFees): Omit<OneRange, "seen"> | undefined {
  const { any } = fees;
  if (any === undefined || window.swaps.length < 4) return undefined;
  const found = waysToCharge(window, fees).flatMap((way) => {
    const told = toldFee(window, way, any);
    if (told === undefined) return [];
    const near = Array.from({ length: 2 * Number(tellable) }, (_, i) => told + BigInt(i + 1) - tellable);
    const { fits, tooSmall } = fitsOf(near.filter((fee) => fee >= 0n).map(way), window, Number(any));
    return fits.length > 0 || tooSmall ? [{ fits, tooSmall }] : [];
  });
  const [one, other] = found;
  const fit = one?.fits[Math.floor(one.fits.length / 2)];
  if (one === undefined || other !== undefined || one.tooSmall || fit === undefined) return undefined;
  return { ...fit, others: one.fits.flatMap(({ others }) => others), isFeeRounded: one.fits.length > 1 };
}

/** A tenth of a basis point, in millionths. A fee that is off by this much must be detectable. */
const tellable = 10n;

/** Whether the swaps also fit a neighbouring fee. If so, the pool's fee may be one that is not tried. */
function leavesFeeOpen({ rule }: ExactFit, window: Window, candidates: number): boolean {
  return [-tellable, tellable].some(
    (more) => fitExactly(withFeeHigherBy(rule, more), window, candidates) !== undefined,
  );
}
