import { wrappedSol } from "@slipstream/solana";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { AttemptedSwap, Swap } from "../swaps/swap.ts";

/** Number of transfers of a slot that are kept although nobody involved swapped in it. */
const mostOthers = 512;

/**
 * The swaps of a slot that count for trades in some pools: those in the pools, and what their signers swapped
 * elsewhere in the slot. `slotSwaps` reports these, and judging leaves out all others: they may be known
 * because of other trades, and if they counted, verdicts would depend on the order in which slots are read.
 * @param swaps A map or an array of them.
 */
export function swapsNear(swaps: { values(): Iterable<Swap> }, pools: ReadonlySet<string>): Swap[] {
  const traders = new Set<string>();
  for (const { pool, signer } of swaps.values()) if (pools.has(pool)) traders.add(signer);
  return traders.size === 0 ? [] : [...swaps.values()].filter(({ signer }) => traders.has(signer));
}

/** Failed swaps of a slot in the pools. */
export function attemptsNear(
  attempted: ReadonlyMap<string, AttemptedSwap>,
  pools: ReadonlySet<string>,
): AttemptedSwap[] {
  return [...attempted.values()].filter(({ pool }) => pool !== null && pools.has(pool));
}

/**
 * The transfers of a slot that may link those who made these swaps in it, or those who swap in the slots around
 * it, whose names this slot does not know. Lamports move so often that only those of the slot's own traders are
 * kept.
 * @param all In chain order.
 */
export function transfersNear(all: readonly OwnerTransfer[], swaps: readonly Swap[]): OwnerTransfer[] {
  const traders = new Set(
    swaps.flatMap(({ signer, payer = signer, recipient = signer }) => [signer, payer, recipient]),
  );
  let others = 0;
  return all.filter(
    ({ token, from, to }) =>
      (token !== wrappedSol && others++ < mostOthers) || traders.has(from) || traders.has(to),
  );
}
