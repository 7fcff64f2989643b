import { isEvmAddress } from "../swaps/swap.ts";
import { allApart, type FeeRule, netInput } from "./constant-product.ts";
import { feasibleStates, outputsOf } from "./feasible-states.ts";
import type { Alternative } from "./fitted-pool.ts";
import { boundOf, type Equation, equationsOf, solve, statesFrom, steadiest } from "./infer-state.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { replayedOut } from "./replay-error.ts";

/** A pool's arithmetic and its inferred reserves, from which all swaps of a window follow. */
export interface ExactFit {
  readonly rule: FeeRule;
  /** Before each swap. */
  readonly states: readonly PoolState[];
  /** Largest relative error when the observed swaps are replayed. */
  readonly residual: number;
  /** Enclose all states that fit. */
  readonly others: readonly Alternative[];
}

/**
 * Maximum probability that swaps which do not follow such a pool fit one anyway. Above it, a fit is not
 * accepted.
 */
const mostChance = 1e-5;
/** Maximum relative error of the reserves. A loss has the same error. */
const mostUncertain = 1e-4;
/**
 * Square roots of prices have 64 fractional bits. This is the relative error of an output on top of its own
 * rounding.
 */
const priceRounding = 1e-10;
const scale = 1_000_000n;

/**
 * Finds reserves from which all swaps follow as closely as rounding allows. Two swaps determine them; every
 * further swap is a check.
 * @param candidates Number of rules that are tried.
 * @returns Undefined if a swap does not follow; "too small" if all do, but might also do so by chance.
 */
export function fitExactly(
  rule: FeeRule,
  window: Window,
  candidates: number,
): ExactFit | "too small" | undefined {
  const equations = equationsOf(rule, window).map((equation, at) => withInput(equation, rule, window, at));
  // A swap without output says nothing, and the price after it is unknown.
  if (equations.length < window.swaps.length) return undefined;
  const pair = steadiest(equations);
  if (pair === undefined || pair.uncertainty > mostUncertain) return "too small";
  const state = solve(pair.a, pair.b);
  if (state === undefined) return undefined;
  const states = statesFrom(rule, state, window);
  const slopes = equations.map(({ slope }) => slope);
  const spread = Math.max(...slopes) / Math.min(...slopes) - 1;
  let chance = candidates;
  let residual = 0;
  for (const [at, equation] of equations.entries()) {
    const [swap, before] = [window.swaps[at], states[at]];
    if (swap === undefined || before === undefined || before.money <= 0n || before.token <= 0n)
      return undefined;
    const bound = boundOf(equation, pair) + priceRounding;
    const error =
      Math.abs(Number(replayedOut(rule, window, swap, before) - swap.amountOut)) / Number(swap.amountOut);
    if (!(error <= bound)) return undefined;
    residual = Math.max(residual, error);
    if (equation !== pair.a && equation !== pair.b) chance *= Math.min(1, bound / spread);
  }
  if (chance > mostChance) return "too small";
  const more = rule.apart === allApart ? rootRounding(window, states) : 0;
  const others = othersNear(rule, state, window, more);
  return others === undefined ? "too small" : { rule, states, residual, others };
}

/**
 * All states from which the swaps follow as closely as rounding allows.
 * @param more Relative error of an output that is allowed besides rounding to atoms.
 * @returns Undefined if the swaps leave it open.
 */
export function othersNear(
  rule: FeeRule,
  state: PoolState,
  window: Window,
  more: number,
): Alternative[] | undefined {
  const fit = feasibleStates(rule, window, state, (net, gross, outputs) => {
    const rounding = 1 / Number(net) + more;
    return { below: 1 / Number(gross) + rounding, above: (1 + outputs) / Number(gross) + rounding };
  });
  return fit?.corners.map((corner) => ({ rule, states: statesFrom(rule, corner, window) }));
}

/**
 * Concentrated pools keep the square root of the price as a fixed-point number: Q64.64 on Solana, Q64.96 on
 * EVM chains. This is how much of a swap's output a unit of its last place is, at most.
 */
function rootRounding({ swaps }: Window, states: readonly PoolState[]): number {
  const bits = isEvmAddress(swaps[0]?.pool ?? "") ? 95 : 63;
  let most = 0;
  for (const [at, { amountOut }] of swaps.entries()) {
    const { money, token } = states[at] ?? { money: 1n, token: 1n };
    const root = Math.sqrt(Number(money) / Number(token));
    const share = Number(amountOut) / Math.max(Number(money), Number(token));
    most = Math.max(most, 2 ** -bits / (Math.min(root, 1 / root) * share));
  }
  return Math.min(most, priceRounding);
}

/** An input that is rounded to atoms as well: twice, with the fee and with the price. */
function withInput(equation: Equation, rule: FeeRule, window: Window, at: number): Equation {
  const swap = window.swaps[at];
  const net = swap === undefined ? 0 : Number(netInput(rule, swap) / scale);
  const outputs = swap === undefined ? 1 : outputsOf(rule, swap);
  return { ...equation, rounding: 2 * outputs * equation.rounding + 2 / net };
}
