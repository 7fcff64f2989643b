import { ruledOut } from "./feasibility.ts";
import type { PoolTrip } from "./search-pool.ts";

/** Minimum number of round trips around others' swaps before an actor is judged by its record. */
const leastTrips = 4;

/**
 * Takes an actor's record into account. A market maker or busy trader occasionally makes a round trip that
 * paid off by chance. If less than a third of an actor's round trips around others' swaps pay off, the actor
 * is trading, not attacking. Trips linked only by a bundle are exempt.
 */
export function splitByRecord(
  found: readonly PoolTrip[],
  rejected: readonly PoolTrip[],
): { kept: PoolTrip[]; demoted: PoolTrip[] } {
  const paid = countByActor(found);
  const others = countByActor(rejected);
  const kept: PoolTrip[] = [];
  const demoted: PoolTrip[] = [];
  for (const trip of found) {
    const good = Math.max(...[...trip.actors].map((actor) => paid.get(actor) ?? 0));
    const bad = Math.max(...[...trip.actors].map((actor) => others.get(actor) ?? 0));
    const isTrader = good + bad >= leastTrips && good * 2 < bad;
    if (!isTrader || trip.feasibility.link.kind === "bundle") kept.push(trip);
    else {
      const reason = `the actor's other round trips do not pay off (${good} of ${good + bad} did)`;
      demoted.push(ruledOut(trip, reason));
    }
  }
  return { kept, demoted };
}

function countByActor(trips: readonly PoolTrip[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { actors } of trips) {
    for (const actor of actors) counts.set(actor, (counts.get(actor) ?? 0) + 1);
  }
  return counts;
}
