import type { FailureReason } from "./failure-reasons.ts";

/** The words of `trade.status`. Any other word, and none, is unknown: such a trade is in no rate. */
export const tradeStatuses = ["success", "failed"] as const;
export type TradeStatus = (typeof tradeStatuses)[number];

/** The words of `trade.side`. */
export const tradeSides = ["buy", "sell"] as const;
export type TradeSide = (typeof tradeSides)[number];

/** The words of `trade.source`. */
export const tradeSources = ["live", "block"] as const;
export type TradeSource = (typeof tradeSources)[number];

/**
 * Other words that plainly say that a trade failed, and the reason that they give. There are none for success: a trade counts as
 * successful only if it says so in the one way that there is.
 */
export const failureWords: ReadonlyMap<string, FailureReason | undefined> = new Map([
  ["failed", undefined],
  ["fail", undefined],
  ["failure", undefined],
  ["error", undefined],
  ["reverted", "reverted"],
  ["revert", "reverted"],
  ["rejected", "rejected"],
  ["expired", "expired"],
]);

/** A word as it is looked up: "Half-Open " is half_open. */
export function plainWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
}
