import { firstLeg, type Leg, lastLeg, type RoundTrip } from "./legs.ts";
import type { PoolView } from "./pool-view.ts";
import { firstAbove } from "./sorted-positions.ts";

/** A round trip and its actors. */
export interface AttackerTrip {
  readonly trip: RoundTrip;
  /** The actors, whose own swaps are not victims. */
  readonly actors: ReadonlySet<number>;
}

/**
 * Maximum number of legs of other sandwiches that are checked individually for being victims. Beyond it, all
 * count as rivals.
 */
const mostRivals = 64;
/**
 * Share of the front run's purchase, in hundredths, that the attacker must still hold for a swap to be a
 * victim.
 */
const leastOpen = 1n;

/**
 * The positions of a trip's victims: swaps by others in the direction of the front run, in transactions of
 * their own, while the attacker held what the front run bought.
 * @param most Maximum number of victims.
 */
export function victimPlaces(view: PoolView, { trip, actors }: AttackerTrip, most: number): number[] {
  const first = firstLeg(trip);
  const last = lastLeg(trip);
  if (first === undefined || last === undefined) return [];
  const places = view.places(first.direction);
  const held = heldBetween(trip);
  const transactions = new Set([...trip.fronts, ...trip.backs].map(({ swap }) => swap.signature));
  const victims: number[] = [];
  for (let i = firstAbove(places, first.at); i < places.length && victims.length < most; i++) {
    const at = places[i] ?? 0;
    if (at >= last.at) break;
    const swap = view.swaps[at];
    if (swap === undefined || actors.has(view.actorAt(at)) || transactions.has(swap.signature)) continue;
    if (held(at)) victims.push(at);
  }
  return victims;
}

/** Whether the attacker holds at least a hundredth of what it bought, by position. */
function heldBetween({ fronts, backs }: RoundTrip): (at: number) => boolean {
  const bought = fronts.reduce((sum, { swap }) => sum + swap.amountOut, 0n);
  const changes: { at: number; held: bigint }[] = [];
  let held = 0n;
  const legs: (Leg & { readonly front: boolean })[] = [
    ...fronts.map((leg) => ({ ...leg, front: true })),
    ...backs.map((leg) => ({ ...leg, front: false })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, swap, front } of legs) {
    held += front ? swap.amountOut : -swap.amountIn;
    changes.push({ at, held });
  }
  const places = changes.map(({ at }) => at);
  return (at) => {
    const now = changes[firstAbove(places, at) - 1];
    return now !== undefined && now.held * 100n >= bought * leastOpen;
  };
}

/**
 * Removes rivals: if several attackers enclose the same victim, the legs of one are not victims of the other.
 * A victim that later attacks somebody else remains a victim.
 * @param places Victims of each trip, by its index in `trips`.
 */
export function withoutRivals(
  trips: readonly AttackerTrip[],
  places: readonly (readonly number[])[],
): number[][] {
  const tripOfLeg = new Map<number, number>();
  for (const [number, { trip }] of trips.entries()) {
    for (const { at } of [...trip.fronts, ...trip.backs]) tripOfLeg.set(at, number);
  }
  const ordinary = places.map((own) => own.filter((at) => !tripOfLeg.has(at)));
  return places.map((own, number) => {
    const plain = ordinary[number] ?? [];
    const suspects = own.filter((at) => tripOfLeg.has(at));
    if (suspects.length === 0 || suspects.length > mostRivals) return plain.length > 0 ? plain : [...own];
    const mine = new Set(plain);
    const kept = own.filter((at) => {
      const rival = tripOfLeg.get(at);
      if (rival === undefined) return true;
      return !(ordinary[rival] ?? []).some((victim) => mine.has(victim));
    });
    return kept.length > 0 ? kept : [...own];
  });
}
