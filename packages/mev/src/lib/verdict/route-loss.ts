import type { Loss } from "../replay/loss.ts";
import type { Swap } from "../swaps/swap.ts";
import type { VerdictLoss } from "./model.ts";

/** Ratios are converted to atoms in units of 10^-12. */
const scale = 1_000_000_000_000n;

/**
 * What a trade over several pools lost. A hop that returned less feeds less into the next ones. If a token's
 * amount would have been f times larger, so would what is bought with it (for pools that the difference
 * barely moves):
 * f(token) = sum over the hops that returned it of share x f(token they took) / (1 - loss ratio), 1 for the
 * token paid.
 * @param swaps The trade's swaps, in order.
 * @param losses Losses by swap id.
 */
export function routeLoss(
  swaps: readonly Swap[],
  losses: ReadonlyMap<string, Loss>,
): VerdictLoss | undefined {
  const last = swaps.at(-1);
  const [only] = swaps;
  if (last === undefined || only === undefined || losses.size === 0) return undefined;
  const single = losses.get(only.id);
  if (swaps.length === 1) {
    return single === undefined ? undefined : { ...single };
  }
  const given = new Map<string, { amount: number; would: number }>();
  let residual = 0;
  for (const { id, tokenIn, tokenOut, amountOut } of swaps) {
    const fed = given.get(tokenIn);
    const factor = fed === undefined || fed.amount === 0 ? 1 : fed.would / fed.amount;
    const loss = losses.get(id);
    if (loss !== undefined) residual = Math.max(residual, loss.residual);
    const amount = Number(amountOut);
    const sum = given.get(tokenOut) ?? { amount: 0, would: 0 };
    given.set(tokenOut, {
      amount: sum.amount + amount,
      would: sum.would + (amount * factor) / (1 - (loss?.ratio ?? 0)),
    });
  }
  const end = given.get(last.tokenOut);
  if (end === undefined || end.would === 0 || !Number.isFinite(end.would)) return undefined;
  const ratio = 1 - end.amount / end.would;
  const out = swaps.filter(({ tokenOut }) => tokenOut === last.tokenOut);
  const actual = out.reduce((sum, { amountOut }) => sum + amountOut, 0n);
  const more = BigInt(Math.round((end.would / end.amount - 1) * Number(scale)));
  return { atoms: (actual * more + scale / 2n) / scale, token: last.tokenOut, ratio, residual };
}
