import { publicPrograms } from "@slipstream/solana";
import { isMatched } from "../sandwich/amounts.ts";
import type { Swap } from "../swaps/swap.ts";

/** Thousandths of bought and sold that match. */
const matched = 990n;

/**
 * Ids of swaps by which somebody, by one wallet or by two that share an address, bought and at once sold the same amount in one
 * slot, and nobody swapped in the pool between. That pays the pool's fee twice for nothing: it is no trading, but what is left of an attack that came too early or too
 * late, or whose victim reverted.
 * @param swaps In chain order.
 */
export function tripsAroundNobody(swaps: readonly Swap[]): Set<string> {
  const ids = new Set<string>();
  const latest = new Map<string, Swap>();
  for (const swap of swaps) {
    const before = latest.get(swap.pool);
    latest.set(swap.pool, swap);
    if (before === undefined || !isClosedBy(before, swap)) continue;
    ids.add(before.id).add(swap.id);
  }
  return ids;
}

function isClosedBy(first: Swap, last: Swap): boolean {
  return (
    isLinked(first, last) &&
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
