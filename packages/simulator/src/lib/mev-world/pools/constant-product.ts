import type { Curve, Filled, Sides } from "./curve.ts";

/** How a constant-product program charges fees. */
export interface FeeRule {
  /** Trading fee on the input as a fraction, rounded up. */
  readonly numerator: bigint;
  readonly denominator: bigint;
  /**
   * Shares of the fee that stay in the vaults but are not traded against, in millionths, each rounded down.
   */
  readonly protocol: bigint;
  readonly fund: bigint;
  readonly creator?: CreatorFee | undefined;
}

/** A fee for the pool's creator, on top of the trading fee. It stays in the vaults but is not traded against. */
export interface CreatorFee {
  /** Millionths, rounded up. */
  readonly millionths: bigint;
  /** In which token: that which is paid, or always one of the two. */
  readonly on: "input" | keyof Sides;
}

/**
 * Raydium AMM v4: 25 / 10,000 of the input, rounded up, all of it traded against.
 * Source: raydium-io/raydium-amm, program/src/processor.rs `process_swap_base_in`, math.rs
 * `swap_token_amount_base_in`.
 */
export const raydiumV4Fee: FeeRule = { numerator: 25n, denominator: 10_000n, protocol: 0n, fund: 0n };

/**
 * Raydium CPMM: a rate in millionths, rounded up. 12 % of the fee for the protocol and 4 % for a fund are set
 * aside.
 * Source: raydium-io/raydium-cp-swap, curve/calculator.rs and curve/fees.rs, states/pool.rs
 * `vault_amount_without_fee`. With a creator's fee (since September 2025): what is paid less both fees is traded; if the creator
 * takes the token that is bought, its fee is taken from the output.
 */
export function raydiumCpmmFee(millionths: bigint, creator?: CreatorFee): FeeRule {
  return { numerator: millionths, denominator: 1_000_000n, protocol: 120_000n, fund: 40_000n, creator };
}

const MILLION = 1_000_000n;

export class ConstantProduct implements Curve {
  readonly fee: number;
  readonly #rule: FeeRule;
  #base: bigint;
  #quote: bigint;
  /** In the vaults, but not traded against. */
  #apartBase: bigint;
  #apartQuote: bigint;
  /** The initial k. Liquidity providers withdraw the excess. */
  readonly #startProduct: number;

  /** @param apart Vault balances beyond the reserves, such as uncollected fees. */
  constructor(rule: FeeRule, reserves: Sides, apart: Sides = { base: 0n, quote: 0n }) {
    this.#rule = rule;
    this.fee =
      Number(rule.numerator) / Number(rule.denominator) + Number(rule.creator?.millionths ?? 0n) / 1e6;
    this.#base = reserves.base;
    this.#quote = reserves.quote;
    this.#apartBase = apart.base;
    this.#apartQuote = apart.quote;
    this.#startProduct = Number(reserves.base) * Number(reserves.quote);
  }

  get hasCreatorFee(): boolean {
    return this.#rule.creator !== undefined;
  }

  get reserves(): Sides {
    return { base: this.#base, quote: this.#quote };
  }

  get vaults(): Sides {
    return { base: this.#base + this.#apartBase, quote: this.#quote + this.#apartQuote };
  }

  get price(): number {
    return Number(this.#quote) / Number(this.#base);
  }

  get depth(): { base: number; quote: number } {
    return { base: Number(this.#base), quote: Number(this.#quote) };
  }

  quote(buy: boolean, amountIn: bigint): bigint {
    const swapped = this.#swapped(buy, amountIn);
    return swapped - this.#creatorOut(buy, swapped);
  }

  /** What the curve pays, before a creator's fee on it. */
  #swapped(buy: boolean, amountIn: bigint): bigint {
    const net = amountIn - this.#charge(amountIn) - this.#creatorIn(buy, amountIn);
    if (net <= 0n) return 0n;
    const [reserveIn, reserveOut] = buy ? [this.#quote, this.#base] : [this.#base, this.#quote];
    return (reserveOut * net) / (reserveIn + net);
  }

  #creatorIn(buy: boolean, amountIn: bigint): bigint {
    const { creator } = this.#rule;
    if (creator === undefined || (creator.on !== "input" && creator.on !== (buy ? "quote" : "base")))
      return 0n;
    return ceilDiv(amountIn * creator.millionths, MILLION);
  }

  #creatorOut(buy: boolean, swapped: bigint): bigint {
    const { creator } = this.#rule;
    if (creator?.on !== (buy ? "base" : "quote")) return 0n;
    return ceilDiv(swapped * creator.millionths, MILLION);
  }

  swap(buy: boolean, amountIn: bigint): Filled {
    const swapped = this.#swapped(buy, amountIn);
    const creatorOut = this.#creatorOut(buy, swapped);
    this.#move(buy, amountIn, swapped, creatorOut);
    return { amountIn, amountOut: swapped - creatorOut };
  }

  swapOut(buy: boolean, amountOut: bigint): Filled | undefined {
    const [reserveIn, reserveOut] = buy ? [this.#quote, this.#base] : [this.#base, this.#quote];
    if (amountOut <= 0n || amountOut >= reserveOut || this.#rule.creator !== undefined) return undefined;
    const { numerator, denominator } = this.#rule;
    const net = ceilDiv(reserveIn * amountOut, reserveOut - amountOut);
    const amountIn = ceilDiv(net * denominator, denominator - numerator);
    this.#move(buy, amountIn, amountOut, 0n);
    return { amountIn, amountOut };
  }

  collect(): void {
    if (this.#rule.protocol > 0n) {
      this.#apartBase = 0n;
      this.#apartQuote = 0n;
    }
    const kept = Math.min(1, Math.sqrt(this.#startProduct / (Number(this.#base) * Number(this.#quote))));
    const billionths = BigInt(Math.round(kept * 1e9));
    this.#base = (this.#base * billionths) / 1_000_000_000n;
    this.#quote = (this.#quote * billionths) / 1_000_000_000n;
  }

  clone(): ConstantProduct {
    return new ConstantProduct(this.#rule, this.reserves, { base: this.#apartBase, quote: this.#apartQuote });
  }

  #charge(amountIn: bigint): bigint {
    return ceilDiv(amountIn * this.#rule.numerator, this.#rule.denominator);
  }

  #move(buy: boolean, amountIn: bigint, swapped: bigint, creatorOut: bigint): void {
    const charge = this.#charge(amountIn);
    const { protocol, fund } = this.#rule;
    const programs = protocol === 0n ? 0n : (charge * protocol) / MILLION + (charge * fund) / MILLION;
    const apart = programs + this.#creatorIn(buy, amountIn);
    if (buy) {
      this.#quote += amountIn - apart;
      this.#apartQuote += apart;
      this.#base -= swapped;
      this.#apartBase += creatorOut;
    } else {
      this.#base += amountIn - apart;
      this.#apartBase += apart;
      this.#quote -= swapped;
      this.#apartQuote += creatorOut;
    }
  }
}

function ceilDiv(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
