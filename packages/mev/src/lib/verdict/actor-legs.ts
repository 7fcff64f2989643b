import { UnionFind } from "../sandwich/union-find.ts";
import type { Swap } from "../swaps/swap.ts";

/**
 * Groups legs by actor. Legs that share a known address belong to one actor, even if its wallets take turns.
 * The key is the first known address of the group's first leg. Legs without a known address are left out.
 * @param knownBy The addresses of a leg by which its actor is known.
 */
export function groupByActor(
  legs: readonly Swap[],
  knownBy: (leg: Swap) => readonly string[],
): Map<string, Swap[]> {
  const names = legs.map(knownBy);
  const groups = new UnionFind(legs.length);
  const firstWith = new Map<string, number>();
  for (const [leg, addresses] of names.entries()) {
    for (const address of addresses) {
      const first = firstWith.get(address);
      if (first === undefined) firstWith.set(address, leg);
      else groups.union(leg, first);
    }
  }
  const byGroup = new Map<number, { readonly actor: string; readonly legs: Swap[] }>();
  for (const [index, leg] of legs.entries()) {
    const [actor] = names[index] ?? [];
    if (actor === undefined) continue;
    const group = groups.find(index);
    const own = byGroup.get(group);
    if (own === undefined) byGroup.set(group, { actor, legs: [leg] });
    else own.legs.push(leg);
  }
  return new Map([...byGroup.values()].map(({ actor, legs }) => [actor, legs]));
}
