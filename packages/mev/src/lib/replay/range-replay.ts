import type { FeeRule } from "./constant-product.ts";
import type { Window } from "./pool-states.ts";
import { type RangeModel, rootsOf, stepOf } from "./range-model.ts";

/** What a swap returned in two replays. */
export interface Outputs {
  /** What the swap would have returned without the attacker. */
  readonly alone: bigint;
  /** What it returned. If the state has an error, what the same arithmetic returns with the attacker. */
  readonly replayed: bigint;
}

/**
 * A replay without the attacker's swaps, for which the entries are undefined.
 * @returns Undefined if it leaves the prices that were seen: nothing is known about the pool elsewhere.
 */
export function withoutInRanges(
  window: Window,
  { rule, model }: { readonly rule: FeeRule; readonly model: RangeModel },
  attacker: ReadonlySet<string>,
): (Outputs | undefined)[] | undefined {
  const roots = rootsOf(model, rule, window);
  const [least, most] = [Math.min(...roots), Math.max(...roots)];
  const margin = (most - least) / 1e6;
  let alone = model.start;
  let left = false;
  const outputs = window.swaps.map((swap, at) => {
    if (attacker.has(swap.id)) return undefined;
    const { out, root } = stepOf(model, rule, window, swap, alone);
    alone = root;
    if (root < least - margin || root > most + margin) left = true;
    const with_ = stepOf(model, rule, window, swap, roots[at] ?? model.start);
    return { alone: BigInt(Math.round(out)), replayed: BigInt(Math.round(with_.out)) };
  });
  return left ? undefined : outputs;
}
