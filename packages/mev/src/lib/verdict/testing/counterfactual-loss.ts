import { Scene } from "../../sandwich/testing/scene.ts";
import type { Swap } from "../../swaps/swap.ts";

/**
 * How much more a swap would have received without the swaps of some signers, computed by running the pool
 * again.
 */
export function counterfactualLoss(
  swaps: readonly Swap[],
  without: ReadonlySet<string>,
  victim: Swap,
): bigint {
  const scene = new Scene();
  for (const { signer, tokenIn, amountIn, id } of swaps) {
    if (without.has(signer)) continue;
    const again = tokenIn === "SOL" ? scene.buy(signer, amountIn) : scene.sell(signer, amountIn);
    if (id === victim.id) return again.amountOut - victim.amountOut;
  }
  throw new RangeError("the victim is not among the swaps");
}
