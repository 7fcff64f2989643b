import { type FeeRule, netInput } from "./constant-product.ts";
import { isForward, type Window } from "./pool-states.ts";

/**
 * A concentrated pool around one boundary between two ranges of liquidity. `root` is the square root of the
 * price of money in token, in atoms; swaps that pay money lower it.
 */
export interface RangeModel {
  /** Before the window. */
  readonly start: number;
  readonly boundary: number;
  readonly above: number;
  readonly below: number;
}

export interface RangeStep {
  readonly out: number;
  readonly root: number;
}

const scale = 1_000_000n;

/** One swap in the model, from a price. */
export function stepOf(
  model: RangeModel,
  rule: FeeRule,
  window: Window,
  swap: Window["swaps"][number],
  root: number,
): RangeStep {
  const forward = isForward(window, swap);
  let net = Number(netInput(rule, swap)) / Number(scale);
  let [gross, now] = [0, root];
  const { boundary } = model;
  const crosses = forward ? root > boundary : root < boundary;
  if (crosses) {
    const liquidity = forward ? model.above : model.below;
    const most = forward ? liquidity * (1 / boundary - 1 / root) : liquidity * (boundary - root);
    if (net > most) {
      gross += forward ? liquidity * (root - boundary) : liquidity * (1 / root - 1 / boundary);
      [net, now] = [net - most, boundary];
    }
  }
  const isAbove = now > boundary || (now === boundary && !forward);
  const liquidity = isAbove ? model.above : model.below;
  const next = forward ? 1 / (1 / now + net / liquidity) : now + net / liquidity;
  gross += forward ? liquidity * (now - next) : liquidity * (1 / now - 1 / next);
  const fee = rule.aside?.token === swap.tokenOut ? Number(rule.aside.millionths) / 1e6 : 0;
  return { out: gross * (1 - fee), root: next };
}

/** The price before each swap, and after the last one. */
export function rootsOf(model: RangeModel, rule: FeeRule, window: Window): number[] {
  const roots = [model.start];
  for (const swap of window.swaps) roots.push(stepOf(model, rule, window, swap, roots.at(-1) ?? 0).root);
  return roots;
}
