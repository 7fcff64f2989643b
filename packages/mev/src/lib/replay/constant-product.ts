import type { Swap } from "../swaps/swap.ts";

/** A fee on the input, in millionths, and how the pool rounds it. */
export interface FeeRule {
  /** 1 basis point = 100. */
  readonly millionths: bigint;
  /**
   * `exact`: the fee stays in the fraction, only the output is rounded (Uniswap V2: amountIn x 997 / 1000).
   * `charged`: the fee is a whole number of atoms, rounded up, and is deducted first (Raydium v4).
   */
  readonly rounding: "exact" | "charged";
  /**
   * Parts of the fee that do not stay in the reserves, in millionths, each rounded down. Optional; default
   * none.
   */
  readonly apart?: readonly bigint[];
  /** A second fee, none of which stays in the reserves. Optional; default none. */
  readonly aside?: AsideFee;
  /**
   * The token in which the fee is always charged, if it does not depend on the direction of the swap. If this
   * token is paid, the fee is added; if it is received, the fee is deducted. `rounding` is then ignored:
   * every fee is rounded up.
   */
  readonly quote?: string;
}

/**
 * A fee that is set aside: Raydium CPMM's for the pool's creator, or that of a concentrated pool which charges
 * it in one of its tokens.
 * Source: raydium-io/raydium-cp-swap, curve/calculator.rs and states/pool.rs `is_creator_fee_on_input`.
 */
export interface AsideFee {
  readonly millionths: bigint;
  /**
   * The token in which it is charged: on top of the fee if this token is paid, out of the output if it is
   * received. Undefined if it is charged in whatever is paid.
   */
  readonly token: string | undefined;
}

const scale = 1_000_000n;
/** The whole fee stays outside the reserves, so only the net input moves the curve. */
export const allApart: readonly bigint[] = [scale];

/** What a swap pays, and which tokens it exchanges. */
export type Order = Pick<Swap, "amountIn" | "tokenIn" | "tokenOut">;

/** What an input adds to the curve: the input less the fees on it, times 1,000,000. */
export function netInput(rule: FeeRule, { amountIn, tokenIn }: Order): bigint {
  const millionths = rule.millionths + asideFeeOn(rule, tokenIn);
  if (rule.rounding === "exact") return amountIn * (scale - millionths);
  return (amountIn - roundedUp(amountIn * millionths)) * scale;
}

/** The fee that is set aside, on an input of this token, in millionths. */
function asideFeeOn({ aside }: FeeRule, tokenIn: string): bigint {
  if (aside === undefined) return 0n;
  return aside.token === undefined || aside.token === tokenIn ? aside.millionths : 0n;
}

/** The fee that is set aside out of an output of this token, in millionths. */
function asideFeeOutOf({ aside }: FeeRule, tokenOut: string): bigint {
  return aside?.token === tokenOut ? aside.millionths : 0n;
}

function roundedUp(millionths: bigint): bigint {
  return (millionths + scale - 1n) / scale;
}

/** What leaves the reserves for an output, in atoms: the output and the fee that is set aside out of it. */
export function grossOutput(
  rule: FeeRule,
  { amountOut, tokenOut }: Pick<Swap, "amountOut" | "tokenOut">,
): bigint {
  const millionths = asideFeeOutOf(rule, tokenOut);
  if (millionths === 0n) return amountOut;
  return (amountOut * scale + scale - millionths - 1n) / (scale - millionths);
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
  if (isQuoteIn) return freeOut((amountIn * scale) / (scale + millionths), reserveIn, reserveOut);
  const gross = freeOut(amountIn, reserveIn, reserveOut);
  return gross - roundedUp(gross * millionths);
}

/** What an input adds to the reserves that are traded against, in atoms. */
export function addedInput(rule: FeeRule, order: Order): bigint {
  const { amountIn, tokenIn } = order;
  if (rule.apart === undefined && rule.aside === undefined) return amountIn;
  const fees = amountIn - netInput(rule, order) / scale;
  const ofAside = asideFeeOn(rule, tokenIn);
  const aside = ofAside === 0n ? 0n : (fees * ofAside) / (rule.millionths + ofAside);
  const parts = rule.apart ?? [];
  return parts.reduce((added, part) => added - ((fees - aside) * part) / scale, amountIn - aside);
}

/**
 * Output of a constant-product pool in atoms, rounded down. 0 if the pool is empty.
 * Source: UniswapV2Library.getAmountOut; raydium-amm `Calculator::swap_token_amount_base_in`; raydium-cp-swap
 * `CurveCalculator::swap_base_input`.
 */
export function constantProductOut(
  rule: FeeRule,
  order: Order,
  reserveIn: bigint,
  reserveOut: bigint,
): bigint {
  const gross = outputOf(netInput(rule, order), reserveIn, reserveOut);
  return gross - roundedUp(gross * asideFeeOutOf(rule, order.tokenOut));
}

/** @param net Millionths of atoms. */
function outputOf(net: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  const denominator = reserveIn * scale + net;
  return denominator <= 0n || reserveOut <= 0n ? 0n : (reserveOut * net) / denominator;
}

/** Output of a constant product without a fee, in atoms, rounded down. */
export function freeOut(amountIn: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  return outputOf(amountIn * scale, reserveIn, reserveOut);
}

/** Fees as text: "25 bps", "25 bps in TOKEN", "25 bps and 10 bps in TOKEN for the creator". */
export function feeText({ millionths, aside }: FeeRule): string {
  const fee = bps(millionths);
  if (aside === undefined) return fee;
  const token = aside.token === undefined ? "" : ` in ${aside.token}`;
  return millionths === 0n
    ? `${bps(aside.millionths)}${token}`
    : `${fee} and ${bps(aside.millionths)}${token} for the creator`;
}

function bps(millionths: bigint): string {
  return `${Number(millionths) / 100} bps`;
}
