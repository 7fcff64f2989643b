import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import { gotFrom, paidFor, type Swap } from "../swaps/swap.ts";
import { appendTo } from "./append-to.ts";
import type { Entry } from "./passed-amounts.ts";
import type { PoolGroups } from "./pool-groups.ts";

/** A signer who swaps for more other owners than this is a relayer. */
const fewOwners = 3;

/** What the owners of transferred tokens swapped and transferred. Everybody else is left out. */
export class Ledger {
  /** In the order of swaps, then of transfers, by owner and token. */
  readonly accounts: Map<string, Map<string, Entry[]>> = new Map();
  readonly #swaps = new Map<string, Map<number, number[]>>();

  /** Both in chain order. */
  constructor(swaps: readonly Swap[], transfers: readonly OwnerTransfer[], pools: PoolGroups) {
    for (const { from, to } of transfers) for (const owner of [from, to]) this.accounts.set(owner, new Map());
    let relayers: ReadonlySet<string> | undefined;
    for (const [node, swap] of swaps.entries()) {
      const { signer, payer = signer, recipient = signer, tokenIn, tokenOut } = swap;
      const isSigners = payer === signer && recipient === signer;
      // A router may swap with accounts of its own, and take from and give to who signed.
      const owners = (isSigners ? [signer] : [...new Set([signer, payer, recipient])]).filter((owner) =>
        this.accounts.has(owner),
      );
      if (owners.length === 0) continue;
      relayers ??= relayersAmong(swaps);
      const entry = { node, isSwap: true, place: swap };
      for (const owner of owners) {
        if (owner !== signer && relayers.has(signer)) continue;
        this.#addSwap(owner, pools.groupOf[node] ?? -1, node);
        if (owner === signer || owner === recipient)
          this.#enter(owner, tokenOut, { ...entry, isIn: true, amount: gotFrom(swap) });
        if (owner === signer || owner === payer)
          this.#enter(owner, tokenIn, { ...entry, isIn: false, amount: paidFor(swap) });
      }
    }
    for (const [index, { from, to, token, amount, received, ...place }] of transfers.entries()) {
      const entry = { node: swaps.length + index, isSwap: false, place };
      this.#enter(from, token, { ...entry, isIn: false, amount });
      this.#enter(to, token, { ...entry, isIn: true, amount: received });
    }
  }

  /** Indices of the owner's swaps in a pool, in chain order. */
  swapsOf(owner: string, group: number): readonly number[] {
    return this.#swaps.get(owner)?.get(group) ?? [];
  }

  #enter(owner: string, token: string, entry: Entry): void {
    const accounts = this.accounts.get(owner);
    if (accounts !== undefined) appendTo(accounts, token, entry);
  }

  #addSwap(owner: string, group: number, swap: number): void {
    const groups = this.#swaps.get(owner) ?? new Map<number, number[]>();
    this.#swaps.set(owner, groups);
    appendTo(groups, group, swap);
  }
}

function relayersAmong(swaps: readonly Swap[]): Set<string> {
  const owners = new Map<string, Set<string>>();
  for (const { signer, payer = signer, recipient = signer } of swaps) {
    if (payer === signer && recipient === signer) continue;
    const own = owners.get(signer) ?? new Set();
    owners.set(signer, own.add(payer).add(recipient));
  }
  return new Set([...owners].flatMap(([signer, own]) => (own.size > fewOwners ? [signer] : [])));
}
