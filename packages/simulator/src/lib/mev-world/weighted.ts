import type { Random } from "../random.ts";

/** Draws one of the items with probability proportional to its weight. */
export function drawWeighted<T extends { readonly weight: number }>(
  items: readonly [T, ...T[]],
  random: Random,
): T {
  let rest = random.next() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items[0];
}

/** For lists known not to be empty. @throws RangeError if the list is empty. */
export function nonEmpty<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = items;
  if (first === undefined) throw new RangeError("nothing to choose from");
  return [first, ...others];
}
