import type { Swap } from "../swaps/swap.ts";
import { isInBook, repeatedActors } from "./actor-book.ts";
import { groupByActor } from "./actor-legs.ts";
import type { Around, PossibleLegs } from "./around.ts";
import { bundledLegs } from "./bundled-legs.ts";

/** The legs in a pool of an actor whose intent is known. */
export interface ActorLegs {
  /** The address that identifies the actor. */
  readonly actor: string;
  readonly legs: readonly Swap[];
  /** The bundle that shows the intent; undefined if the actor's record shows it. */
  readonly bundle?: string;
}

/** Legs in a pool by actor, for actors with a record and for actors whose bundle encloses somebody. */
export function legsByActor(pool: string, around: Around): ActorLegs[] {
  const possible = around.legsIn(pool);
  const repeated = groupByActor(possible.known, (leg) => [
    ...new Set(around.linkedTo(leg).flatMap((one) => repeatedActors(around.view, around.activity, one))),
  ]);
  const known = new Set([...repeated.values()].flat());
  return [
    ...Array.from(repeated, ([actor, legs]) => ({ actor, legs })),
    ...[...possible.bundled]
      .filter(([, legs]) => legs.some((leg) => !known.has(leg)))
      .map(([bundle, legs]) => ({ actor: legs[0].signer, legs, bundle })),
  ];
}

/** Finds the possible legs of each pool when they are first asked for. */
export function possibleLegs(around: Omit<Around, "legsIn">): Around["legsIn"] {
  const used = new Set<string>();
  for (const { fronts, backs } of around.sandwiches) for (const { id } of [...fronts, ...backs]) used.add(id);
  const byPool = new Map<string, PossibleLegs>();
  return (pool) => {
    const found = byPool.get(pool);
    if (found !== undefined) return found;
    const swaps = around.swapsIn(pool);
    const legs = swaps.filter(
      ({ id, signer }) => !used.has(id) && !around.arbitrages.has(id) && !around.own.has(signer),
    );
    const possible = {
      known: legs.filter((leg) => around.linkedTo(leg).some((one) => isInBook(around.view, one))),
      bundled: bundledLegs(legs, [...swaps, ...around.attemptsIn(pool)]),
    };
    byPool.set(pool, possible);
    return possible;
  };
}
