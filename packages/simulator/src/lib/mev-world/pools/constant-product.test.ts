import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConstantProduct, raydiumCpmmFee, raydiumV4Fee } from "./constant-product.ts";

const reserve = fc.bigInt({ min: 1_000_000n, max: 10n ** 15n });
const swaps = fc.array(fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 13n })), { maxLength: 30 });
const rules = fc.constantFrom(raydiumV4Fee, raydiumCpmmFee(2500n), raydiumCpmmFee(10_000n));

describe("a creator's fee", () => {
  const sides = { base: 5_000_000n, quote: 1_000_000n };

  test("of what is paid is not traded and stays in the vault, computed by hand", () => {
    const pool = new ConstantProduct(raydiumCpmmFee(2500n, { millionths: 1000n, on: "input" }), sides);
    // Trading fee 250, creator's fee 100: 99,650 x 5,000,000 / 1,099,650 = 453,098.71...
    expect(pool.swap(true, 100_000n)).toEqual({ amountIn: 100_000n, amountOut: 453_098n });
    // Protocol 30, fund 10 and creator 100 are set aside.
    expect(pool.reserves).toEqual({ base: 5_000_000n - 453_098n, quote: 1_099_860n });
    expect(pool.vaults).toEqual({ base: 5_000_000n - 453_098n, quote: 1_100_000n });
  });

  test("of one token is taken from the output if that token is bought", () => {
    const pool = new ConstantProduct(raydiumCpmmFee(2500n, { millionths: 1000n, on: "base" }), sides);
    // 99,750 x 5,000,000 / 1,099,750 = 453,512.15..., less 453.512 rounded up to 454.
    expect(pool.swap(true, 100_000n)).toEqual({ amountIn: 100_000n, amountOut: 453_058n });
    expect(pool.reserves.base).toBe(5_000_000n - 453_512n);
    expect(pool.vaults.base).toBe(5_000_000n - 453_058n);
    expect(pool.hasCreatorFee).toBe(true);
  });

  test("keeps every token: the vaults change by what was paid and received", () => {
    const on = fc.constantFrom("input", "base", "quote" as const);
    fc.assert(
      fc.property(reserve, reserve, on, swaps, (base, quote, token, trades) => {
        const rule = raydiumCpmmFee(2500n, { millionths: 5000n, on: token as "input" | "base" | "quote" });
        const pool = new ConstantProduct(rule, { base, quote });
        for (const [buy, amount] of trades) {
          const before = pool.vaults;
          const { amountIn, amountOut } = pool.swap(buy, amount);
          const [paid, got] = buy ? (["quote", "base"] as const) : (["base", "quote"] as const);
          expect(pool.vaults[paid]).toBe(before[paid] + amountIn);
          expect(pool.vaults[got]).toBe(before[got] - amountOut);
        }
      }),
    );
  });
});

describe("ConstantProduct", () => {
  test("the arithmetic of Raydium v4, computed by hand", () => {
    const pool = new ConstantProduct(raydiumV4Fee, { base: 5_000_000n, quote: 1_000_000n });
    // Fee: 1001 x 25 / 10,000 = 2.5025, rounded up to 3. 998 x 5,000,000 / 1,000,998 = 4985.02..., rounded down.
    expect(pool.swap(true, 1001n)).toEqual({ amountIn: 1001n, amountOut: 4985n });
    expect(pool.reserves).toEqual({ base: 4_995_015n, quote: 1_001_001n });
    // A fixed output: 100,000 x 4,995,015 / 901,001 = 554,385.06..., up: 554,386; x 10,000 / 9,975, up: 555,776.
    expect(pool.swapOut(false, 100_000n)).toEqual({ amountIn: 555_776n, amountOut: 100_000n });
  });

  test("the arithmetic of Raydium CPMM, computed by hand: part of the fee stays in the vault and is not traded against", () => {
    const pool = new ConstantProduct(raydiumCpmmFee(2500n), { base: 5_000_000n, quote: 1_000_000n });
    // Fee 250, including 30 for the protocol and 10 for the fund.
    const { amountOut } = pool.swap(true, 100_000n);
    expect(amountOut).toBe((5_000_000n * 99_750n) / 1_099_750n);
    expect(pool.reserves.quote).toBe(1_099_960n);
    expect(pool.vaults.quote).toBe(1_100_000n);
    pool.collect();
    expect(pool.vaults).toEqual(pool.reserves);
    // Nobody withdraws more than the fees: the price stays, and k returns to its initial value.
    expect(pool.reserves.base * pool.reserves.quote).toBeLessThanOrEqual(5_000_000n * 1_000_000n);
    expect(pool.reserves.base * pool.reserves.quote).toBeGreaterThan(4_999_970n * 1_000_000n);
  });

  test("k never decreases, atoms are conserved, and a quote equals the swap's output", () => {
    fc.assert(
      fc.property(rules, reserve, reserve, swaps, (rule, base, quote, orders) => {
        const pool = new ConstantProduct(rule, { base, quote });
        let held = pool.vaults;
        for (const [buy, amount] of orders) {
          const before = pool.reserves;
          const quoted = pool.quote(buy, amount);
          const { amountIn, amountOut } = pool.swap(buy, amount);
          expect(amountOut).toBe(quoted);
          held = buy
            ? { base: held.base - amountOut, quote: held.quote + amountIn }
            : { base: held.base + amountIn, quote: held.quote - amountOut };
          expect(pool.vaults).toEqual(held);
          expect(pool.reserves.base * pool.reserves.quote).toBeGreaterThanOrEqual(before.base * before.quote);
          expect(pool.reserves.base > 0n && pool.reserves.quote > 0n).toBe(true);
        }
      }),
    );
  });

  test("a fixed output costs no less than the input that returns it", () => {
    fc.assert(
      fc.property(reserve, reserve, fc.integer({ min: 1, max: 900 }), (base, quote, share) => {
        const pool = new ConstantProduct(raydiumV4Fee, { base, quote });
        const wanted = (base * BigInt(share)) / 1000n;
        const filled = pool.clone().swapOut(true, wanted);
        expect(filled).toBeDefined();
        expect(pool.quote(true, filled?.amountIn ?? 0n)).toBeGreaterThanOrEqual(wanted);
        expect(pool.clone().swapOut(true, base)).toBeUndefined();
      }),
    );
  });
});
