import { isQuoted } from "../replay/pool-model.ts";
import { type RoundTrip, totalsOf } from "./legs.ts";
import type { PoolView } from "./pool-view.ts";
import { firstAbove } from "./sorted-positions.ts";

/**
 * Whether a swap in the direction of the front run may have been harmed by it. In pools that compute their price, everybody who
 * follows the front run is. Where makers quote, the price also moves by itself: only a worse one than the front run's own can
 * be the front run's doing.
 */
export function harmedBy(view: PoolView, trip: RoundTrip): (at: number) => boolean {
  if (!isQuoted(trip.fronts[0]?.swap.protocol ?? "")) return () => true;
  const { moneyIn, tokenOut } = totalsOf(trip);
  return (at) => {
    const swap = view.swaps[at];
    return swap !== undefined && swap.amountOut * moneyIn < tokenOut * swap.amountIn;
  };
}

/** Whether somebody else between the legs may have been harmed. */
export function harmsSomebody(view: PoolView, actors: ReadonlySet<number>, trip: RoundTrip): boolean {
  const [first, last] = [trip.fronts[0], trip.backs.at(-1)];
  if (first === undefined || last === undefined) return false;
  if (!isQuoted(first.swap.protocol)) return true;
  const isHarmed = harmedBy(view, trip);
  const places = view.places(first.direction);
  for (let i = firstAbove(places, first.at); i < places.length; i++) {
    const at = places[i] ?? 0;
    if (at >= last.at) break;
    if (!actors.has(view.actorAt(at)) && isHarmed(at)) return true;
  }
  return false;
}
