import { publicPrograms } from "@slipstream/solana";
import type { Swap } from "../swaps/swap.ts";
import { isMatched } from "./amounts.ts";
import { appendTo } from "./append-to.ts";
import type { PoolGroups } from "./pool-groups.ts";
import type { TransferLinks } from "./transfer-links.ts";
import { UnionFind } from "./union-find.ts";

/**
 * Who trades. Swaps belong to one actor if they share a signer, or an address or program that only that actor
 * uses, or if transfers link them.
 */
export interface Identities {
  /** Actor number of each swap. */
  readonly actorOf: Int32Array;
  /** A swap's signer, and those of its other addresses that are private to an actor. */
  addressesOf(swap: Swap): readonly string[];
}

export interface IdentityOptions {
  readonly routers: ReadonlySet<string>;
  readonly maxSlotDistance: number;
  readonly links: TransferLinks;
  readonly step: (steps: number) => void;
}

/** An address with at most this many signers is taken to be private. */
const fewSigners = 3;
/**
 * Maximum number of legs in the round trips that distinguish an attacker's wallets from a router's customers.
 */
const roundTripLegs = 6;

/** @param swaps In chain order. */
export function findIdentities(
  swaps: readonly Swap[],
  pools: PoolGroups,
  options: IdentityOptions,
): Identities {
  const usage = addressUsage(swaps, options);
  const shared = new Set<string>();
  for (const [address, users] of usage) {
    options.step(users.length);
    if (isPrivate(swaps, users, pools, options)) shared.add(address);
  }
  const sets = new UnionFind(swaps.length);
  const first = new Map<string, number>();
  const addressesOf = (swap: Swap): string[] => [
    swap.signer,
    ...otherAddresses(swap).filter((address) => shared.has(address)),
  ];
  for (const [index, swap] of swaps.entries()) {
    for (const address of addressesOf(swap)) {
      const earlier = first.get(address);
      if (earlier === undefined) first.set(address, index);
      else sets.union(index, earlier);
    }
  }
  for (const [one, other] of options.links.pairs) sets.union(other, one);
  const actorOf = new Int32Array(swaps.length);
  for (let index = 0; index < swaps.length; index++) actorOf[index] = sets.find(index);
  return { actorOf, addressesOf };
}

function otherAddresses({ program, payer, recipient, signer }: Swap): string[] {
  const others: string[] = [];
  if (program !== undefined && program !== signer) others.push(program);
  if (payer !== undefined && payer !== signer && payer !== program) others.push(payer);
  if (recipient !== undefined && recipient !== signer && recipient !== program && recipient !== payer)
    others.push(recipient);
  return others;
}

/**
 * The swaps that each address could link, including those it signed. Routers, pools and tokens are excluded.
 */
function addressUsage(swaps: readonly Swap[], { routers, step }: IdentityOptions): Map<string, number[]> {
  const excluded = new Set<string>();
  for (const { pool, tokenIn, tokenOut } of swaps) excluded.add(pool).add(tokenIn).add(tokenOut);
  const usage = new Map<string, number[]>();
  for (const [index, swap] of swaps.entries()) {
    for (const address of otherAddresses(swap)) {
      if (publicPrograms.has(address) || routers.has(address) || excluded.has(address)) continue;
      appendTo(usage, address, index);
    }
  }
  step(2 * swaps.length);
  for (const [index, { signer }] of swaps.entries()) usage.get(signer)?.push(index);
  for (const users of usage.values()) users.sort((a, b) => a - b);
  return usage;
}

/**
 * Whether an address belongs to one actor. A router has many signers who have nothing to do with each other.
 * An attacker's program or contract may also have many signers, but they make round trips with it: at least
 * two thirds of them take part in one that closes, within 1 %, after a few legs.
 */
function isPrivate(
  swaps: readonly Swap[],
  users: readonly number[],
  pools: PoolGroups,
  options: IdentityOptions,
): boolean {
  const signers = new Set<string>();
  for (const index of users) signers.add(swaps[index]?.signer ?? "");
  if (signers.size <= fewSigners) return true;
  options.step(users.length * roundTripLegs);
  const byPool = new Map<number, number[]>();
  for (const index of users) {
    appendTo(byPool, pools.groupOf[index] ?? 0, index);
  }
  const paired = new Set<string>();
  for (const members of byPool.values()) {
    addRoundTripSigners(swaps, members, pools.directionOf, options.maxSlotDistance, paired);
  }
  return paired.size * 3 >= signers.size * 2;
}

function addRoundTripSigners(
  swaps: readonly Swap[],
  members: readonly number[],
  directionOf: Uint8Array,
  maxSlotDistance: number,
  paired: Set<string>,
): void {
  for (let start = 0; start < members.length; start++) {
    const end = roundTripEnd(swaps, members, start, directionOf, maxSlotDistance);
    if (end === undefined) continue;
    const signers = new Set(members.slice(start, end + 1).map((index) => swaps[index]?.signer ?? ""));
    // A signer who buys and sells may be any trader. A trip that one signer begins and another ends is
    // significant.
    if (signers.size > 1) for (const signer of signers) paired.add(signer);
    start = end;
  }
}

function roundTripEnd(
  swaps: readonly Swap[],
  members: readonly number[],
  start: number,
  directionOf: Uint8Array,
  maxSlotDistance: number,
): number | undefined {
  const opening = swaps[members[start] ?? 0];
  const direction = directionOf[members[start] ?? 0];
  let bought = 0n;
  let sold = 0n;
  for (let at = start; at < members.length && at < start + roundTripLegs; at++) {
    const index = members[at] ?? 0;
    const swap = swaps[index];
    if (swap === undefined || (swap.slot ?? 0) - (opening?.slot ?? 0) > maxSlotDistance) return undefined;
    if (directionOf[index] === direction) bought += swap.amountOut;
    else sold += swap.amountIn;
    if (sold > 0n && isMatched(bought, sold, 990n)) return at;
  }
  return undefined;
}
