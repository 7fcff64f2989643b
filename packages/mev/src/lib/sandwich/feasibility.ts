import type { Swap } from "../swaps/swap.ts";
import { type Economics, economicsOf } from "./economics.ts";
import { type RoundTrip, type Totals, totalsOf } from "./legs.ts";
import { hidesBehindWallets, isRelayed, type Link, type LinkKind, sharedBundle } from "./link.ts";

/** Whether a round trip paid, and why not. */
export interface Feasibility {
  readonly feasible: boolean;
  readonly economics: Economics;
  readonly link: Link;
  /** Why it is not feasible; "" where it is. */
  readonly reason: string;
  /** Whether it paid only with the amounts' difference valued at the pool's price after the last leg. */
  readonly atLastPrice: boolean;
}

/** What lies between the legs of a round trip. */
export interface Surroundings {
  /** The last swap of others before the first back leg, in the front legs' direction. */
  readonly lastBefore: Swap | undefined;
  /** How many swaps of others go against the front legs' direction: the pool was not the attacker's alone. */
  readonly strangers: number;
}

/** Shares of the larger of bought and sold that must match, where a round trip made a profit and where a gain. */
interface Tolerance {
  readonly profit: number;
  readonly gain: number;
}

/**
 * The looser the legs enclose their victims, the more often a trader's own buying and selling looks the same, and the
 * better the amounts must match: `enclosed` in one slot with nobody else's swap in the other direction between; `mixed` in
 * one slot with such swaps; `across` slots without; `wide` across slots with them.
 */
const ownTolerance = {
  enclosed: { profit: 0.9, gain: 0.5 },
  mixed: { profit: 0.95, gain: 0.75 },
  across: { profit: 0.99, gain: 0.9 },
  wide: { profit: 0.999, gain: 0.99 },
} as const;
/** Legs that no signer or holder has in common. */
const otherTolerance = {
  enclosed: { profit: 0.99, gain: 0.9 },
  mixed: { profit: 0.99, gain: 0.9 },
  across: { profit: 0.99, gain: 0.99 },
  wide: { profit: 0.999, gain: 0.999 },
} as const;

/** With evidence that cannot be chance, amounts may differ up to threefold: the attacker traded from an inventory. */
const leastMatchOfInventory = 1 / 3;

/**
 * Judges a round trip by its economics. `feasible`: it earned (a gain: more of one token and no less of the other; a
 * profit: less of one, more than made up for at the back legs' price), and bought and sold match within the tolerance for
 * how closely it encloses its victims. Where a bundle, or one holder behind different wallets, shows that the legs belong
 * together, amounts may be up to threefold apart, with the difference valued at the pool's price after the last leg.
 */
export function judge(trip: RoundTrip, link: Link, around: Surroundings): Feasibility {
  const totals = totalsOf(trip);
  const economics = economicsOf(totals);
  const verdict = (reason: string, atLastPrice = false): Feasibility => {
    return { feasible: reason === "", economics, link, reason, atLastPrice };
  };
  if (link.kind === "signer" && isRelayed(trip)) {
    return verdict("one signer for owners who have nothing else in common");
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
  return link === "signer" || link === "holder";
}

/**
 * Whether the round trip pays when what is left or missing of the token is valued at the pool's price after the last back
 * leg. An average price is the geometric mean of those before and after (constant product), so
 * after = average^2 / before; before = what the last swap ahead of the back legs paid.
 */
function paysAtLastPrice(
  { moneyIn, tokenOut, tokenIn, moneyOut }: Totals,
  lastBefore: Swap | undefined,
): boolean {
  if (lastBefore === undefined || lastBefore.amountIn === 0n || tokenIn === 0n) return false;
  const numerator = moneyOut * moneyOut * lastBefore.amountOut;
  const denominator = tokenIn * tokenIn * lastBefore.amountIn;
  // before = amountIn / amountOut, in money for a token.
  return (moneyOut - moneyIn) * denominator + (tokenOut - tokenIn) * numerator >= 0n;
}
