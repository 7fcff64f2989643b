import type { Feasibility } from "./feasibility.ts";
import { firstLeg, type Leg, lastLeg, type RoundTrip, runsOf } from "./legs.ts";

/** A round trip with somebody else's swap between its legs, and its judgement. */
export interface JudgedTrip {
  readonly trip: RoundTrip;
  readonly feasibility: Feasibility;
}

export interface TripRules {
  /** Whether the legs are close enough together, under the same leader. */
  withinWindow(first: Leg, last: Leg): boolean;
  /**
   * Judges a round trip. Undefined if there is no swap by others in the direction of the front run between
   * its legs.
   */
  judge(trip: RoundTrip): Feasibility | undefined;
  step(steps: number): void;
}

/** Minimum match between the amounts bought and sold for a trip to be taken in the first passes. */
const sureMatch = 0.99;
/**
 * Maximum number of runs in one direction that a position with interleaved buys and sells may take to close.
 */
const longestSpan = 8;
/**
 * Maximum number of legs on one side of a sandwich. Bounds the work if somebody swaps a thousand times in a
 * row.
 */
const mostLegs = 32;

/**
 * Finds an actor's round trips in a pool. Consecutive legs in one direction form a run. The last legs of a
 * run and the first legs of the next are the two sides of a trip, with as many legs each as match best. There
 * are three passes, the most certain first, and each leg is used once: amounts that match within 1 % and paid
 * off; the same over several runs; then everything else that paid off. The rest are candidates. Each pass is
 * linear in the number of legs.
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

/**
 * Offers the best trip of each two neighbouring runs, in order. The legs of an accepted trip are removed from
 * the runs.
 */
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
 * The best trip of the last m front legs and the first n back legs. The smaller side is extended next, so one
 * pass over both runs compares the sums.
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

/**
 * Certain trips first, then feasible ones, then the rest. Among certain trips the one with more legs,
 * otherwise the better match.
 */
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

/** Takes positions that close only after further buys and sells. */
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
