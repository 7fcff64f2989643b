import type { PoolTrip } from "./search-pool.ts";

/** Round trips around others' swaps, from which on an actor has a record to be judged by. */
const leastTrips = 4;

/**
 * Holds an actor's record against it. A market maker or a busy trader also makes a round trip now and then that paid, by
 * chance; whose round trips around others' swaps do not pay at least a third of the time is trading, not attacking. Trips
 * that came as one bundle stand for themselves.
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
      const reason = `the actor's other round trips do not pay (${good} of ${good + bad} did)`;
      demoted.push({ ...trip, feasibility: { ...trip.feasibility, feasible: false, reason } });
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
