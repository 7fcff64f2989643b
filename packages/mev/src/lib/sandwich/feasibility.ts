import type { Swap } from "../swaps/swap.ts";
import { type Economics, economicsOf } from "./economics.ts";
import { type RoundTrip, type Totals, totalsOf } from "./legs.ts";
import { hidesBehindWallets, isRelayed, type Link, type LinkKind, sharedBundle } from "./link.ts";

/** Whether a round trip paid off, and if not, why. */
export interface Feasibility {
  readonly feasible: boolean;
  readonly economics: Economics;
  readonly link: Link;
  /** Why it is not feasible; "" if it is. */
  readonly reason: string;
  /**
   * Whether it paid off only when the difference in amounts is valued at the pool's price after the last leg.
   */
  readonly atLastPrice: boolean;
}

/**
 * A round trip that paid off and still does not count.
 * @param reason Why it does not.
 */
export function ruledOut<T extends { readonly feasibility: Feasibility }>(trip: T, reason: string): T {
  return { ...trip, feasibility: { ...trip.feasibility, feasible: false, reason } };
}

/** What lies between the legs of a round trip. */
export interface Surroundings {
  /** The last swap of others before the first back run, in the direction of the front run. */
  readonly lastBefore: Swap | undefined;
  /**
   * Number of others' swaps against the direction of the front run. Above 0, the attacker was not alone in
   * the pool.
   */
  readonly strangers: number;
}

/**
 * Minimum match between the amounts bought and sold, as a share of the larger, after a profit and after a
 * gain.
 */
interface Tolerance {
  readonly profit: number;
  readonly gain: number;
}

/**
 * The more loosely the legs enclose their victims, the more often ordinary buying and selling looks the same,
 * and the better the amounts must match. `enclosed`: in one slot, without others' swaps in the opposite
 * direction in between; `mixed`: in one slot with such swaps; `across`: across slots without them; `wide`:
 * across slots with them.
 */
const ownTolerance = {
  enclosed: { profit: 0.9, gain: 0.5 },
  mixed: { profit: 0.95, gain: 0.75 },
  across: { profit: 0.99, gain: 0.9 },
  wide: { profit: 0.999, gain: 0.99 },
} as const;
/** For legs without a common signer or holder, and that no transfer links. */
const otherTolerance = {
  enclosed: { profit: 0.99, gain: 0.9 },
  mixed: { profit: 0.99, gain: 0.9 },
  across: { profit: 0.99, gain: 0.99 },
  wide: { profit: 0.999, gain: 0.999 },
} as const;

/**
 * If the evidence cannot be chance, amounts may differ by a factor of three: the attacker traded from an
 * inventory.
 */
const leastMatchOfInventory = 1 / 3;

/**
 * Judges a round trip by its economics. It is `feasible` if it earned something (a gain: more of one token
 * and no less of the other; a profit: less of one token, but more than compensated at the back run's price)
 * and if the amounts bought and sold match within a tolerance. The tolerance depends on how closely the trip
 * encloses its victims. If a bundle, or one holder behind different wallets, shows that the legs belong
 * together, amounts may differ by a factor of three; the difference is then valued at the pool's price after
 * the last leg.
 */
export function judge(trip: RoundTrip, link: Link, around: Surroundings): Feasibility {
  const totals = totalsOf(trip);
  const economics = economicsOf(totals);
  const verdict = (reason: string, atLastPrice = false): Feasibility => {
    return { feasible: reason === "", economics, link, reason, atLastPrice };
  };
  if (link.kind === "signer" && isRelayed(trip)) {
    return verdict("one signer for owners with nothing else in common");
  }
  const { matched, outcome } = economics;
  const bundled = sharedBundle(trip) !== undefined;
  const tolerance = toleranceOf(trip, link.kind, around, bundled);
  if (outcome !== "loss" && matched >= tolerance[outcome]) return verdict("");
  const certain = hidesBehindWallets(trip, link) || (isOwn(link.kind) && bundled);
  const inventory = certain && matched >= leastMatchOfInventory;
  if (inventory && paysAtLastPrice(totals, around.lastBefore)) return verdict("", true);
  return verdict(outcome === "loss" ? "the round trip lost money" : "bought and sold amounts do not match");
}

function toleranceOf(trip: RoundTrip, link: LinkKind, around: Surroundings, bundled: boolean): Tolerance {
  const tolerances = isOwn(link) ? ownTolerance : otherTolerance;
  if (bundled) return tolerances.enclosed;
  const across = trip.fronts[0]?.swap.slot !== trip.backs.at(-1)?.swap.slot;
  if (around.strangers === 0) return across ? tolerances.across : tolerances.enclosed;
  return across ? tolerances.wide : tolerances.mixed;
}

function isOwn(link: LinkKind): boolean {
  return link === "signer" || link === "holder" || link === "transfer";
}

/**
 * Whether the round trip pays off if the token's surplus or shortfall is valued at the pool's price after the
 * last back run. An average price is the geometric mean of the prices before and after (constant product), so
 * after = average^2 / before; before = the price of the last swap ahead of the back run.
 */
function paysAtLastPrice(
  { moneyIn, tokenOut, tokenIn, moneyOut }: Totals,
  lastBefore: Swap | undefined,
): boolean {
  if (lastBefore === undefined || lastBefore.amountIn === 0n || tokenIn === 0n) return false;
  const numerator = moneyOut * moneyOut * lastBefore.amountOut;
  const denominator = tokenIn * tokenIn * lastBefore.amountIn;
  // before = amountIn / amountOut, in money per token.
  return (moneyOut - moneyIn) * denominator + (tokenOut - tokenIn) * numerator >= 0n;
}
