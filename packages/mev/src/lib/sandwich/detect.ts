import { quantity } from "@slipstream/conventions";
import { inChainOrder, isEvmAddress, type Swap } from "../swaps/swap.ts";
import { appendTo } from "./append-to.ts";
import { findCycles } from "./cycles.ts";
import { describe, type TripWithVictims } from "./describe.ts";
import { ruledOut } from "./feasibility.ts";
import { Holdings } from "./holdings.ts";
import { findIdentities } from "./identities.ts";
import type { Leg } from "./legs.ts";
import type { Detection, Sandwich } from "./model.ts";
import { openLegs } from "./open-legs.ts";
import { candidateVictims, type DetectOptions, defaultDetectOptions, edgeFactor } from "./options.ts";
import { groupByPool } from "./pool-groups.ts";
import { PoolView } from "./pool-view.ts";
import { harmedBy } from "./quoted-pools.ts";
import { splitByRecord } from "./record.ts";
import { joinRoutes } from "./routes.ts";
import { type PoolTrip, type SearchRules, searchPool } from "./search-pool.ts";
import { splitByLuck } from "./split-by-luck.ts";
import { linkByTransfers } from "./transfer-links.ts";
import { victimPlaces, withoutRivals } from "./victims.ts";

/**
 * Finds sandwiches among swaps, in any order: those of one block or of several consecutive blocks. The time
 * grows with the number of swaps, and with the number of victims of nested sandwiches.
 */
export function detectSandwiches(swaps: readonly Swap[], given: Partial<DetectOptions> = {}): Detection {
  const options = { ...defaultDetectOptions, ...given };
  let steps = 0;
  const step = (more: number): void => {
    steps += more;
  };
  const ordered = [...swaps].sort(inChainOrder);
  step(ordered.length);
  const pools = groupByPool(ordered);
  const links = linkByTransfers(ordered, options.transfers, pools, { ...options, step });
  const identities = findIdentities(ordered, pools, { ...options, links, step });
  const cycles = findCycles(ordered);
  const found: PoolTrip[] = [];
  const rejected: PoolTrip[] = [];
  const edge: PoolTrip[] = [];
  const views: PoolView[] = [];
  for (const group of pools.groups) {
    if (group.members.length < 3) continue;
    const view = new PoolView(group, ordered, identities.actorOf, pools.directionOf, cycles);
    views.push(view);
    const { addressesOf } = identities;
    const trips = searchPool(view, { ...windowOf(group.pool, options), addressesOf, links, step });
    for (const trip of trips.found) found.push(trip);
    for (const trip of trips.rejected) rejected.push(trip);
    for (const trip of trips.edge) edge.push(trip);
  }
  const actors = new Set(found.flatMap((trip) => [...trip.actors]));
  const carried = splitByHoldings(found, new Holdings(ordered, identities.actorOf, actors, step));
  const routes = joinRoutes(carried.kept, [...rejected, ...carried.rejected]);
  const { kept, demoted } = splitByRecord(routes.found, routes.rejected);
  const context = { options, addressesOf: identities.addressesOf, step };
  const luck = withoutLuck(withVictims(kept, step), ordered, cycles, options, step);
  const sandwiches = describe(luck.kept, context);
  const candidates = describe(
    [...routes.rejected, ...demoted, ...luck.lucky, ...edge].map((trip) => ({
      trip,
      victims: victimPlaces(trip.view, trip, candidateVictims),
    })),
    { ...context, options: { ...options, losses: false } },
  );
  const open = openLegs(views, luck.kept, ordered, options);
  return { sandwiches: inOrder(sandwiches), candidates: inOrder(candidates), open, steps };
}

/** The victims of what is kept do not depend on what counts as luck. */
function withoutLuck(
  trips: readonly TripWithVictims[],
  swaps: readonly Swap[],
  cycles: Uint8Array,
  options: DetectOptions,
  step: (steps: number) => void,
): { kept: readonly TripWithVictims[]; lucky: readonly PoolTrip[] } {
  if (!options.sortsOutLuck || trips.length === 0) return { kept: trips, lucky: [] };
  step(swaps.length + trips.length);
  const { kept, lucky } = splitByLuck(trips, swaps, cycles, options);
  return { kept: lucky.length === 0 ? trips : withVictims(kept, step), lucky };
}

function splitByHoldings(
  trips: readonly PoolTrip[],
  holdings: Holdings,
): { kept: PoolTrip[]; rejected: PoolTrip[] } {
  const kept: PoolTrip[] = [];
  const rejected: PoolTrip[] = [];
  const reason = "the tokens bought by the front run were sold in another pool before the back run";
  for (const trip of trips) {
    if (holdings.carries(trip.actors, trip.trip)) kept.push(trip);
    else rejected.push(ruledOut(trip, reason));
  }
  return { kept, rejected };
}

/** Victims of the accepted round trips, without rivals. A round trip left without victims is dropped. */
function withVictims(trips: readonly PoolTrip[], step: (steps: number) => void): TripWithVictims[] {
  const byPool = new Map<PoolView, PoolTrip[]>();
  for (const trip of trips) {
    appendTo(byPool, trip.view, trip);
  }
  return [...byPool].flatMap(([view, own]) => {
    const places = own.map((trip) =>
      victimPlaces(view, trip, Number.POSITIVE_INFINITY).filter(harmedBy(view, trip.trip)),
    );
    for (const { length } of places) step(length);
    return withoutRivals(own, places).flatMap((victims, number) => {
      const trip = own[number];
      return trip === undefined || victims.length === 0 ? [] : [{ trip, victims }];
    });
  });
}

function windowOf(
  pool: string,
  { maxSlotDistance, maxSwapsBetween, leaderOf }: DetectOptions,
): Pick<SearchRules, "withinWindow" | "edgeOf"> {
  const distance = isEvmAddress(pool) ? 0 : maxSlotDistance;
  const slotsBetween = ({ swap: first, at: from }: Leg, { swap: last, at: to }: Leg): number => {
    if (to - from > maxSwapsBetween + 1) return Number.POSITIVE_INFINITY;
    if (first.slot === null || last.slot === null)
      return first.slot === last.slot ? 0 : Number.POSITIVE_INFINITY;
    return last.slot - first.slot;
  };
  const isOtherTurn = ({ swap: first }: Leg, { swap: last }: Leg): boolean => {
    if (first.slot === last.slot || first.slot === null || last.slot === null) return false;
    const [firstLeader, lastLeader] = [leaderOf(first.slot), leaderOf(last.slot)];
    return firstLeader !== undefined && lastLeader !== undefined && firstLeader !== lastLeader;
  };
  return {
    withinWindow: (first, last) => slotsBetween(first, last) <= distance && !isOtherTurn(first, last),
    edgeOf(first, last) {
      const slots = slotsBetween(first, last);
      if (slots > edgeFactor * distance) return undefined;
      if (slots > distance)
        return `front and back run are ${quantity(slots, "slot")} apart, more than the ${distance} that are searched`;
      return isOtherTurn(first, last) ? "front and back run are under different leaders" : undefined;
    },
  };
}

function inOrder(sandwiches: readonly Sandwich[]): Sandwich[] {
  const start = ({ fronts }: Sandwich): Swap | undefined => fronts[0];
  return [...sandwiches].sort((a, b) => {
    const [first, second] = [start(a), start(b)];
    return first === undefined || second === undefined ? 0 : inChainOrder(first, second);
  });
}
