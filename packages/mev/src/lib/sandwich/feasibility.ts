import { type Economics, economicsOf } from "./economics.ts";
import { type RoundTrip, type Totals, totalsOf } from "./legs.ts";
import { hidesBehindWallets, isRelayed, type Link, sharedBundle } from "./link.ts";
import type { Swap } from "./swap.ts";

/** Whether a round trip paid, and why not. */
export interface Feasibility {
  readonly feasible: boolean;
  readonly economics: Economics;
  readonly link: Link;
  /** Why it is not feasible; "" where it is. */
  readonly reason: string;
}

/** Shares of the larger of bought and sold, below which a gain may as well come from two unrelated trades. */
const leastMatchOfGain = { signer: 0.5, holder: 0.5, program: 0.9, bundle: 0.9 } as const;
/** With evidence that cannot be chance, amounts may differ up to threefold: the attacker traded from an inventory. */
const leastMatchOfInventory = 1 / 3;

/**
 * Judges a round trip by its economics. `feasible`:
 * - a gain (more of one token, no less of the other) with at least half of the amounts matched;
 * - or a profit with amounts that match to 1 %, to 10 % where signer or holder are the same;
 * - or, where a bundle or one holder behind different wallets shows that the legs belong together, amounts up to
 *   threefold apart with the difference valued at the pool's price after the last leg.
 * @param lastBefore The last swap of others before the first back leg, in the front legs' direction.
 */
export function judge(trip: RoundTrip, link: Link, lastBefore: Swap | undefined): Feasibility {
  const totals = totalsOf(trip);
  const economics = economicsOf(totals);
  const verdict = (reason: string): Feasibility => ({ feasible: reason === "", economics, link, reason });
  if (link.kind === "signer" && isRelayed(trip)) {
    return verdict("one signer for owners who have nothing else in common");
  }
  const { match, matched, outcome } = economics;
  if (outcome === "gain" && matched >= leastMatchOfGain[link.kind]) return verdict("");
  if (outcome === "profit" && match === "tight") return verdict("");
  const ownFunds = link.kind === "signer" || link.kind === "holder";
  if (outcome === "profit" && match === "loose" && ownFunds) return verdict("");
  const certain = hidesBehindWallets(trip, link) || (ownFunds && sharedBundle(trip) !== undefined);
  if (certain && matched >= leastMatchOfInventory && paysAtLastPrice(totals, lastBefore)) return verdict("");
  return verdict(outcome === "loss" ? "the round trip lost money" : "bought and sold amounts do not match");
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
  return (moneyOut - moneyIn) * denominator + (tokenOut - tokenIn) * numerator >= 0n;
}
