import { type FeeRule, grossOutput, netInput } from "./constant-product.ts";
import { isForward, type PoolState, type Window } from "./pool-states.ts";
import { stateAfter } from "./replay-error.ts";

/** A pool's state before the first swap, inferred from the swaps' outputs. */
export interface InferredState {
  /** Undefined if no positive reserves fit. */
  readonly state: PoolState | undefined;
  /**
   * Relative error of the reserves that rounding to atoms allows. A loss replayed from them has the same
   * error.
   */
  readonly uncertainty: number;
}

/** Maximum number of swaps from which every pair is tried for solving. More would add only cost. */
const mostEquations = 10;

/**
 * With a known fee, each swap is a linear equation in the two reserves before the window:
 * out (R_in + net) = R_out net, with R_in and R_out shifted by the swaps before it.
 * Two swaps determine the reserves; the pair least affected by rounding is used. The other swaps verify the
 * result, so fewer than three swaps prove nothing.
 */
export function inferState(rule: FeeRule, window: Window): InferredState {
  const best = steadiest(equationsOf(rule, window));
  if (best === undefined) return { state: undefined, uncertainty: Number.POSITIVE_INFINITY };
  return { state: solve(best.a, best.b), uncertainty: best.uncertainty };
}

/** Two equations to solve. */
export interface EquationPair {
  readonly a: Equation;
  readonly b: Equation;
  /** Relative error of the reserves that rounding to atoms allows. */
  readonly uncertainty: number;
}

/** The pair least affected by rounding; undefined if all swaps give the same equation. */
export function steadiest(all: readonly Equation[]): EquationPair | undefined {
  const equations = spread(all);
  let best: EquationPair | undefined;
  for (const [i, a] of equations.entries()) {
    for (const b of equations.slice(i + 1)) {
      const uncertainty = (a.rounding + b.rounding) / Math.abs(a.slope / b.slope - 1);
      if (uncertainty < (best?.uncertainty ?? Number.POSITIVE_INFINITY)) best = { a, b, uncertainty };
    }
  }
  return best;
}

/**
 * Relative error that rounding allows between a swap's observed output and the one computed from the pair's
 * reserves. The logarithm of a swap's average price is linear in its position, so errors in the pair's prices
 * propagate as in a line through two points.
 */
export function boundOf(equation: Equation, { a, b }: EquationPair): number {
  const along = (equation.slope - a.slope) / (b.slope - a.slope);
  return equation.rounding + Math.abs(1 - along) * a.rounding + Math.abs(along) * b.rounding;
}

/** money x X + token x Y = constant, for the reserves X and Y before the window. */
export interface Equation {
  readonly money: bigint;
  readonly token: bigint;
  readonly constant: bigint;
  /** -token / money. */
  readonly slope: number;
  /** Relative error of the output that rounding to atoms allows. */
  readonly rounding: number;
}

const scale = 1_000_000n;

/** One equation per swap that has an output. */
export function equationsOf(rule: FeeRule, window: Window): Equation[] {
  let shift: PoolState = { money: 0n, token: 0n };
  return window.swaps.flatMap((swap) => {
    const forward = isForward(window, swap);
    const net = netInput(rule, swap);
    const gross = grossOutput(rule, swap);
    // The pool rounded down, so the output was between gross and gross + 1, on average half way. All
    // times 2.
    const out = 2n * gross + 1n;
    const [shiftIn, shiftOut] = forward ? [shift.money, shift.token] : [shift.token, shift.money];
    const coefficientIn = out * scale;
    const coefficientOut = -2n * net;
    const constant = 2n * net * shiftOut - out * (scale * shiftIn + net);
    shift = stateAfter(rule, window, swap, shift);
    if (net <= 0n || swap.amountOut <= 0n) return [];
    const [money, token] = forward ? [coefficientIn, coefficientOut] : [coefficientOut, coefficientIn];
    const slope = -Number(token) / Number(money);
    return [{ money, token, constant, slope, rounding: 0.5 / Number(swap.amountOut) }];
  });
}

/** The first, the last and some in between. */
function spread(equations: readonly Equation[]): Equation[] {
  if (equations.length <= mostEquations) return [...equations];
  const stride = (equations.length - 1) / (mostEquations - 1);
  return Array.from({ length: mostEquations }, (_, i) => equations[Math.round(i * stride)]).filter(
    (equation) => equation !== undefined,
  );
}

export function solve(a: Equation, b: Equation): PoolState | undefined {
  const determinant = a.money * b.token - b.money * a.token;
  if (determinant === 0n) return undefined;
  const money = rounded(a.constant * b.token - b.constant * a.token, determinant);
  const token = rounded(a.money * b.constant - b.money * a.constant, determinant);
  return money > 0n && token > 0n ? { money, token } : undefined;
}

function rounded(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  return n >= 0n ? (2n * n + d) / (2n * d) : -((-2n * n + d) / (2n * d));
}

/** The state before each swap, computed from the state before the first one and the amounts swapped. */
export function statesFrom(rule: FeeRule, state: PoolState, window: Window): PoolState[] {
  let now = state;
  return window.swaps.map((swap) => {
    const before = now;
    now = stateAfter(rule, window, swap, now);
    return before;
  });
}
