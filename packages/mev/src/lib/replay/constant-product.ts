/** A fee on the input, in millionths, and how the pool rounds it. */
export interface FeeRule {
  /** 1 basis point = 100. */
  readonly millionths: bigint;
  /**
   * `exact`: the fee stays in the fraction, only the output is rounded (Uniswap V2: amountIn x 997 / 1000).
   * `charged`: the fee is a whole number of atoms, rounded up, and is taken off first (Raydium v4).
   */
  readonly rounding: "exact" | "charged";
  /** Part of the fee that does not stay in the reserves, in millionths; none where it is left out. */
  readonly apart?: bigint;
  /**
   * Where the fee is always charged in one of the two tokens, whichever way a swap goes: that token. On top of it where it is paid,
   * off it where it is given. `rounding` does not matter: each fee is rounded up.
   */
  readonly quote?: string;
}

const scale = 1_000_000n;
/** All of the fee, so that only the net input moves the curve. */
export const allApart: bigint = scale;

/** What the pool adds to the curve for an input: the input less the fee, times 1,000,000. */
export function netInput(rule: FeeRule, amountIn: bigint): bigint {
  if (rule.rounding === "exact") return amountIn * (scale - rule.millionths);
  const fee = (amountIn * rule.millionths + scale - 1n) / scale;
  return (amountIn - fee) * scale;
}

/**
 * Output of a constant-product pool that charges its fee in one token, atoms.
 * Source: pump-fun/pump-public-docs, docs/PUMP_SWAP_README.md; fields of BuyEvent and SellEvent in idl/pump_amm.json.
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

/** What an input adds to the reserves that are traded against, atoms. */
export function addedInput(rule: FeeRule, amountIn: bigint): bigint {
  if (rule.apart === undefined) return amountIn;
  const fee = amountIn - netInput(rule, amountIn) / scale;
  return amountIn - (fee * rule.apart) / scale;
}

/**
 * Output of a constant-product pool, atoms, rounded down. 0 where the pool is empty.
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

/** A fee as people write it: "25 bps". */
export function feeText({ millionths }: FeeRule): string {
  return `${Number(millionths) / 100} bps`;
}
