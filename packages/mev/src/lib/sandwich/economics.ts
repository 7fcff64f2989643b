import { matchedShare } from "./amounts.ts";
import type { Totals } from "./legs.ts";

/**
 * How a round trip ended.
 * - `gain`: more of the one token and no less of the other: earned at any price.
 * - `profit`: less of one of them, and more than made up for at the price of the back legs.
 * - `loss`: neither.
 */
export type Outcome = "gain" | "profit" | "loss";

export interface Economics {
  /** Smaller / larger of what was bought and what was sold. */
  readonly matched: number;
  readonly outcome: Outcome;
  /** Atoms of the money token; what is left or missing of the other token is valued at the back legs' price. */
  readonly profit: bigint;
}

/**
 * What a round trip earned: the money that came back less what was paid, and what was bought and not sold (or sold and not
 * bought) at the average price of the back legs. That is a profit exactly where the average price got is not below
 * the average price paid: moneyOut x tokenOut >= moneyIn x tokenIn.
 */
export function economicsOf({ moneyIn, tokenOut, tokenIn, moneyOut }: Totals): Economics {
  const matched = matchedShare(tokenOut, tokenIn);
  const returned = moneyOut - moneyIn;
  if (tokenIn === 0n || moneyOut === 0n) return { matched, outcome: "loss", profit: returned };
  const profit = returned + ((tokenOut - tokenIn) * moneyOut) / tokenIn;
  if (moneyOut >= moneyIn && tokenOut >= tokenIn) return { matched, outcome: "gain", profit };
  return { matched, outcome: moneyOut * tokenOut >= moneyIn * tokenIn ? "profit" : "loss", profit };
}
