import type { Curve, Filled, Sides } from "./curve.ts";
import { priceStep, tokensBetween } from "./square-root-price.ts";

/** Liquidity between two square roots of the price (Q64.64, atoms of quote per atom of base). */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
  readonly liquidity: bigint;
}

const MILLION = 1_000_000n;

/**
 * Orca Whirlpool: liquidity in ranges, so the output of a swap depends on data that swap events do not
 * contain.
 * Source: orca-so/whirlpools, programs/whirlpool/src/math/swap_math.rs `compute_swap` and
 * manager/swap_manager.rs.
 */
export class Concentrated implements Curve {
  readonly fee: number;
  readonly hasCreatorFee = false;
  readonly #feeMillionths: bigint;
  readonly #ranges: readonly Range[];
  #sqrtPrice: bigint;
  #range: number;
  #base: bigint;
  #quote: bigint;

  /**
   * @param ranges Ascending, each beginning where the previous one ends. @param vaults Balances of the token
   * accounts.
   */
  constructor(feeMillionths: bigint, ranges: readonly Range[], sqrtPrice: bigint, vaults: Sides) {
    this.fee = Number(feeMillionths) / 1e6;
    this.#feeMillionths = feeMillionths;
    this.#ranges = ranges;
    this.#sqrtPrice = sqrtPrice;
    // The last range includes its upper end, where all liquidity is used up.
    this.#range = ranges.findIndex(
      ({ low, high }, index) => sqrtPrice >= low && (sqrtPrice < high || index === ranges.length - 1),
    );
    if (this.#range < 0) throw new RangeError("the price is in none of the ranges");
    this.#base = vaults.base;
    this.#quote = vaults.quote;
  }

  get vaults(): Sides {
    return { base: this.#base, quote: this.#quote };
  }

  get price(): number {
    return (Number(this.#sqrtPrice) / 2 ** 64) ** 2;
  }

  get depth(): { base: number; quote: number } {
    const liquidity = Number(this.#at(this.#range).liquidity);
    const root = Number(this.#sqrtPrice) / 2 ** 64;
    return { base: liquidity / root, quote: liquidity * root };
  }

  quote(buy: boolean, amountIn: bigint): bigint {
    return this.#run(buy, amountIn).amountOut;
  }

  swap(buy: boolean, amountIn: bigint): Filled {
    const { amountOut, sqrtPrice, range } = this.#run(buy, amountIn);
    this.#sqrtPrice = sqrtPrice;
    this.#range = range;
    this.#base += buy ? -amountOut : amountIn;
    this.#quote += buy ? amountIn : -amountOut;
    return { amountIn, amountOut };
  }

  swapOut(): undefined {
    return undefined;
  }

  /** Fees are owed to positions, which this world does not have. */
  collect(): void {}

  clone(): Concentrated {
    return new Concentrated(this.#feeMillionths, this.#ranges, this.#sqrtPrice, this.vaults);
  }

  /**
   * Fills range after range. What is left at the end of the last range earns nothing, as with a price limit.
   */
  #run(buy: boolean, amountIn: bigint): { amountOut: bigint; sqrtPrice: bigint; range: number } {
    let left = amountIn;
    let amountOut = 0n;
    let sqrtPrice = this.#sqrtPrice;
    let range = this.#range;
    while (left > 0n) {
      const { low, high, liquidity } = this.#at(range);
      const target = buy ? high : low;
      const usable = (left * (MILLION - this.#feeMillionths)) / MILLION;
      const most = tokensBetween(buy, sqrtPrice, target, liquidity);
      const next = usable >= most ? target : priceStep(buy, sqrtPrice, liquidity, usable);
      const used = next === target ? most : tokensBetween(buy, sqrtPrice, next, liquidity);
      amountOut += tokensBetween(!buy, next, sqrtPrice, liquidity, "down");
      sqrtPrice = next;
      if (next !== target) break;
      const fee =
        (used * this.#feeMillionths + MILLION - this.#feeMillionths - 1n) / (MILLION - this.#feeMillionths);
      left = left > used + fee ? left - used - fee : 0n;
      const following = range + (buy ? 1 : -1);
      if (this.#ranges[following] === undefined) break;
      // A price on a boundary belongs to the range above it.
      if (buy || left > 0n) range = following;
    }
    return { amountOut, sqrtPrice, range };
  }

  #at(index: number): Range {
    const range = this.#ranges[index];
    if (range === undefined) throw new RangeError(`there is no range ${index}`);
    return range;
  }
}
