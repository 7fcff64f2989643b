import type { Swap } from "../swaps/swap.ts";
import { judge, ruledOut } from "./feasibility.ts";
import { firstLeg, type Leg, lastLeg, type RoundTrip } from "./legs.ts";
import { type Link, linkOf } from "./link.ts";
import type { PoolView } from "./pool-view.ts";
import { harmsSomebody } from "./quoted-pools.ts";
import { findRoundTrips, type JudgedTrip, type TripRules } from "./round-trips.ts";
import type { TransferLinks } from "./transfer-links.ts";

/** A round trip in a pool, its actors and its judgement. */
export interface PoolTrip extends JudgedTrip {
  readonly view: PoolView;
  readonly actors: ReadonlySet<number>;
  /** Why it does not count although it paid off: its legs are farther apart than is searched. */
  readonly edge?: string;
  /** Whether it counts only together with the same attack's round trips in other pools. */
  readonly joined?: boolean;
}

export interface SearchRules {
  withinWindow(first: Leg, last: Leg): boolean;
  /** Why legs outside the window are not too far apart to be listed; undefined if they are, or if they are inside. */
  edgeOf(first: Leg, last: Leg): string | undefined;
  addressesOf(swap: Swap): readonly string[];
  readonly links: TransferLinks;
  step(steps: number): void;
}

export interface FoundTrips {
  readonly found: readonly PoolTrip[];
  readonly rejected: readonly PoolTrip[];
  /** Round trips that paid off, whose legs are farther apart than is searched. */
  readonly edge: readonly PoolTrip[];
}

/** Every actor's round trips in a pool, and those whose legs are linked only by a bundle. */
export function searchPool(view: PoolView, rules: SearchRules): FoundTrips {
  const found: PoolTrip[] = [];
  const rejected: PoolTrip[] = [];
  const edge: PoolTrip[] = [];
  rules.step(view.swaps.length);
  for (const [actor, legs] of view.legsByActor) {
    if (legs.length < 2) continue;
    const actors = new Set([actor]);
    const own = tripRules(view, actors, rules);
    const trips = findRoundTrips(legs, own);
    for (const trip of trips.found) found.push({ ...trip, view, actors });
    for (const trip of trips.rejected) rejected.push({ ...trip, view, actors });
    for (const trip of edgeTrips(legs, trips.found, own, rules)) edge.push({ ...trip, view, actors });
  }
  for (const trip of bundledTrips(view, rules)) found.push(trip);
  return { found, rejected, edge };
}

/** Round trips with the remaining legs that would count if the window were wider. */
function edgeTrips(
  legs: readonly Leg[],
  found: readonly JudgedTrip[],
  rules: TripRules,
  { edgeOf }: SearchRules,
): (JudgedTrip & { readonly edge: string })[] {
  const used = new Set(found.flatMap(({ trip }) => [...trip.fronts, ...trip.backs]));
  const rest = legs.filter((leg) => !used.has(leg));
  const withinWindow = (first: Leg, last: Leg): boolean =>
    rules.withinWindow(first, last) || edgeOf(first, last) !== undefined;
  return findRoundTrips(rest, { ...rules, withinWindow }).found.flatMap((one) => {
    const [first, last] = [firstLeg(one.trip), lastLeg(one.trip)];
    const edge = first === undefined || last === undefined ? undefined : edgeOf(first, last);
    return edge === undefined ? [] : [{ ...ruledOut(one, edge), edge }];
  });
}

function tripRules(view: PoolView, actors: ReadonlySet<number>, rules: SearchRules): TripRules {
  return {
    withinWindow: rules.withinWindow,
    step: rules.step,
    judge: (trip) => judgeBetween(view, actors, trip, (legs) => linkOf(legs, rules.addressesOf, rules.links)),
  };
}

function judgeBetween(
  view: PoolView,
  actors: ReadonlySet<number>,
  trip: RoundTrip,
  linkOf: (trip: RoundTrip) => Link,
): ReturnType<typeof judge> | undefined {
  const [first, last] = [firstLeg(trip), lastLeg(trip)];
  if (first === undefined || last === undefined) return undefined;
  if (view.countOthers(actors, first.direction, first.at, last.at) === 0) return undefined;
  const back = trip.backs[0]?.at ?? last.at;
  const judged = judge(trip, linkOf(trip), {
    lastBefore: view.lastOther(actors, first.direction, first.at, back),
    strangers: view.countOthers(actors, 1 - first.direction, first.at, last.at),
  });
  if (!judged.feasible || harmsSomebody(view, actors, trip)) return judged;
  const reason = "nobody in between got a worse price than the front run: the maker's quotes moved";
  return { ...judged, feasible: false, reason };
}

/**
 * A bundle is executed as a unit, so its creator placed the pool's first and last swap around the others. If
 * these two are by different actors, in opposite directions and match within 1 %, they are two wallets of one
 * attacker.
 */
function* bundledTrips(view: PoolView, rules: SearchRules): Generator<PoolTrip> {
  const bundles = new Map<string, { first: number; last: number }>();
  for (const [at, { bundleId }] of view.swaps.entries()) {
    if (bundleId === undefined) continue;
    const ends = bundles.get(bundleId);
    if (ends === undefined) bundles.set(bundleId, { first: at, last: at });
    else ends.last = at;
  }
  for (const [bundle, ends] of bundles) {
    const [first, last] = [legAt(view, ends.first), legAt(view, ends.last)];
    const actors = new Set([view.actorAt(ends.first), view.actorAt(ends.last)]);
    if (first === undefined || last === undefined || first.direction === last.direction) continue;
    if (actors.size < 2 || !rules.withinWindow(first, last)) continue;
    const trip = { fronts: [first], backs: [last] };
    const feasibility = judgeBetween(view, actors, trip, () => ({
      kind: "bundle",
      detail: `bundle ${bundle}`,
    }));
    if (feasibility?.feasible !== true || feasibility.economics.matched < 0.99) continue;
    yield { trip, feasibility, view, actors };
  }
}

function legAt(view: PoolView, at: number): Leg | undefined {
  const swap = view.swaps[at];
  return swap === undefined ? undefined : { swap, at, direction: view.directionAt(at) };
}
