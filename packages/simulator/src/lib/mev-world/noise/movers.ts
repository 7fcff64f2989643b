import type { Random } from "../../random.ts";
import { passDraft, type SwapOrder, type WorldTransaction } from "../chain/transaction.ts";
import type { Stage } from "../engine/stage.ts";
import { tokenIn, tokenOut } from "../pools/pool.ts";

/** People who move tokens between wallets and exchanges before and after their swaps. */
export interface Movers {
  /** Share of people's swaps that tokens are moved before or after. */
  readonly share: number;
  readonly random: Random;
  /** Addresses to which everybody sends, and from which everybody gets. */
  readonly exchanges: readonly [string, ...string[]];
}

const COLD = 0.4;

/** What is sold was withdrawn from an exchange just before. */
export function withdraw(
  { share, random, exchanges }: Movers,
  stage: Stage,
  signer: string,
  order: SwapOrder,
): void {
  if (order.buy || !random.chance(share)) return;
  const token = tokenIn(order.pool, order.buy);
  stage.run(passDraft({ token, from: random.pick(exchanges), to: signer, amount: order.amount }));
}

/** What was bought goes to an exchange, or to a wallet that keeps it. */
export function moveOn(
  { share, random, exchanges }: Movers,
  stage: Stage,
  { draft, swaps }: WorldTransaction,
): void {
  const [swap] = swaps;
  if (swap === undefined || !swap.buy || swap.amountOut <= 0n || !random.chance(share)) return;
  const to = random.chance(COLD) ? stage.names.address() : random.pick(exchanges);
  const token = tokenOut(swap.pool, swap.buy);
  stage.run(passDraft({ token, from: draft.signer, to, amount: swap.amountOut }));
}
