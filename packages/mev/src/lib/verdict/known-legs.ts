import type { Swap } from "../swaps/swap.ts";
import { repeatedActors } from "./actor-book.ts";
import { groupByActor } from "./actor-legs.ts";
import type { Around } from "./around.ts";
import { bundledLegs } from "./bundled-legs.ts";

/** The legs in a pool of an actor whose intent is known. */
export interface ActorLegs {
  /** The address that identifies the actor. */
  readonly actor: string;
  readonly legs: readonly Swap[];
  /** The bundle that shows the intent; undefined if the actor's record shows it. */
  readonly bundle?: string;
}

/**
 * Legs in a pool by actor, for actors with a record and for actors whose bundle encloses somebody. Without
 * legs of others' sandwiches and without arbitrage.
 */
export function legsByActor(pool: string, around: Around): ActorLegs[] {
  const used = new Set<string>();
  for (const { fronts, backs } of around.sandwiches) for (const { id } of [...fronts, ...backs]) used.add(id);
  const swaps = around.swapsIn(pool);
  const legs = swaps.filter(
    ({ id, signer }) => !used.has(id) && !around.arbitrages.has(id) && !around.own.has(signer),
  );
  const repeated = groupByActor(legs, (leg) => [
    ...new Set(around.linkedTo(leg).flatMap((one) => repeatedActors(around.view, around.activity, one))),
  ]);
  const known = new Set([...repeated.values()].flat());
  const bundled = [...bundledLegs(legs, [...swaps, ...around.attemptsIn(pool)])];
  return [
    ...Array.from(repeated, ([actor, legs]) => ({ actor, legs })),
    ...bundled
      .filter(([, legs]) => legs.some((leg) => !known.has(leg)))
      .map(([bundle, legs]) => ({ actor: legs[0].signer, legs, bundle })),
  ];
}
