import { isEvmAddress } from "../swaps/swap.ts";
import { type FeeRule, feeText } from "./constant-product.ts";
import { fitCpmm } from "./fit-cpmm.ts";
import { fitExactly, othersNear } from "./fit-exactly.ts";
import type { FittedPool } from "./fitted-pool.ts";
import { inferState, statesFrom } from "./infer-state.ts";
import { fitOneRange, notOneRange, type OneRange } from "./one-range.ts";
import { poolModel, uniswapV3Fees, usualRules } from "./pool-model.ts";
import { givenStates, type PoolState, showUnlistedSwap, type Window } from "./pool-states.ts";
import { fitQuoteFee, quoteFeeText } from "./quote-fee.ts";
import type { PossibleFees } from "./range-rules.ts";
import { type ReplayError, replayError } from "./replay-error.ts";
import { fitTwoRanges } from "./two-ranges.ts";

/** Maximum residual at which an inferred fee or state is accepted. */
const inferredTolerance = 1e-6;
/** Maximum residual at which the given reserves are taken to be those traded against. */
const roundingResidual = 1e-9;
/**
 * Maximum residual for given reserves with a known fee: vaults also hold fees that are not traded against.
 */
const givenTolerance = 1e-2;
/** Maximum residual for given reserves with a tried fee: neighbouring common fees differ by about 1e-4. */
const givenTriedFeeTolerance = 2e-4;
/** A tried fee must be this many times closer than the protocol's own fee to be preferred. */
const clearlyCloser = 4;
/** Errors of one atom are rounding: always for a known fee, up to 1e-5 for a tried one. */
const roundingAtoms = 1n;
const triedRounding = 1e-5;
/** Maximum relative error of inferred reserves. */
const mostUncertain = 5e-3;

/** @returns The pool, or why its swaps cannot be replayed. */
export function fitPool(window: Window): FittedPool | string {
  const protocol = window.swaps[0]?.protocol ?? "";
  const model = poolModel(protocol);
  if (model.kind === "unsupported") return `${protocol}: ${model.reason}`;
  if (model.kind === "concentrated") return fitConcentrated(window, protocol, model.fees);
  const own = model.kind === "constant_product" ? model.fee : undefined;
  const states = givenStates(window);
  if (states?.some(({ money, token }) => money <= 0n || token <= 0n) === true)
    return "the given reserves are not above 0";
  const isMissingSwap = states !== undefined && showUnlistedSwap(window, states);
  if (model.kind === "quote_fee") {
    if (isMissingSwap) return unlistedSwap;
    const fit =
      states === undefined ? "the pool's state is not given" : fitQuoteFee(window, states, model.fees);
    if (typeof fit === "string") return fit;
    return { ...fit, states: states ?? [], state: "reserves given", fee: quoteFeeText(fit.rule) };
  }
  if (model.kind === "cpmm") {
    const fit = fitCpmm(window, states);
    return typeof fit === "string" ? `${protocol}: ${fit}` : fit;
  }
  if (states === undefined) return fitInferred(window, protocol, own);
  const given = isMissingSwap ? unlistedSwap : fitGiven(window, protocol, own, states);
  return closer(given, window, protocol, own) ?? given;
}

/**
 * Vaults also hold amounts that are not traded against: profits set aside and fees not yet collected. If
 * there are reserves from which all swaps follow exactly, those are the pool's.
 */
function closer(
  given: FittedPool | string,
  window: Window,
  protocol: string,
  own: FeeRule | undefined,
): FittedPool | undefined {
  const [rule, residual] = typeof given === "string" ? [own, 1] : [given.rule, given.residual];
  if (rule === undefined || residual <= roundingResidual || window.swaps.length < 3) return undefined;
  const fit = fitExactly(rule, window, rule === own ? 1 : usualRules.length);
  if (fit === undefined || fit === "too small" || fit.residual >= residual) return undefined;
  const state = "reserves inferred from consecutive swaps, closer than the vault balances";
  const fee = typeof given === "string" ? feeOrigin(rule, own, protocol) : given.fee;
  return { ...fit, state, fee };
}

const unlistedSwap = "the given reserves show a swap in between that is not listed";

/** The vault balances do not help here: they also include liquidity in other ranges. */
function fitConcentrated(window: Window, protocol: string, fees: PossibleFees): FittedPool | string {
  const fit = fitOneRange(window, fees);
  const ranges = fit === notOneRange ? fitTwoRanges(window, fees) : undefined;
  if (ranges !== undefined) {
    const { rule, residual, start } = ranges;
    const state = "inferred from consecutive swaps, two neighbouring ranges";
    return {
      rule,
      states: [start],
      residual,
      ranges,
      state,
      fee: `${feeText(rule)}, inferred from the swaps`,
    };
  }
  if (typeof fit === "string") return `${protocol}: concentrated liquidity: ${fit}`;
  return fitted(fit);
}

const oneRange = "inferred from consecutive swaps, one range";

function fitted(fit: OneRange): FittedPool {
  const about = fit.isFeeRounded ? "about " : "";
  return { ...fit, state: oneRange, fee: `${about}${feeText(fit.rule)}, inferred from the swaps` };
}

function fitGiven(
  window: Window,
  protocol: string,
  own: FeeRule | undefined,
  states: readonly PoolState[],
): FittedPool | string {
  const fitted = (rule: FeeRule, { relative }: ReplayError): FittedPool => {
    return { rule, states, residual: relative, state: "reserves given", fee: feeOrigin(rule, own, protocol) };
  };
  const ownError = own === undefined ? undefined : replayError(own, window, states);
  if (own !== undefined && ownError !== undefined && isExact(ownError, 1)) return fitted(own, ownError);
  let best: { rule: FeeRule; error: ReplayError } | undefined;
  for (const rule of usualRules) {
    const least = best?.error.relative ?? givenTriedFeeTolerance;
    const error = replayError(rule, window, states, least);
    if (error.relative < least) best = { rule, error };
  }
  if (
    best !== undefined &&
    best.error.relative * clearlyCloser < (ownError?.relative ?? Number.POSITIVE_INFINITY)
  ) {
    return fitted(best.rule, best.error);
  }
  if (own !== undefined && ownError !== undefined && ownError.relative <= givenTolerance) {
    return fitted(own, ownError);
  }
  return misses("the given reserves", own, ownError);
}

function fitInferred(window: Window, protocol: string, own: FeeRule | undefined): FittedPool | string {
  if (window.swaps.length < 3) return "the pool's state is not given, and two swaps do not determine it";
  let ownError: ReplayError | undefined;
  let tooSmall = false;
  for (const rule of own === undefined ? usualRules : [own, ...usualRules]) {
    const inferred = inferState(rule, window);
    if (inferred.uncertainty > mostUncertain) {
      tooSmall ||= rule === own || own === undefined;
      continue;
    }
    if (inferred.state === undefined) continue;
    const states = statesFrom(rule, inferred.state, window);
    const error = replayError(rule, window, states, rule === own ? undefined : triedRounding);
    if (rule === own) ownError = error;
    if (!isExact(error, rule === own ? 1 : triedRounding)) continue;
    const state = "reserves inferred from consecutive swaps";
    const others = othersNear(rule, inferred.state, window, error.relative);
    if (others === undefined) {
      tooSmall ||= rule === own || own === undefined;
      continue;
    }
    return { rule, states, residual: error.relative, others, state, fee: feeOrigin(rule, own, protocol) };
  }
  // On EVM chains, a V2 label often means any version of Uniswap. On Solana, the protocol's name comes from
  // its program.
  const range =
    own === undefined || isEvmAddress(window.swaps[0]?.pool ?? "") ? fitOneRange(window, uniswapV3Fees) : "";
  if (typeof range !== "string") {
    return { ...fitted(range), state: `${oneRange} of concentrated liquidity, not ${protocol}'s arithmetic` };
  }
  return tooSmall
    ? "the pool's state is not given, and the swaps are too small relative to the pool to determine it"
    : misses("a state inferred from consecutive swaps", own, ownError);
}

function isExact({ relative, atoms }: ReplayError, mostRounding: number): boolean {
  return relative <= inferredTolerance || (atoms <= roundingAtoms && relative <= mostRounding);
}

function feeOrigin(rule: FeeRule, own: FeeRule | undefined, protocol: string): string {
  if (rule === own && rule.millionths === 0n) return `none on the curve itself (${protocol})`;
  return rule === own ? `${feeText(rule)} (${protocol})` : `${feeText(rule)}, inferred from the swaps`;
}

function misses(from: string, own: FeeRule | undefined, error: ReplayError | undefined): string {
  const by =
    own === undefined || error === undefined
      ? ""
      : ` (by ${error.relative.toExponential(1)} at ${feeText(own)})`;
  return `no constant product with a known fee: replaying the observed swaps from ${from} does not reproduce them${by}`;
}
