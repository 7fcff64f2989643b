import { describe, expect, it } from "vitest";
import type { Swap } from "../swaps/swap.ts";
import { type ReplayedLoss, replayLoss } from "./loss.ts";

/** Pump's AMM with its own arithmetic. SOL is the quote; the liquidity fee stays in the pool. */
class Pool {
  #base: bigint;
  #quote: bigint;
  readonly #bps: bigint;
  readonly swaps: Swap[] = [];

  constructor(bps: number, base = 200_000_000_000_000n, quote = 85_000_000_000n) {
    this.#bps = BigInt(bps);
    this.#base = base;
    this.#quote = quote;
  }

  /** Buys a fixed output. */
  buy(base: bigint): bigint {
    const net = ceil(this.#quote * base, this.#base - base);
    return this.#add("SOL", "BASE", net + this.#fee(net), base);
  }

  sell(base: bigint): bigint {
    const gross = (this.#quote * base) / (this.#base + base);
    return this.#add("BASE", "SOL", base, gross - this.#fee(gross));
  }

  /** What an input of SOL buys. */
  worth(paid: bigint): bigint {
    const net = (paid * 10_000n) / (10_000n + this.#bps);
    return (this.#base * net) / (this.#quote + net);
  }

  #fee(amount: bigint): bigint {
    return ceil(amount * this.#bps, 10_000n);
  }

  #add(tokenIn: string, tokenOut: string, amountIn: bigint, amountOut: bigint): bigint {
    const isBuy = tokenIn === "SOL";
    const at = this.swaps.length;
    const reserves = isBuy ? { in: this.#quote, out: this.#base } : { in: this.#base, out: this.#quote };
    const place = { id: `${at}`, slot: 1, txIndex: at, eventIndex: 0, signature: `${at}`, signer: `${at}` };
    this.swaps.push({
      ...place,
      pool: "pool",
      protocol: "PumpAMM",
      tokenIn,
      tokenOut,
      amountIn,
      amountOut,
      reserves,
    });
    this.#quote += isBuy ? amountIn : -amountOut;
    this.#base += isBuy ? -amountOut : amountIn;
    return isBuy ? amountIn : amountOut;
  }
}

function ceil(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

function replay(swaps: readonly Swap[]): ReplayedLoss | string {
  return replayLoss(swaps, new Set(["0", "2"]), new Set(["1"]));
}

describe("a pool of Pump's AMM", () => {
  it.each([2, 20, 25, 95])("is replayed with its liquidity fee of %i bps, whatever the tier", (bps) => {
    const [pool, alone] = [new Pool(bps), new Pool(bps)];
    pool.buy(9_000_000_000_000n);
    const paid = pool.buy(4_000_000_000_000n);
    pool.sell(9_000_000_000_000n);
    const loss = replay(pool.swaps);
    if (typeof loss === "string") throw new Error(loss);
    const lost = Number(alone.worth(paid) - 4_000_000_000_000n);
    expect(Math.abs(Number(loss.total.atoms) / lost - 1)).toBeLessThan(1e-6);
    expect(loss.total.residual).toBeLessThan(1e-8);
    expect([loss.state, loss.fee]).toEqual(["reserves given", `${bps} bps in SOL, inferred from the swaps`]);
  });

  it("is replayed for sellers, to the atom", () => {
    const [pool, alone] = [new Pool(20), new Pool(20)];
    const got = pool.sell(9_000_000_000_000n);
    pool.sell(4_000_000_000_000n);
    pool.buy((9_000_000_000_000n * 98n) / 100n);
    const loss = replay(pool.swaps);
    if (typeof loss === "string") throw new Error(loss);
    alone.sell(4_000_000_000_000n);
    expect(got).toBeGreaterThan(0n);
    expect(loss.total.atoms).toBe((alone.swaps[0]?.amountOut ?? 0n) - (pool.swaps[1]?.amountOut ?? 0n));
  });

  it("is not replayable if its fee changed, if the fee is not a known one, or if its reserves are unknown", () => {
    const pool = new Pool(20);
    pool.buy(9_000_000_000_000n);
    pool.buy(4_000_000_000_000n);
    pool.sell(9_000_000_000_000n);
    const [front, victim, back] = pool.swaps;
    if (front === undefined || victim === undefined || back === undefined) throw new Error("no swaps");
    const other = { ...victim, amountOut: (victim.amountOut * 9_990n) / 10_000n };
    expect(replay([front, other, back])).toContain("follow no fee of 0 to 100 whole basis points");
    expect(replay([front, victim, back].map((swap) => ({ ...swap, reserves: undefined })))).toBe(
      "not replayable: the pool's state is not given",
    );
  });
});
