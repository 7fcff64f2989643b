import type { Swap } from "../swaps/swap.ts";

/** What a pool holds, in atoms: of the token that the window's first swap paid, and of the other one. */
export interface PoolState {
  readonly money: bigint;
  readonly token: bigint;
}

/** Consecutive swaps of one pool, starting with the first front run. */
export interface Window {
  readonly swaps: readonly Swap[];
  /** Token that the first swap paid. */
  readonly money: string;
}

export function isForward(window: Window, swap: Swap): boolean {
  return swap.tokenIn === window.money;
}

/** The state after a swap with the given amounts. */
export function afterSwap(
  state: PoolState,
  forward: boolean,
  amountIn: bigint,
  amountOut: bigint,
): PoolState {
  return forward
    ? { money: state.money + amountIn, token: state.token - amountOut }
    : { money: state.money - amountOut, token: state.token + amountIn };
}

/**
 * The pool's state before each swap: given, or computed from the nearest given one and the amounts swapped in
 * between. Undefined if none is given.
 */
export function givenStates(window: Window): PoolState[] | undefined {
  const { swaps } = window;
  const given = swaps.map((swap) => givenState(window, swap));
  const first = given.findIndex((state) => state !== undefined);
  let state = given[first];
  if (state === undefined) return undefined;
  for (let i = first - 1; i >= 0; i--) {
    const swap = swaps[i];
    if (swap === undefined) continue;
    state = afterSwap(state, isForward(window, swap), -swap.amountIn, -swap.amountOut);
  }
  return swaps.map((swap, i) => {
    const before = given[i] ?? state ?? { money: 0n, token: 0n };
    state = afterSwap(before, isForward(window, swap), swap.amountIn, swap.amountOut);
    return before;
  });
}

function givenState(window: Window, swap: Swap): PoolState | undefined {
  const { reserves } = swap;
  if (reserves === undefined) return undefined;
  return isForward(window, swap)
    ? { money: reserves.in, token: reserves.out }
    : { money: reserves.out, token: reserves.in };
}

/** Relative change of a reserve above which it counts. Below, it changes no loss by more than that. */
const smallest = 1e-8;

/**
 * Whether a swap between two others is missing from the window: one reserve rose and the other fell beyond
 * what the swaps moved. Added or removed liquidity changes both in the same direction.
 */
export function showUnlistedSwap(window: Window, states: readonly PoolState[]): boolean {
  return window.swaps.some((swap, at) => {
    const [before, next] = [states[at], states[at + 1]];
    if (before === undefined || next === undefined) return false;
    const after = afterSwap(before, isForward(window, swap), swap.amountIn, swap.amountOut);
    const money = Number(next.money - after.money) / Number(next.money);
    const token = Number(next.token - after.token) / Number(next.token);
    return Math.min(Math.abs(money), Math.abs(token)) > smallest && money > 0 !== token > 0;
  });
}
