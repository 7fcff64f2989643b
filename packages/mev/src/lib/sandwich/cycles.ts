import type { Swap } from "../swaps/swap.ts";
import { TokenFlows } from "./token-flows.ts";

/** The result of a transaction that swaps in several pools. */
export const cycle = { none: 0, gained: 1, lost: 2 } as const;

/**
 * Finds swaps of transactions that go in a circle over several pools and return every token they took.
 * - `gained`: no less of any token and more of one. This is an arbitrage, complete by itself, and not a leg
 *   of anything else.
 * - `lost`: nobody sends such a transaction for its own sake. An attacker front runs this way with tokens
 *   taken from another pool; the transaction that undoes it gains.
 * @param swaps In chain order.
 * @returns One entry per swap.
 */
export function findCycles(swaps: readonly Swap[]): Uint8Array {
  const found = new Uint8Array(swaps.length);
  for (let start = 0; start < swaps.length; ) {
    let end = start + 1;
    while (end < swaps.length && swaps[end]?.signature === swaps[start]?.signature) end++;
    if (end - start > 1) found.fill(cycleOf(swaps.slice(start, end)), start, end);
    start = end;
  }
  return found;
}

function cycleOf(swaps: readonly Swap[]): number {
  if (new Set(swaps.map(({ pool }) => pool)).size < 2) return cycle.none;
  const flows = new TokenFlows();
  for (const swap of swaps) flows.add(swap);
  if (flows.isGain()) return cycle.gained;
  return flows.isClosed() ? cycle.lost : cycle.none;
}
