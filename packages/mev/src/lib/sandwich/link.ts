import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { Swap } from "../swaps/swap.ts";
import type { Leg, RoundTrip } from "./legs.ts";
import type { TransferLinks } from "./transfer-links.ts";

/**
 * Why the legs belong to one actor.
 * - `signer`: one signer signed them all.
 * - `holder`: one address signed, paid or received in each of them.
 * - `transfer`: transfers between their owners passed on exactly what the legs moved.
 * - `program`: they share addresses that are private to an actor, a program among them.
 * - `bundle`: only the common bundle links them.
 */
export type LinkKind = "signer" | "holder" | "transfer" | "program" | "bundle";

export interface Link {
  readonly kind: LinkKind;
  readonly detail: string;
}

/** Maximum number of transfers that evidence names. */
const mostNamed = 4;

/** The strongest link between the legs of a round trip that are known to be linked. */
export function linkOf(
  trip: RoundTrip,
  addressesOf: (swap: Swap) => readonly string[],
  links: TransferLinks,
): Link {
  const legs = [...trip.fronts, ...trip.backs];
  const signer = common(legs, ({ signer }) => [signer]);
  if (signer !== undefined) return { kind: "signer", detail: `signer ${signer}` };
  const holder = common(legs, (swap) => {
    const holders = [swap.signer, swap.payer, swap.recipient];
    return addressesOf(swap).filter((address) => holders.includes(address));
  });
  if (holder !== undefined)
    return { kind: "holder", detail: `every leg signed, paid or received by ${holder}` };
  const swapsOf = (some: readonly Leg[]): Swap[] => some.map(({ swap }) => swap);
  const transfers = links.between(swapsOf(trip.fronts), swapsOf(trip.backs));
  if (transfers.length > 0) return { kind: "transfer", detail: namesOf(transfers) };
  const program = common(legs, addressesOf);
  const detail = program === undefined ? "addresses shared by pairs of legs" : `program ${program}`;
  return { kind: "program", detail };
}

function namesOf(transfers: readonly OwnerTransfer[]): string {
  const named = transfers
    .slice(0, mostNamed)
    .map(
      ({ signature, from, to, amount, token }) => `${from} to ${to}, ${amount} of ${token} in ${signature}`,
    );
  const more = transfers.length - named.length;
  return `transfer ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function common(legs: readonly Leg[], addresses: (swap: Swap) => readonly string[]): string | undefined {
  const [first, ...others] = legs;
  if (first === undefined) return undefined;
  return addresses(first.swap).find((address) =>
    others.every(({ swap }) => addresses(swap).includes(address)),
  );
}

/**
 * Whether one signer signed legs that belong to different people: a relayer that pays its customers' fees.
 * Known only if every leg names its payer and recipient.
 */
export function isRelayed({ fronts, backs }: RoundTrip): boolean {
  const frontOwners = ownersOf(fronts);
  const backOwners = ownersOf(backs);
  if (frontOwners === undefined || backOwners === undefined) return false;
  return [...frontOwners].every((owner) => !backOwners.has(owner));
}

/**
 * The owners of the legs; undefined unless each leg has the same payer and recipient, different from the
 * signer.
 */
function ownersOf(legs: readonly Leg[]): Set<string> | undefined {
  const owners = new Set<string>();
  for (const { swap } of legs) {
    const { payer, recipient, signer } = swap;
    if (payer === undefined || payer !== recipient || payer === signer) return undefined;
    owners.add(payer);
  }
  return owners;
}

/**
 * Whether different wallets signed the front and the back run of one holder. Nobody does that without a
 * reason.
 */
export function hidesBehindWallets({ fronts, backs }: RoundTrip, link: Link): boolean {
  return link.kind === "holder" && isSignedByOthers({ fronts, backs });
}

/** Whether nobody signed both a front and a back leg. */
export function isSignedByOthers({ fronts, backs }: RoundTrip): boolean {
  const signers = new Set(fronts.map(({ swap }) => swap.signer));
  return backs.every(({ swap }) => !signers.has(swap.signer));
}

/**
 * The bundle that contains both front and back run. Only its creator could order the transactions this way.
 */
export function sharedBundle({ fronts, backs }: RoundTrip): string | undefined {
  const bundles = new Set(fronts.map(({ swap }) => swap.bundleId));
  return backs.map(({ swap }) => swap.bundleId).find((id) => id !== undefined && bundles.has(id));
}
