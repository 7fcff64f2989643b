import type { FeeRule } from "./constant-product.ts";
import { isForward, type Window } from "./pool-states.ts";

/** A window's swaps as floating-point numbers, to try thousands of rules on them. */
export type Screen = readonly ScreenedSwap[];

interface ScreenedSwap {
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly forward: boolean;
  readonly amountIn: number;
  readonly amountOut: number;
}

/** The screen allows this many times what rounding allows, and the errors of floating-point numbers. */
const margin = 4;
const floating = 1e-11;

export function screenOf(window: Window): Screen {
  return window.swaps.map((swap) => ({
    tokenIn: swap.tokenIn,
    tokenOut: swap.tokenOut,
    forward: isForward(window, swap),
    amountIn: Number(swap.amountIn),
    amountOut: Number(swap.amountOut),
  }));
}

/** A swap by its average price, in the reserves before the window. */
interface Line {
  readonly forward: boolean;
  readonly net: number;
  readonly gross: number;
  /** What the swaps before it added to the reserves. */
  readonly money: number;
  readonly token: number;
  readonly price: number;
  readonly rounding: number;
}

/** Whether all swaps may follow the rule from some reserves. Never false if they do. */
export function mayFollow(screen: Screen, rule: FeeRule): boolean {
  const lines = linesOf(screen, rule);
  let [low, high] = [lines[0], lines[0]];
  for (const line of lines) {
    if (low === undefined || line.price < low.price) low = line;
    if (high === undefined || line.price > high.price) high = line;
  }
  if (low === undefined || high === undefined || low === high) return true;
  const [a1, a2, a3] = equationOf(low);
  const [b1, b2, b3] = equationOf(high);
  const determinant = a1 * b2 - b1 * a2;
  const startMoney = (a3 * b2 - b3 * a2) / determinant;
  const startToken = (a1 * b3 - b1 * a3) / determinant;
  const solved = low.rounding + high.rounding;
  return lines.every(({ forward, net, gross, money, token, rounding }) => {
    const [reserveIn, reserveOut] = forward
      ? [startMoney + money, startToken + token]
      : [startToken + token, startMoney + money];
    const error = Math.abs((net * reserveOut) / (reserveIn + net) / gross - 1);
    return !(error > margin * (rounding + solved) + floating);
  });
}

function linesOf(screen: Screen, rule: FeeRule): Line[] {
  const fee = Number(rule.millionths) / 1e6;
  const asideFee = Number(rule.aside?.millionths ?? 0n) / 1e6;
  const apart = (rule.apart ?? []).reduce((sum, part) => sum + Number(part) / 1e6, 0);
  const asideToken = rule.aside?.token;
  let money = 0;
  let token = 0;
  return screen.map(({ tokenIn, tokenOut, forward, amountIn, amountOut }) => {
    const onInput = asideToken === undefined || asideToken === tokenIn ? asideFee : 0;
    const left = amountOut / (1 - (asideToken === tokenOut ? asideFee : 0));
    const net = Math.floor(amountIn * (1 - fee - onInput));
    const price = forward ? net / left : left / net;
    const line = { forward, net, gross: left + 0.5, money, token, price, rounding: 0.5 / left + 0.5 / net };
    const added = amountIn * (1 - onInput - fee * apart);
    if (forward) [money, token] = [money + added, token - left];
    else [money, token] = [money - left, token + added];
    return line;
  });
}

function equationOf({ forward, net, gross, money, token }: Line): readonly [number, number, number] {
  return forward
    ? [gross, -net, net * token - gross * (money + net)]
    : [-net, gross, net * money - gross * (token + net)];
}
