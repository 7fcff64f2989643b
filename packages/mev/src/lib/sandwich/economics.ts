import { matchedShare } from "./amounts.ts";
import type { Totals } from "./legs.ts";

/**
 * How a round trip ended.
 * - `gain`: more of one token and no less of the other, a gain at any price.
 * - `profit`: less of one token, but more than compensated at the back run's price.
 * - `loss`: neither.
 */
export type Outcome = "gain" | "profit" | "loss";

export interface Economics {
  /** Smaller / larger of the amounts bought and sold. */
  readonly matched: number;
  readonly outcome: Outcome;
  /**
   * Atoms of the money token. A surplus or shortfall of the other token is valued at the back run's price.
   */
  readonly profit: bigint;
}

/**
 * What a round trip earned: the money returned less the money paid, plus what was bought and not sold (or
 * less what was sold and not bought) at the average price of the back run. This is a profit exactly if the
 * average price received is not below the average price paid: moneyOut x tokenOut >= moneyIn x tokenIn.
 */
export function economicsOf({ moneyIn, tokenOut, tokenIn, moneyOut }: Totals): Economics {
  const matched = matchedShare(tokenOut, tokenIn);
  const returned = moneyOut - moneyIn;
  if (tokenIn === 0n || moneyOut === 0n) return { matched, outcome: "loss", profit: returned };
  const profit = returned + ((tokenOut - tokenIn) * moneyOut) / tokenIn;
  if (moneyOut >= moneyIn && tokenOut >= tokenIn) return { matched, outcome: "gain", profit };
  return { matched, outcome: moneyOut * tokenOut >= moneyIn * tokenIn ? "profit" : "loss", profit };
}
