import { publicPrograms } from "@slipstream/solana";
import type { Swap } from "../swaps/swap.ts";
import { isMatched } from "./amounts.ts";

/** Minimum match between the amounts bought and sold, in thousandths. */
const matched = 990n;

/**
 * Ids of swaps with which somebody, using one wallet or two that share an address or a transfer, bought and immediately
 * sold the same amount in one slot, while nobody else swapped in the pool. This pays the pool's fee twice for
 * nothing. It is not trading but the remains of an attack that came too early or too late, or whose victim
 * reverted.
 * @param swaps In chain order.
 * @param linkedTo The swaps that transfers link to one.
 */
export function tripsAroundNobody(
  swaps: readonly Swap[],
  linkedTo: (swap: Swap) => readonly Swap[] = () => [],
): Set<string> {
  const ids = new Set<string>();
  const latest = new Map<string, Swap>();
  for (const swap of swaps) {
    const before = latest.get(swap.pool);
    latest.set(swap.pool, swap);
    if (before === undefined || !isClosedBy(before, swap)) continue;
    if (!isLinked(before, swap) && !linkedTo(before).includes(swap)) continue;
    ids.add(before.id).add(swap.id);
  }
  return ids;
}

function isClosedBy(first: Swap, last: Swap): boolean {
  return (
    first.slot === last.slot &&
    first.signature !== last.signature &&
    first.tokenIn === last.tokenOut &&
    first.tokenOut === last.tokenIn &&
    isMatched(first.amountOut, last.amountIn, matched)
  );
}

function isLinked(first: Swap, last: Swap): boolean {
  if (first.signer === last.signer) return true;
  const own = [first.program, first.payer, first.recipient];
  return [last.program, last.payer, last.recipient].some(
    (address) => address !== undefined && !publicPrograms.has(address) && own.includes(address),
  );
}
