import { allApart, feeText } from "./constant-product.ts";
import { type ExactFit, fitExactly } from "./fit-exactly.ts";
import type { Window } from "./pool-states.ts";
import { SeenPrices } from "./seen-prices.ts";

/** A concentrated pool within one range of its ticks: the constant product of its virtual reserves. */
export interface OneRange extends ExactFit {
  /** Where the swaps went: nothing is known of the pool elsewhere. */
  readonly seen: SeenPrices;
}

/**
 * As long as the price stays between two ticks, a concentrated pool of liquidity L at price p is a constant product
 * of reserves L / sqrt p and L x sqrt p, which the fee does not enter. Each swap is a linear equation in the two reserves before
 * the window, two give them, and each further one checks them and the fee, to what rounding allows and no further.
 * A swap that left the range, a change of liquidity between or another fee would have to give what rounding cannot tell
 * from the truth; how likely that is follows from how exactly the swaps can be checked, and decides.
 * @param fees Millionths of the input, rounded up: those that the program's pools may charge.
 * @returns The pool, or why its swaps do not tell it.
 */
export function fitOneRange(window: Window, fees: readonly bigint[]): OneRange | string {
  if (window.swaps.length < 3) return "the range's liquidity is not given, and two swaps do not tell it";
  const fits: ExactFit[] = [];
  let tooSmall = false;
  for (const millionths of fees) {
    const fit = fitExactly({ millionths, rounding: "charged", apart: allApart }, window, fees.length);
    if (fit === undefined) continue;
    if (fit === "too small" || leavesFeeOpen(fit, window, fees.length)) tooSmall = true;
    else fits.push(fit);
  }
  const [fit, other] = fits;
  if (tooSmall) return "the swaps are too small to tell a range's liquidity and the fee beyond doubt";
  if (fit === undefined) return "its swaps do not follow one range of liquidity at a fee of its program";
  if (other === undefined) return { ...fit, seen: new SeenPrices(fit.rule, window, fit.states) };
  return `its swaps fit fees of ${feeText(fit.rule)} and of ${feeText(other.rule)}`;
}

/** A tenth of a basis point, in millionths: a fee that is off by as much must show. */
const tellable = 10n;

/** Whether the swaps fit a fee beside as well: then another one than those that are tried may be the pool's. */
function leavesFeeOpen({ rule }: ExactFit, window: Window, candidates: number): boolean {
  return [rule.millionths - tellable, rule.millionths + tellable].some(
    (millionths) => fitExactly({ ...rule, millionths }, window, candidates) !== undefined,
  );
}
