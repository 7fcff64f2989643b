import type { Random } from "@slipstream/testing/random";
import type { Swap } from "../../swaps/swap.ts";

/** A pool that computes on its own, independent of the code under test. */
export interface TestPool {
  readonly name: string;
  readonly protocol: string;
  /** Basis points. */
  readonly fee: number;
  readonly feeUp: boolean;
  readonly token: string;
  money: bigint;
  held: bigint;
}

export const money = "SOL";

/** A requested swap. */
export interface Order {
  readonly pool: TestPool;
  readonly buy: boolean;
  readonly amountIn: bigint;
}

export interface Sender {
  readonly signer: string;
  readonly program?: string;
  readonly payer?: string;
  readonly recipient?: string;
  readonly bundleId?: string;
  readonly tipLamports?: bigint;
}

/** Output with the pool's own rounding: Uniswap's fraction, or Raydium's fee rounded up. */
export function poolOut(pool: TestPool, buy: boolean, amountIn: bigint): bigint {
  const [reserveIn, reserveOut] = buy ? [pool.money, pool.held] : [pool.held, pool.money];
  const fee = BigInt(pool.fee);
  if (!pool.feeUp) {
    const withFee = amountIn * (10_000n - fee);
    return (withFee * reserveOut) / (reserveIn * 10_000n + withFee);
  }
  const net = amountIn - (amountIn * fee + 9_999n) / 10_000n;
  return (reserveOut * net) / (reserveIn + net);
}

export function applySwap(pool: TestPool, buy: boolean, amountIn: bigint, amountOut: bigint): void {
  if (buy) {
    pool.money += amountIn;
    pool.held -= amountOut;
  } else {
    pool.held += amountIn;
    pool.money -= amountOut;
  }
}

/** Pools and the swaps made in them, in order. */
export class World {
  readonly random: Random;
  readonly pools: readonly TestPool[];
  readonly swaps: Swap[] = [];
  /** Whether events include the pool's reserves. */
  readonly showsReserves: boolean;
  slot: number;
  #txIndex = 0;
  #names = 0;

  constructor(random: Random, pools: readonly TestPool[], showsReserves: boolean) {
    this.random = random;
    this.pools = pools;
    this.showsReserves = showsReserves;
    this.slot = random.int(1000, 2000);
  }

  nextSlot(): void {
    this.slot++;
    this.#txIndex = 0;
  }

  /** Skips transactions of the block that do not swap. */
  skip(transactions: number): void {
    this.#txIndex += transactions;
  }

  newName(kind: string): string {
    return `${kind}${this.#names++}`;
  }

  /** Runs the orders in one transaction. */
  run(sender: Sender, ...orders: readonly Order[]): Swap[] {
    const signature = this.newName("tx");
    const txIndex = this.#txIndex++;
    return orders.map(({ pool, buy, amountIn }, eventIndex) => {
      const amountOut = poolOut(pool, buy, amountIn);
      const reserves = buy ? { in: pool.money, out: pool.held } : { in: pool.held, out: pool.money };
      const swap: Swap = {
        ...sender,
        id: `${signature}:${eventIndex}`,
        slot: this.slot,
        txIndex,
        eventIndex,
        signature,
        pool: pool.name,
        protocol: pool.protocol,
        tokenIn: buy ? money : pool.token,
        tokenOut: buy ? pool.token : money,
        amountIn,
        amountOut,
        reserves: this.showsReserves ? reserves : undefined,
      };
      applySwap(pool, buy, amountIn, amountOut);
      this.swaps.push(swap);
      return swap;
    });
  }
}

/** A share of the pool's reserve of the input token. */
export function share(pool: TestPool, buy: boolean, part: number): bigint {
  const reserve = buy ? pool.money : pool.held;
  const amount = (reserve * BigInt(Math.max(1, Math.round(part * 1e9)))) / 1_000_000_000n;
  return amount > 0n ? amount : 1n;
}

const kinds = [
  { protocol: "RaydiumV4", fee: 25, feeUp: true },
  { protocol: "UniswapV2", fee: 30, feeUp: false },
  { protocol: "SomeFork", fee: 20, feeUp: false },
  { protocol: "OtherFork", fee: 100, feeUp: true },
] as const;

/** Two pools for each of several tokens, so that arbitrage is possible. */
export function randomPools(random: Random): TestPool[] {
  return ["AAA", "BBB", "CCC"].flatMap((token) => {
    const price = random.lognormal(1e-3, 2);
    return [1, 2].map((number): TestPool => {
      const depth = random.lognormal(2e12, 1);
      return {
        ...random.pick(kinds),
        name: `pool${token}${number}`,
        token,
        money: BigInt(Math.round(depth)),
        held: BigInt(Math.round(depth / price)),
      };
    });
  });
}
