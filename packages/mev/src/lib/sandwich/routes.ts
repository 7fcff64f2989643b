import { appendTo } from "./append-to.ts";
import type { Leg } from "./legs.ts";
import type { PoolTrip } from "./search-pool.ts";
import { TokenFlows } from "./token-flows.ts";

/**
 * Judges an attack along a victim's route as a whole. If front and back runs in several pools are in the same
 * transactions, what was earned in one pool may have been spent in the next, so a single round trip may show
 * a loss. Together they count if they ended with no less of any token and more of one.
 */
export function joinRoutes(
  found: readonly PoolTrip[],
  rejected: readonly PoolTrip[],
): { found: PoolTrip[]; rejected: PoolTrip[] } {
  const byTransactions = new Map<string, PoolTrip[]>();
  for (const trip of [...found, ...rejected]) {
    appendTo(byTransactions, transactionsOf(trip), trip);
  }
  const paid = new Set<PoolTrip>();
  for (const trips of byTransactions.values()) {
    if (new Set(trips.map(({ view }) => view)).size === trips.length && trips.length > 1 && isGain(trips)) {
      for (const trip of trips) paid.add(trip);
    }
  }
  const joined = rejected
    .filter((trip) => paid.has(trip))
    .map((trip) => ({
      ...trip,
      feasibility: { ...trip.feasibility, feasible: true, reason: "" },
      joined: true,
    }));
  return { found: [...found, ...joined], rejected: rejected.filter((trip) => !paid.has(trip)) };
}

function transactionsOf({ trip }: PoolTrip): string {
  const signatures = (legs: readonly Leg[]): string => legs.map(({ swap }) => swap.signature).join(" ");
  return `${signatures(trip.fronts)} | ${signatures(trip.backs)}`;
}

function isGain(trips: readonly PoolTrip[]): boolean {
  const flows = new TokenFlows();
  for (const { trip } of trips) for (const { swap } of [...trip.fronts, ...trip.backs]) flows.add(swap);
  return flows.isGain();
}
