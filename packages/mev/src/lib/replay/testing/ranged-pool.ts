/** A range's upper end (square root of the price of money in token, Q64.64) and its liquidity. */
export interface TestRange {
  readonly top: bigint;
  readonly liquidity: bigint;
}

const Q64 = 64n;
const million = 1_000_000n;

/** How a pool charges its fee. */
export interface TestFee {
  /** Millionths. */
  readonly base: bigint;
  /** The token in which it is always charged; otherwise it is charged in what is paid. */
  readonly token?: "MONEY" | "TOKEN" | undefined;
  /** What the fee rises by, times the square of how many groups of prices away from the start a step is. */
  readonly perGroup?: bigint | undefined;
  /** Where the groups end, ascending. */
  readonly groups?: readonly bigint[] | undefined;
}

/**
 * A concentrated pool as the programs compute it, step by step, with each amount rounded in the pool's favour.
 * Independent of the replay, which knows only the swaps. Buying pays money and lowers the square root of
 * money's price.
 */
export class RangedPool {
  readonly #ranges: readonly TestRange[];
  readonly #fee: TestFee;
  #root: bigint;
  #startGroup: number;
  /** How many times a swap moved from one range, or one group of prices, into another. */
  crossings = 0;

  /** @param ranges Ascending; the first begins at 0. @param fee Or its millionths. */
  constructor(ranges: readonly TestRange[], fee: bigint | TestFee, root: bigint) {
    this.#ranges = ranges;
    this.#fee = typeof fee === "bigint" ? { base: fee } : fee;
    this.#root = root;
    this.#startGroup = this.#group(true);
  }

  clone(): RangedPool {
    const pool = new RangedPool(this.#ranges, this.#fee, this.#root);
    pool.#startGroup = this.#startGroup;
    return pool;
  }

  /** The group of prices in which the next step begins. */
  #group(buy: boolean): number {
    const at = (this.#fee.groups ?? []).findIndex((top) => (buy ? this.#root <= top : this.#root < top));
    return at < 0 ? (this.#fee.groups ?? []).length : at;
  }

  #feeOf(group: number): bigint {
    const away = BigInt(group - this.#startGroup);
    const fee = this.#fee.base + (this.#fee.perGroup ?? 0n) * away * away;
    return fee > 100_000n ? 100_000n : fee;
  }

  /** @returns The output. */
  swap(buy: boolean, amountIn: bigint): bigint {
    const groups = this.#fee.groups ?? [];
    const isOnInput = this.#fee.token === undefined || (this.#fee.token === "MONEY") === buy;
    let left = amountIn;
    let out = 0n;
    while (left > 0n) {
      const at = this.#ranges.findIndex(({ top }) => (buy ? this.#root <= top : this.#root < top));
      const range = this.#ranges[at];
      const endOfRange = buy ? this.#ranges[at - 1]?.top : range?.top;
      if (range === undefined || endOfRange === undefined) break;
      const group = this.#group(buy);
      const endOfGroup = (buy ? groups[group - 1] : groups[group]) ?? endOfRange;
      const isNearer = buy ? endOfGroup > endOfRange : endOfGroup < endOfRange;
      const end = isNearer ? endOfGroup : endOfRange;
      const { liquidity } = range;
      const fee = this.#feeOf(group);
      const net = isOnInput ? (left * (million - fee)) / million : left;
      const most = buy
        ? moneyBetween(end, this.#root, liquidity, true)
        : tokenBetween(this.#root, end, liquidity, true);
      const reaches = net >= most;
      const next = reaches
        ? end
        : buy
          ? afterMoney(this.#root, liquidity, net)
          : this.#root + (net << Q64) / liquidity;
      const gross = buy
        ? tokenBetween(next, this.#root, liquidity, false)
        : moneyBetween(this.#root, next, liquidity, false);
      out += isOnInput ? gross : gross - ceil(gross * fee, million);
      this.#root = next;
      if (!reaches) break;
      left -= most + (isOnInput ? ceil(most * fee, million - fee) : 0n);
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
