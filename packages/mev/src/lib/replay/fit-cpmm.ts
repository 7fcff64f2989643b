import { type FeeRule, feeText, grossOutput, netInput } from "./constant-product.ts";
import { cpmmRules, standardRule } from "./cpmm-rules.ts";
import { feasibleStates, outputsOf, type RoundingOf } from "./feasible-states.ts";
import type { FittedPool } from "./fitted-pool.ts";
import {
  boundOf,
  type Equation,
  type EquationPair,
  equationsOf,
  solve,
  statesFrom,
  steadiest,
} from "./infer-state.ts";
import type { PoolState, Window } from "./pool-states.ts";
import { replayError, replayedOut, stateAfter } from "./replay-error.ts";
import { mayFollow, type Screen, screenOf } from "./rule-screen.ts";

/** Reserves and a rule from which all swaps of a window follow as closely as rounding allows. */
interface Fit {
  readonly rule: FeeRule;
  readonly states: readonly PoolState[];
  /** Enclose all states before the window that fit. */
  readonly corners: readonly PoolState[];
  readonly given: boolean;
  /** How likely swaps that do not follow the rule fit it or one that was tried before it anyway. */
  readonly chance: number;
  /** Whether every swap follows as one whose input was fixed. */
  readonly narrow: boolean;
}

/** Maximum probability of a fit by chance. */
const mostChance = 1e-4;
/** Below it, less likely fees are not tried: none would fit as well. */
const certain = 1e-6;
/** How far apart the outputs at a pool's possible fees are. */
const feeSpread = 5e-2;
/** Maximum relative error of the reserves. */
const mostUncertain = 1e-3;
/** Given reserves may be off by this many times what rounding allows. */
const givenMargin = 4;
/** Vault balances are at least the reserves, as precisely as those are inferred. */
const aboveVaults = 1e-6;
const scale = 1_000_000n;

/**
 * Raydium CPMM: the fees for the protocol, a fund and the pool's creator stay in the vaults until they are
 * collected, so the vaults may hold much more than is traded against, and the swaps do not name the fees. Both
 * are found from the swaps: for each rule that the program's pools may follow, the reserves from which every
 * swap follows as closely as rounding allows. The fit that chance would produce least often is used; the
 * others that fit are its `others`.
 * @param given The vaults' balances, or the reserves, before each swap.
 */
export function fitCpmm(window: Window, given: readonly PoolState[] | undefined): FittedPool | string {
  const tokens = tokensOf(window);
  const screen = screenFor(window);
  const fits: Fit[] = [];
  const tried = new Set<bigint>();
  for (const rules of cpmmRules(tokens)) {
    for (const { millionths, aside } of rules) tried.add(millionths + (aside?.millionths ?? 0n));
    for (const rule of rules) {
      fits.push(...givenFit(rule, window, given, tried.size));
      if (screen !== undefined && mayFollow(screen, rule))
        fits.push(...inferredFit(rule, window, given, tried.size));
    }
    if (fits.some(({ chance }) => chance <= certain)) break;
  }
  const [best] = fits.toSorted((a, b) => a.chance - b.chance);
  if (best === undefined || best.chance > mostChance) return reasonFor(window, screen, fits.length > 0);
  const others = fits.filter((fit) => fit.given === best.given && (fit.narrow || !best.narrow));
  return {
    rule: best.rule,
    states: best.states,
    residual: replayError(best.rule, window, best.states).relative,
    others: others.flatMap(({ rule, corners }) =>
      corners.map((corner) => ({ rule, states: statesFrom(rule, corner, window) })),
    ),
    isExact: true,
    state: stateText(best, given !== undefined),
    fee:
      best.rule === standardRule ? "25 bps (RaydiumCPMM)" : `${feeText(best.rule)}, inferred from the swaps`,
  };
}

function tokensOf(window: Window): string[] {
  const tokens = window.swaps.flatMap(({ tokenIn, tokenOut }) => [tokenIn, tokenOut]);
  return [...new Set(tokens)];
}

function stateText(best: Fit, given: boolean): string {
  if (best.given) return "reserves given";
  const inferred = "reserves inferred from consecutive swaps";
  return given ? `${inferred}, closer than the vault balances` : inferred;
}

function reasonFor({ swaps }: Window, screen: Screen | undefined, fits: boolean): string {
  if (swaps.length < 3)
    return "two swaps determine neither what its vaults hold in unclaimed fees nor its own fees";
  if (fits || screen === undefined)
    return "the swaps are too small relative to the pool to determine its reserves and its fees beyond doubt";
  return "its swaps follow no trade fee and no creator's fee of its program, from any reserves";
}

/** A swap with a fixed input: only its output is rounded. */
const narrowRounding: RoundingOf = (_net, gross, outputs) => ({ below: 0, above: outputs / Number(gross) });
/** With a fixed output, the net input is rounded up instead. */
const wideRounding: RoundingOf = (net, gross, outputs) => ({
  below: 0,
  above: Math.max((outputs + 1) / Number(gross), 1 / Math.max(1, Number(net) - 2)),
});

/** Reserves as given: for each swap, or for the first one. */
function givenFit(
  rule: FeeRule,
  window: Window,
  given: readonly PoolState[] | undefined,
  tried: number,
): Fit[] {
  const [start] = given ?? [];
  if (given === undefined || start === undefined) return [];
  const first = window.swaps[0];
  if (first === undefined || errorOf(rule, window, 0, start) === undefined) return [];
  return [statesFrom(rule, start, window), given]
    .flatMap((states) => {
      if (states === given && !onlyLiquidityChanged(rule, window, given)) return [];
      const errors = window.swaps.map((_, at) => errorOf(rule, window, at, states[at]));
      if (errors.includes(undefined)) return [];
      const narrow = errors.every((error) => error === 0n);
      const rounding = narrow ? narrowRounding : wideRounding;
      const open = window.swaps.map(
        (swap) =>
          rounding(netInput(rule, swap) / scale, grossOutput(rule, swap), outputsOf(rule, swap)).above,
      );
      const chance = chanceOf(
        open.map((above) => above / feeSpread),
        tried,
      );
      const near = feasibleStates(rule, window, start, wideRounding, givenMargin * Math.max(...open));
      const corners = near?.corners ?? [];
      return [{ rule, states, corners, given: true, chance, narrow }];
    })
    .slice(0, 1);
}

/**
 * Whether each given state follows from the one before, except for liquidity that was added or removed: by the
 * same part of both reserves.
 */
function onlyLiquidityChanged(rule: FeeRule, window: Window, given: readonly PoolState[]): boolean {
  return window.swaps.every((swap, at) => {
    const [before, next] = [given[at], given[at + 1]];
    if (before === undefined || next === undefined) return true;
    const after = stateAfter(rule, window, swap, before);
    const money = Number(next.money) / Number(after.money) - 1;
    const token = Number(next.token) / Number(after.token) - 1;
    const rounding = 4 / Number(after.money) + 4 / Number(after.token) + 1e-15;
    return Math.abs(money - token) <= rounding;
  });
}

/** By how much a replayed swap exceeds the observed one; undefined if rounding does not explain it. */
function errorOf(
  rule: FeeRule,
  window: Window,
  at: number,
  state: PoolState | undefined,
): bigint | undefined {
  const swap = window.swaps[at];
  if (swap === undefined || state === undefined || state.money <= 0n || state.token <= 0n) return undefined;
  const error = replayedOut(rule, window, swap, state) - swap.amountOut;
  const net = netInput(rule, swap) / scale;
  return error >= 0n && error * (net - 2n) <= swap.amountOut + net ? error : undefined;
}

/** Reserves inferred from the swaps. */
function inferredFit(
  rule: FeeRule,
  window: Window,
  given: readonly PoolState[] | undefined,
  tried: number,
): Fit[] {
  for (const narrow of [true, false]) {
    const equations = narrow ? equationsOf(rule, window) : widened(equationsOf(rule, window), rule, window);
    const pair = steadiest(equations);
    const nominal = pair === undefined ? undefined : solve(pair.a, pair.b);
    if (pair === undefined || nominal === undefined) continue;
    const fit = feasibleStates(rule, window, nominal, narrow ? narrowRounding : wideRounding);
    if (fit === undefined || fit.corners.every((corner) => isAbove(corner, given?.[0]))) continue;
    const { corners } = feasibleStates(rule, window, fit.middle, wideRounding) ?? fit;
    const chance = chanceOf(checksOf(equations, pair), tried);
    return [{ rule, states: statesFrom(rule, fit.middle, window), corners, given: false, chance, narrow }];
  }
  return [];
}

/** If the output was fixed, the net input is rounded. */
function widened(equations: readonly Equation[], rule: FeeRule, window: Window): Equation[] {
  return equations.map((equation, at) => {
    const swap = window.swaps[at];
    const net = swap === undefined ? 1 : Number(netInput(rule, swap) / scale);
    return { ...equation, rounding: Math.max(equation.rounding, 0.5 / net) };
  });
}

function isAbove(state: PoolState, vaults: PoolState | undefined): boolean {
  if (vaults === undefined) return false;
  const limit = 1 + aboveVaults;
  return (
    Number(state.money) > Number(vaults.money) * limit || Number(state.token) > Number(vaults.token) * limit
  );
}

/**
 * How likely a rule that is not the pool's would pass all checks. One with slightly different fees passes them
 * all if it passes the narrowest.
 * @param checks For each: what rounding allows, as a part of what is possible.
 */
function chanceOf(checks: readonly number[], tried: number): number {
  return tried * Math.min(1, ...checks);
}

/** The swaps that are not solved for. */
function checksOf(equations: readonly Equation[], pair: EquationPair): number[] {
  const slopes = equations.map(({ slope }) => slope);
  const spread = Math.max(...slopes) / Math.min(...slopes) - 1;
  return equations
    .filter((equation) => equation !== pair.a && equation !== pair.b)
    .map((equation) => boundOf(equation, pair) / spread);
}

/** Undefined if the swaps leave the reserves open. */
function screenFor(window: Window): Screen | undefined {
  const equations = widened(equationsOf(standardRule, window), standardRule, window);
  if (window.swaps.length < 3 || equations.length < window.swaps.length) return undefined;
  const pair = steadiest(equations);
  return pair === undefined || pair.uncertainty > mostUncertain ? undefined : screenOf(window);
}
