/** A fee on the input, in millionths, and how the pool rounds it. */
export interface FeeRule {
  /** 1 basis point = 100. */
  readonly millionths: bigint;
  /**
   * `exact`: the fee stays in the fraction, only the output is rounded (Uniswap V2: amountIn x 997 / 1000).
   * `charged`: the fee is a whole number of atoms, rounded up, and is deducted first (Raydium v4).
   */
  readonly rounding: "exact" | "charged";
  /** Part of the fee that does not stay in the reserves, in millionths. Optional; default none. */
  readonly apart?: bigint;
  /**
   * The token in which the fee is always charged, if it does not depend on the direction of the swap. If this
   * token is paid, the fee is added; if it is received, the fee is deducted. `rounding` is then ignored:
   * every fee is rounded up.
   */
  readonly quote?: string;
}

const scale = 1_000_000n;
/** The whole fee stays outside the reserves, so only the net input moves the curve. */
export const allApart: bigint = scale;

/** What an input adds to the curve: the input less the fee, times 1,000,000. */
export function netInput(rule: FeeRule, amountIn: bigint): bigint {
  if (rule.rounding === "exact") return amountIn * (scale - rule.millionths);
  const fee = (amountIn * rule.millionths + scale - 1n) / scale;
  return (amountIn - fee) * scale;
}

/**
 * Output, in atoms, of a constant-product pool that charges its fee in one token.
 * Source: pump-fun/pump-public-docs, docs/PUMP_SWAP_README.md; fields of BuyEvent and SellEvent in
 * idl/pump_amm.json.
 */
export function quoteFeeOut(
  { millionths }: FeeRule,
  isQuoteIn: boolean,
  amountIn: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
): bigint {
  const free: FeeRule = { millionths: 0n, rounding: "exact" };
  if (isQuoteIn) {
    const net = (amountIn * scale) / (scale + millionths);
    return constantProductOut(free, net, reserveIn, reserveOut);
  }
  const gross = constantProductOut(free, amountIn, reserveIn, reserveOut);
  return gross - (gross * millionths + scale - 1n) / scale;
}

/** What an input adds to the reserves that are traded against, in atoms. */
export function addedInput(rule: FeeRule, amountIn: bigint): bigint {
  if (rule.apart === undefined) return amountIn;
  const fee = amountIn - netInput(rule, amountIn) / scale;
  return amountIn - (fee * rule.apart) / scale;
}

/**
 * Output of a constant-product pool in atoms, rounded down. 0 if the pool is empty.
 * Source: UniswapV2Library.getAmountOut; raydium-amm `Calculator::swap_token_amount_base_in`.
 */
export function constantProductOut(
  rule: FeeRule,
  amountIn: bigint,
  reserveIn: bigint,
  reserveOut: bigint,
): bigint {
  const net = netInput(rule, amountIn);
  const denominator = reserveIn * scale + net;
  return denominator <= 0n || reserveOut <= 0n ? 0n : (reserveOut * net) / denominator;
}

/** A fee as text: "25 bps". */
export function feeText({ millionths }: FeeRule): string {
  return `${Number(millionths) / 100} bps`;
}
