import type { Feasibility } from "./feasibility.ts";
import { firstLeg, type Leg, lastLeg, type RoundTrip, runsOf } from "./legs.ts";

/** A round trip with somebody else's swap between its legs, and how it is judged. */
export interface JudgedTrip {
  readonly trip: RoundTrip;
  readonly feasibility: Feasibility;
}

export interface TripRules {
  /** Whether the legs are close enough, and under one leader. */
  withinWindow(first: Leg, last: Leg): boolean;
  /** Judges a round trip; undefined where nobody else's swap in the front legs' direction lies between its legs. */
  judge(trip: RoundTrip): Feasibility | undefined;
  step(steps: number): void;
}

/** Share of bought and sold that matches, from which on legs are taken for those of one round trip first of all. */
const sureMatch = 0.99;
/** Runs of one direction that a position with interleaved buys and sells may take to close. */
const longestSpan = 8;
/** Legs on one side of a sandwich: bounds the work where somebody swaps a thousand times in a row. */
const mostLegs = 32;

/**
 * Finds an actor's round trips in a pool. Legs in one direction make a run; the last legs of a run and the first of the
 * next are the two sides, as many of each as match best. In three passes, the surest first, each leg used once:
 * amounts that match to 1 % and paid; the same over several runs; then whatever else paid. What is left are candidates.
 * Each pass is linear in the number of legs.
 */
export function findRoundTrips(
  legs: readonly Leg[],
  rules: TripRules,
): { found: JudgedTrip[]; rejected: JudgedTrip[] } {
  const found: JudgedTrip[] = [];
  const rejected: JudgedTrip[] = [];
  const runs = runsOf(legs);
  if (runs.length < 2) return { found, rejected };
  takePairs(runs, rules, (best) => {
    if (isSure(best)) found.push(best);
    return isSure(best);
  });
  const spanned = runsOf(runs.flat());
  takeSpans(spanned, rules, found);
  takePairs(runsOf(spanned.flat()), rules, (best) => {
    (best.feasibility.feasible ? found : rejected).push(best);
    return best.feasibility.feasible;
  });
  return { found, rejected };
}

function isSure({ feasibility }: JudgedTrip): boolean {
  return feasibility.feasible && feasibility.economics.matched >= sureMatch;
}

/** Offers the best trip of each two neighbouring runs, in order; an accepted one's legs are taken out of the runs. */
function takePairs(runs: Leg[][], rules: TripRules, accept: (best: JudgedTrip) => boolean): void {
  for (let i = 0; i + 1 < runs.length; i++) {
    const [fronts, backs] = [runs[i] ?? [], runs[i + 1] ?? []];
    const best = bestTrip(fronts, backs, rules);
    if (best === undefined || !accept(best)) continue;
    runs[i] = fronts.slice(0, fronts.length - best.trip.fronts.length);
    runs[i + 1] = backs.slice(best.trip.backs.length);
  }
}

/**
 * The best trip of the last m front legs and the first n back legs. The smaller side is extended next, so that the sums
 * are compared in one walk over both runs.
 */
function bestTrip(fronts: readonly Leg[], backs: readonly Leg[], rules: TripRules): JudgedTrip | undefined {
  let best: JudgedTrip | undefined;
  let m = 1;
  let n = 1;
  let bought = fronts.at(-1)?.swap.amountOut ?? 0n;
  let sold = backs[0]?.swap.amountIn ?? 0n;
  while (m <= fronts.length && n <= backs.length && m <= mostLegs && n <= mostLegs) {
    const trip = { fronts: fronts.slice(fronts.length - m), backs: backs.slice(0, n) };
    rules.step(m + n);
    const [first, last] = [firstLeg(trip), lastLeg(trip)];
    if (first === undefined || last === undefined || !rules.withinWindow(first, last)) break;
    const feasibility = rules.judge(trip);
    if (feasibility !== undefined && (best === undefined || isBetter({ trip, feasibility }, best))) {
      best = { trip, feasibility };
    }
    const extendFronts = m < fronts.length && (bought <= sold || n === backs.length);
    if (extendFronts) bought += fronts[fronts.length - ++m]?.swap.amountOut ?? 0n;
    else sold += backs[n++]?.swap.amountIn ?? 0n;
  }
  return best;
}

/** Sure before feasible before the rest; among the sure the one with more legs, else the one that matches better. */
function isBetter(a: JudgedTrip, b: JudgedTrip): boolean {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA > rankB;
  if (rankA === 2) return true;
  return a.feasibility.economics.matched > b.feasibility.economics.matched;
}

function rank(trip: JudgedTrip): number {
  if (isSure(trip)) return 2;
  return trip.feasibility.feasible ? 1 : 0;
}

/** Positions that close only after further buys and sells between. */
function takeSpans(runs: Leg[][], rules: TripRules, found: JudgedTrip[]): void {
  for (let i = 0; i + 3 < runs.length; i++) {
    const sides: [Leg[], Leg[]] = [[], []];
    for (let j = i; j < runs.length && j < i + longestSpan; j++) {
      const run = runs[j] ?? [];
      sides[(j - i) % 2 === 0 ? 0 : 1].push(...run);
      if (sides[0].length > mostLegs || sides[1].length > mostLegs) break;
      if (j < i + 3 || (j - i) % 2 === 0) continue;
      const trip = { fronts: [...sides[0]], backs: [...sides[1]] };
      rules.step(trip.fronts.length + trip.backs.length);
      const [first, last] = [firstLeg(trip), lastLeg(trip)];
      if (first === undefined || last === undefined || !rules.withinWindow(first, last)) break;
      const feasibility = rules.judge(trip);
      if (feasibility === undefined || !isSure({ trip, feasibility })) continue;
      found.push({ trip, feasibility });
      for (let used = i; used <= j; used++) runs[used] = [];
      i = j;
      break;
    }
  }
}
