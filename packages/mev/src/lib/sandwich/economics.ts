import { isMatched, matchedShare } from "./amounts.ts";
import type { Totals } from "./legs.ts";

/** How well the amounts of a round trip match: to 1 %, to 10 %, not. */
export type Match = "tight" | "loose" | "none";

/**
 * How a round trip ended.
 * - `gain`: more of the one token and no less of the other: a profit at any price.
 * - `profit`: less of one of them, and more than made up for at the price of the back legs.
 * - `loss`: neither.
 */
export type Outcome = "gain" | "profit" | "loss";

export interface Economics {
  readonly match: Match;
  readonly matched: number;
  readonly outcome: Outcome;
  /** Atoms of the money token; what is left or missing of the other token is valued at the back legs' price. */
  readonly profit: bigint;
}

/** Thousandths of the larger amount. */
const tightShare = 990n;
const looseShare = 900n;

/**
 * What a round trip earned: the money that came back less what was paid, and what was bought and not sold (or sold and not
 * bought) at the average price of the back legs. That is a profit exactly where the average price got is above
 * the average price paid: moneyOut x tokenOut > moneyIn x tokenIn.
 */
export function economicsOf({ moneyIn, tokenOut, tokenIn, moneyOut }: Totals): Economics {
  const matched = matchedShare(tokenOut, tokenIn);
  const match = matchOf(tokenOut, tokenIn);
  const profit =
    tokenIn === 0n ? moneyOut - moneyIn : moneyOut - moneyIn + ((tokenOut - tokenIn) * moneyOut) / tokenIn;
  if (tokenIn === 0n || moneyOut === 0n) return { match, matched, outcome: "loss", profit };
  if (moneyOut >= moneyIn && tokenOut >= tokenIn) return { match, matched, outcome: "gain", profit };
  const outcome = moneyOut * tokenOut >= moneyIn * tokenIn ? "profit" : "loss";
  return { match, matched, outcome, profit };
}

function matchOf(a: bigint, b: bigint): Match {
  if (isMatched(a, b, tightShare)) return "tight";
  return isMatched(a, b, looseShare) ? "loose" : "none";
}
