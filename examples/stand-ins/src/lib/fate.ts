/**
 * What becomes of a trade. `rate_limited`: the node has had too many requests, once. `behind`: the node is, when the trade is
 * to be sent or the node's health is asked for.
 */
export type Fate = "confirmed" | "slippage" | "expired" | "rate_limited" | "behind";

/** Of the trades in their order: what each of the example services goes through. */
export const fates: readonly Fate[] = [
  "confirmed",
  "confirmed",
  "slippage",
  "expired",
  "rate_limited",
  "behind",
];
