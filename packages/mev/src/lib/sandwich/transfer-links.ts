import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import { type ChainPlace, gotFrom, inChainOrder, paidFor, type Swap } from "../swaps/swap.ts";
import { isMatched } from "./amounts.ts";
import { Ledger } from "./ledger.ts";
import { type Entry, matchPassed, type Pair } from "./passed-amounts.ts";
import { Chains } from "./passed-chains.ts";
import type { PoolGroups } from "./pool-groups.ts";
import { firstAbove } from "./sorted-positions.ts";
import { TransferGraph } from "./transfer-graph.ts";

/** Swaps of different wallets that belong to one actor, because a transfer carried the amount of one to the other. */
export interface TransferLinks {
  /** Pairs of swaps, by index. */
  readonly pairs: readonly (readonly [number, number])[];
  /** The transfers that link some of the swaps to others, in chain order; empty if none do. */
  between(some: readonly Swap[], others: readonly Swap[]): readonly OwnerTransfer[];
}

export interface TransferLinkOptions {
  readonly routers: ReadonlySet<string>;
  readonly maxSlotDistance: number;
  readonly step: (steps: number) => void;
}

type Near = (one: ChainPlace, other: ChainPlace) => boolean;

/** An owner who receives from at most this many others is taken to be private. */
const fewSenders = 3;
/** Maximum number of an owner's swaps in a pool that are compared with a payment. */
const mostCompared = 8;
/** Minimum match between the amounts that two swaps bought and sold, in thousandths, for a payment to link them. */
const matched = 990n;

/**
 * Finds swaps that transfers between their owners link.
 * - What was bought: somebody passed on what it bought (or received), and who received it sold it (or passed it on). The amounts
 *   are equal to the atom at both ends. An amount may be split into a few parts, or put together from a few.
 * - What was paid: two opposite swaps in a pool match within 1 %, and the money of one of them, to the atom, came from the owner
 *   of the other before, or went to it afterwards.
 *
 * Routers, exchanges and others who receive from many do not link: an owner with more than 3 senders counts only if it sold, or
 * passed on to the atom, at least two thirds of what they sent.
 *
 * @param swaps In chain order.
 */
export function linkByTransfers(
  swaps: readonly Swap[],
  given: readonly OwnerTransfer[],
  pools: PoolGroups,
  options: TransferLinkOptions,
): TransferLinks {
  if (given.length === 0) return { pairs: [], between: () => [] };
  const transfers = [...given].sort(inChainOrder);
  const near = nearWithin(options.maxSlotDistance);
  const ledger = new Ledger(swaps, transfers, pools);
  options.step(swaps.length + transfers.length);
  const passed = new Map<string, Pair[]>();
  for (const [owner, accounts] of ledger.accounts) {
    const pairs = [...accounts.values()].flatMap((entries) => {
      options.step(entries.length);
      return matchPassed(entries.sort(byPlace), near);
    });
    passed.set(owner, pairs);
  }
  for (const owner of publicOwners(pools, transfers, passed, options.routers)) passed.delete(owner);
  const graph = new TransferGraph(swaps, transfers);
  const chains = new Chains(swaps.length, transfers.length, [...passed.values()].flat());
  const isOpen = (owner: string): boolean => passed.has(owner);
  for (const [transfer, swap] of payments(swaps, transfers, chains, { ledger, pools, near, isOpen })) {
    graph.join(transfer, swap);
    chains.end(transfer, swap);
  }
  for (const [before, after] of chains.complete()) graph.join(before, after);
  let indexOf: ReadonlyMap<Swap, number> | undefined;
  const nodesOf = (some: readonly Swap[]): number[] => {
    indexOf ??= new Map(swaps.map((swap, index) => [swap, index]));
    return some.flatMap((swap) => indexOf?.get(swap) ?? []);
  };
  return {
    pairs: graph.pairs(),
    between: (some, others) => graph.between(nodesOf(some), nodesOf(others)),
  };
}

function byPlace(a: Entry, b: Entry): number {
  return inChainOrder(a.place, b.place);
}

function nearWithin(maxSlotDistance: number): Near {
  return ({ slot: one }, { slot: other }) =>
    one === null || other === null ? one === other : Math.abs(one - other) <= maxSlotDistance;
}

/** Owners who receive from many and do not pass it on: exchanges, shops, the vaults of routers. */
function publicOwners(
  { groups }: PoolGroups,
  transfers: readonly OwnerTransfer[],
  passed: ReadonlyMap<string, readonly Pair[]>,
  routers: ReadonlySet<string>,
): Set<string> {
  const senders = new Map<string, { readonly names: Set<string>; count: number }>();
  for (const { from, to } of transfers) {
    const known = senders.get(to) ?? { names: new Set(), count: 0 };
    senders.set(to, known);
    known.names.add(from);
    known.count++;
  }
  const found = new Set<string>([...routers, ...groups.map(({ pool }) => pool)]);
  for (const [owner, { names, count }] of senders) {
    if (names.size <= fewSenders) continue;
    const onward = new Set(passed.get(owner)?.flatMap((pair) => (pair.in.isSwap ? [] : pair.in.node))).size;
    if (onward * 3 < count * 2) found.add(owner);
  }
  return found;
}

interface PaymentContext {
  readonly ledger: Ledger;
  readonly pools: PoolGroups;
  readonly near: Near;
  isOpen(owner: string): boolean;
}

/** The exact money of one swap: the last transfer of it, or the first, with the opposite swap of that transfer's other end. */
function payments(
  swaps: readonly Swap[],
  transfers: readonly OwnerTransfer[],
  chains: Chains,
  { ledger, pools, near, isOpen }: PaymentContext,
): [transfer: number, swap: number][] {
  const found: [number, number][] = [];
  const ofOwner = (owner: string, swap: number, isBefore: boolean): readonly number[] => {
    if (!isOpen(owner)) return [];
    const own = ledger.swapsOf(owner, pools.groupOf[swap] ?? -1);
    const at = firstAbove(own, swap);
    return isBefore ? own.slice(Math.max(0, at - mostCompared), at) : own.slice(at, at + mostCompared);
  };
  const isTrip = (front: number, back: number): boolean => {
    const [bought, sold] = [swaps[front], swaps[back]];
    if (bought === undefined || sold === undefined || !near(bought, sold)) return false;
    if (pools.directionOf[front] === pools.directionOf[back]) return false;
    return isMatched(gotFrom(bought), paidFor(sold), matched);
  };
  for (const [index, { from, to }] of transfers.entries()) {
    const transfer = swaps.length + index;
    const [back, front] = [chains.originOf(transfer), chains.destinationOf(transfer)];
    if (back !== undefined && front === undefined && chains.isLast(transfer)) {
      for (const swap of ofOwner(to, back, true)) if (isTrip(swap, back)) found.push([transfer, swap]);
    } else if (front !== undefined && back === undefined && chains.isFirst(transfer)) {
      for (const swap of ofOwner(from, front, false)) if (isTrip(front, swap)) found.push([transfer, swap]);
    }
  }
  return found;
}
