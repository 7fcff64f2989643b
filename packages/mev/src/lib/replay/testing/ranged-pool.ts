/** A range's upper end (square root of the price of money in token, Q64.64) and its liquidity. */
export interface TestRange {
  readonly top: bigint;
  readonly liquidity: bigint;
}

const Q64 = 64n;
const million = 1_000_000n;

/**
 * A concentrated pool as the programs compute it, range by range, with each amount rounded in the pool's
 * favour. Independent of the replay, which knows only the swaps. Buying pays money and lowers the square root
 * of money's price.
 */
export class RangedPool {
  readonly #ranges: readonly TestRange[];
  readonly #fee: bigint;
  #root: bigint;
  /** How many times a swap moved from one range into another. */
  crossings = 0;

  /** @param ranges Ascending; the first begins at 0. @param fee Millionths of the input. */
  constructor(ranges: readonly TestRange[], fee: bigint, root: bigint) {
    this.#ranges = ranges;
    this.#fee = fee;
    this.#root = root;
  }

  clone(): RangedPool {
    return new RangedPool(this.#ranges, this.#fee, this.#root);
  }

  /** @returns The output. */
  swap(buy: boolean, amountIn: bigint): bigint {
    let left = amountIn;
    let out = 0n;
    while (left > 0n) {
      const at = this.#ranges.findIndex(({ top }) => (buy ? this.#root <= top : this.#root < top));
      const range = this.#ranges[at];
      const end = buy ? this.#ranges[at - 1]?.top : range?.top;
      if (range === undefined || end === undefined) break;
      const { liquidity } = range;
      const net = (left * (million - this.#fee)) / million;
      const most = buy
        ? moneyBetween(end, this.#root, liquidity, true)
        : tokenBetween(this.#root, end, liquidity, true);
      const reaches = net >= most;
      const next = reaches
        ? end
        : buy
          ? afterMoney(this.#root, liquidity, net)
          : this.#root + (net << Q64) / liquidity;
      out += buy
        ? tokenBetween(next, this.#root, liquidity, false)
        : moneyBetween(this.#root, next, liquidity, false);
      this.#root = next;
      if (!reaches) break;
      left -= most + ceil(most * this.#fee, million - this.#fee);
      this.crossings++;
    }
    return out;
  }
}

function moneyBetween(low: bigint, high: bigint, liquidity: bigint, up: boolean): bigint {
  const numerator = (liquidity * (high - low)) << Q64;
  return up ? ceil(numerator, high * low) : numerator / (high * low);
}

function tokenBetween(low: bigint, high: bigint, liquidity: bigint, up: boolean): bigint {
  const numerator = liquidity * (high - low);
  return up ? ceil(numerator, 1n << Q64) : numerator >> Q64;
}

function afterMoney(root: bigint, liquidity: bigint, net: bigint): bigint {
  return ceil((liquidity * root) << Q64, (liquidity << Q64) + net * root);
}

function ceil(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
