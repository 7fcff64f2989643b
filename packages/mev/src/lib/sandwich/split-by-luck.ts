import type { Swap } from "../swaps/swap.ts";
import { tripsAroundNobody } from "./around-nobody.ts";
import { cycle } from "./cycles.ts";
import { countByActor, type TripWithVictims } from "./describe.ts";
import { ruledOut } from "./feasibility.ts";
import { intentOf } from "./intent.ts";
import { luckOf, type TradeCounts } from "./luck.ts";
import type { DetectOptions } from "./options.ts";
import type { PoolTrip } from "./search-pool.ts";

/** Round trips that paid off, and those of them that count as luck, as far as these swaps show. */
export function splitByLuck(
  trips: readonly TripWithVictims[],
  swaps: readonly Swap[],
  cycles: Uint8Array,
  options: DetectOptions,
): { kept: PoolTrip[]; lucky: PoolTrip[] } {
  const countsOf = tradeCounts(trips, swaps, cycles);
  const sandwichesOf = countByActor(trips);
  const kept: PoolTrip[] = [];
  const lucky: PoolTrip[] = [];
  for (const { trip } of trips) {
    const { fronts, backs } = legsOf(trip);
    const signers = new Set([...fronts, ...backs].map(({ signer }) => signer));
    const kinds = new Set(intentOf(trip, { options, sandwichesOf, signers }).map(({ kind }) => kind));
    const isBundled = kinds.delete("bundle") || trip.feasibility.link.kind === "bundle";
    const isRepeated = kinds.delete("repeated");
    // Traders are lucky more than once. Nobody tips, or fails in the same pool, by luck.
    const reason =
      kinds.size > 0 ? undefined : luckOf({ fronts, backs, isBundled, isIntentional: isRepeated }, countsOf);
    if (reason === undefined) kept.push(trip);
    else lucky.push(ruledOut(trip, reason));
  }
  return { kept, lucky };
}

function tradeCounts(
  trips: readonly TripWithVictims[],
  swaps: readonly Swap[],
  cycles: Uint8Array,
): (signer: string) => TradeCounts {
  const legs = new Set<Swap>();
  const counts = new Map<string, { swaps: number; sandwiches: number }>();
  for (const { trip } of trips) {
    const { fronts, backs } = legsOf(trip);
    for (const leg of [...fronts, ...backs]) {
      legs.add(leg);
      if (!counts.has(leg.signer)) counts.set(leg.signer, { swaps: 0, sandwiches: 0 });
    }
    const own = counts.get(fronts[0]?.signer ?? "");
    if (own !== undefined) own.sandwiches++;
  }
  const aroundNobody = tripsAroundNobody(swaps);
  for (const [index, swap] of swaps.entries()) {
    const own = counts.get(swap.signer);
    if (own === undefined || cycles[index] === cycle.gained) continue;
    if (!legs.has(swap) && !aroundNobody.has(swap.id)) own.swaps++;
  }
  return (signer) => counts.get(signer) ?? { swaps: 0, sandwiches: 0 };
}

function legsOf({ trip }: PoolTrip): { fronts: Swap[]; backs: Swap[] } {
  return { fronts: trip.fronts.map(({ swap }) => swap), backs: trip.backs.map(({ swap }) => swap) };
}
