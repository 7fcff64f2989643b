import { type FeeRule, feeText } from "./constant-product.ts";
import { inferState, statesFrom } from "./infer-state.ts";
import { poolModel, usualRules } from "./pool-model.ts";
import { givenStates, type PoolState, type Window } from "./pool-states.ts";
import { type ReplayError, replayError } from "./replay-error.ts";

/** A pool's arithmetic and its state before each swap, such that replaying what did happen gives what did happen. */
export interface FittedPool {
  readonly rule: FeeRule;
  readonly states: readonly PoolState[];
  /** Largest relative error of that replay. */
  readonly residual: number;
  /** Where state and fee come from, for people. */
  readonly state: string;
  readonly fee: string;
}

/** Residual up to which a fee or a state that nobody told is believed. */
const inferredTolerance = 1e-6;
/** Residual up to which given reserves are believed under a known fee: vaults also hold fees that are not traded against. */
const givenTolerance = 1e-2;
/** Given reserves of a pool whose fee is not known: neighbouring whole fees differ by 1e-4. */
const givenUnknownFeeTolerance = 5e-5;
/** Errors of an atom are rounding: of any size under a fee that is known, up to 1e-5 under one that is tried. */
const roundingAtoms = 1n;
const triedRounding = 1e-5;
/** Largest relative error of inferred reserves. */
const mostUncertain = 5e-3;

/** @returns The pool, or why its swaps cannot be replayed. */
export function fitPool(window: Window): FittedPool | string {
  const protocol = window.swaps[0]?.protocol ?? "";
  const model = poolModel(protocol);
  if (model.kind === "unsupported") return `${protocol}: ${model.reason}`;
  const own = model.kind === "constant_product" ? model.fee : undefined;
  const states = givenStates(window);
  return states === undefined ? fitInferred(window, protocol, own) : fitGiven(window, protocol, own, states);
}

function fitGiven(
  window: Window,
  protocol: string,
  own: FeeRule | undefined,
  states: readonly PoolState[],
): FittedPool | string {
  if (states.some(({ money, token }) => money <= 0n || token <= 0n))
    return "the given reserves are not above 0";
  const state = "reserves given";
  const ownError = own === undefined ? undefined : replayError(own, window, states);
  if (own !== undefined && ownError !== undefined && isExact(ownError, 1)) {
    return { rule: own, states, residual: ownError.relative, state, fee: `${feeText(own)} (${protocol})` };
  }
  let best: { rule: FeeRule; residual: number; exact: boolean } | undefined;
  for (const rule of usualRules) {
    const error = replayError(rule, window, states);
    if (best !== undefined && error.relative >= best.residual) continue;
    best = { rule, residual: error.relative, exact: isExact(error, triedRounding) };
  }
  if (best?.exact === true) {
    return { ...best, states, state, fee: `${feeText(best.rule)}, inferred from the swaps` };
  }
  if (own !== undefined && ownError !== undefined && ownError.relative <= givenTolerance) {
    return { rule: own, states, residual: ownError.relative, state, fee: `${feeText(own)} (${protocol})` };
  }
  if (own === undefined && best !== undefined && best.residual <= givenUnknownFeeTolerance) {
    return { ...best, states, state, fee: `${feeText(best.rule)}, inferred from the swaps` };
  }
  return misses("the given reserves", Math.min(ownError?.relative ?? 1, best?.residual ?? 1));
}

function fitInferred(window: Window, protocol: string, own: FeeRule | undefined): FittedPool | string {
  if (window.swaps.length < 3) return "the pool's state is not given, and two swaps do not tell it";
  let closest = Number.POSITIVE_INFINITY;
  for (const rule of own === undefined ? usualRules : [own, ...usualRules]) {
    const inferred = inferState(rule, window);
    if (inferred === undefined) continue;
    const states = statesFrom(inferred.state, window);
    const error = replayError(rule, window, states);
    closest = Math.min(closest, error.relative);
    if (!isExact(error, rule === own ? 1 : triedRounding)) continue;
    if (inferred.uncertainty > mostUncertain) {
      return "the pool's state is not given, and the swaps are too small against the pool to tell it";
    }
    return {
      rule,
      states,
      residual: error.relative,
      state: "reserves inferred from consecutive swaps",
      fee: rule === own ? `${feeText(rule)} (${protocol})` : `${feeText(rule)}, inferred from the swaps`,
    };
  }
  return misses("a state inferred from consecutive swaps", closest);
}

function isExact({ relative, atoms }: ReplayError, mostRounding: number): boolean {
  return relative <= inferredTolerance || (atoms <= roundingAtoms && relative <= mostRounding);
}

function misses(from: string, residual: number): string {
  const size = Number.isFinite(residual) ? `, the closest by ${residual.toExponential(1)}` : "";
  return `no constant product: replaying what did happen from ${from} misses it${size}`;
}
