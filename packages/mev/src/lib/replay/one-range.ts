import { allApart, type FeeRule, feeText } from "./constant-product.ts";
import { type ExactFit, fitExactly } from "./fit-exactly.ts";
import type { Window } from "./pool-states.ts";
import { SeenPrices } from "./seen-prices.ts";

/** A concentrated pool within one range of its ticks: the constant product of its virtual reserves. */
export interface OneRange extends ExactFit {
  /** The prices at which swaps took place. Nothing is known about the pool elsewhere. */
  readonly seen: SeenPrices;
}

/** The fees that pools of a program may charge, in millionths, rounded up. */
export interface PossibleFees {
  readonly millionths: readonly bigint[];
  /** Whether a pool may also charge its fee always in one of its tokens. */
  readonly inOneToken: boolean;
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
  const fits: ExactFit[] = [];
  let tooSmall = false;
  const rules = rulesOf(window, fees);
  for (const rule of rules) {
    const fit = fitExactly(rule, window, rules.length);
    if (fit === undefined) continue;
    if (fit === "too small" || leavesFeeOpen(fit, window, rules.length)) tooSmall = true;
    else fits.push(fit);
  }
  const [fit, other] = fits;
  if (tooSmall) return "the swaps are too small to determine the range's liquidity and the fee beyond doubt";
  if (fit === undefined)
    return "its swaps do not follow one range of liquidity at any fee of its program: they left the range, or the fee changed in between";
  if (other === undefined) return { ...fit, seen: new SeenPrices(fit.rule, window, fit.states) };
  return `its swaps fit both a fee of ${feeText(fit.rule)} and a fee of ${feeText(other.rule)}`;
}

function rulesOf({ swaps }: Window, { millionths, inOneToken }: PossibleFees): FeeRule[] {
  const tokens = [...new Set(swaps.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]))];
  return millionths.flatMap((fee) => [
    feeOnInput(fee),
    ...(inOneToken ? tokens.map((token) => feeInToken(fee, token)) : []),
  ]);
}

function feeOnInput(millionths: bigint): FeeRule {
  return { millionths, rounding: "charged", apart: allApart };
}

/**
 * On top of the input or out of the output, whichever is of this token.
 * Source: raydium-io/raydium-clmm, states/pool.rs `is_fee_on_input`, libraries/swap_math.rs.
 */
function feeInToken(millionths: bigint, token: string): FeeRule {
  return { ...feeOnInput(0n), aside: { millionths, token } };
}

/** A tenth of a basis point, in millionths. A fee that is off by this much must be detectable. */
const tellable = 10n;

/** Whether the swaps also fit a neighbouring fee. If so, the pool's fee may be one that is not tried. */
function leavesFeeOpen({ rule }: ExactFit, window: Window, candidates: number): boolean {
  return [-tellable, tellable].some((more) => {
    const { millionths, aside } = rule;
    const near =
      aside === undefined
        ? { ...rule, millionths: millionths + more }
        : { ...rule, aside: { ...aside, millionths: aside.millionths + more } };
    return fitExactly(near, window, candidates) !== undefined;
  });
}
