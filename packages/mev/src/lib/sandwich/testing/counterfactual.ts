import type { Sandwich } from "../model.ts";
import type { Traffic } from "./traffic.ts";
import { applySwap, money, poolOut } from "./world.ts";

/**
 * How much more the victims would have received without the attacker, computed from the true pool. In atoms.
 */
export function trueLoss({ world, start }: Traffic, sandwich: Sandwich): { lost: bigint; due: bigint } {
  const found = start.find(({ name }) => name === sandwich.pool);
  if (found === undefined) throw new RangeError(`there is no pool ${sandwich.pool}`);
  const pool = { ...found };
  const legs = new Set([...sandwich.fronts, ...sandwich.backs].map(({ id }) => id));
  const victims = new Set(sandwich.victims.map(({ id }) => id));
  let begun = false;
  let lost = 0n;
  let due = 0n;
  for (const swap of world.swaps) {
    if (swap.pool !== pool.name) continue;
    begun ||= legs.has(swap.id);
    if (legs.has(swap.id)) continue;
    const buy = swap.tokenIn === money;
    const out = begun ? poolOut(pool, buy, swap.amountIn) : swap.amountOut;
    applySwap(pool, buy, swap.amountIn, out);
    if (victims.has(swap.id)) {
      lost += out - swap.amountOut;
      due += out;
    }
  }
  return { lost, due };
}
