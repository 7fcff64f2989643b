/** Why a trade failed: the words of `trade.failure_reason`. Any other word counts as "other". */
export const failureReasons = [
  "slippage",
  "expired",
  "reverted",
  "rejected",
  "simulation",
  "insufficient_funds",
  "other",
] as const;

export type FailureReason = (typeof failureReasons)[number];
