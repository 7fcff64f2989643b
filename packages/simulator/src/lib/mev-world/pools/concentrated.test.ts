import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Concentrated, type Range } from "./concentrated.ts";
import { toSqrtPrice } from "./square-root-price.ts";

const bounds = [0.5, 0.9, 0.98, 1.02, 1.1, 2].map(toSqrtPrice);
const liquidity = [10n ** 9n, 10n ** 10n, 10n ** 12n, 10n ** 10n, 10n ** 9n];
const ranges: Range[] = liquidity.map((amount, index) => {
  return { low: bounds[index] ?? 0n, high: bounds[index + 1] ?? 0n, liquidity: amount };
});
const open = (): Concentrated =>
  new Concentrated(3000n, ranges, toSqrtPrice(1), { base: 10n ** 12n, quote: 10n ** 12n });

describe("Concentrated", () => {
  test("within a range it is the constant product of its virtual reserves", () => {
    const pool = open();
    const { base, quote } = pool.depth;
    const amount = 1_000_000_000n;
    const net = Number(amount) * (1 - 0.003);
    const wanted = (base * net) / (quote + net);
    expect(Math.abs(Number(pool.quote(true, amount)) - wanted)).toBeLessThan(2);
    expect(Math.abs(Number(pool.quote(false, amount)) - wanted)).toBeLessThan(2);
  });

  test("beyond a range, less is returned than its liquidity would", () => {
    const pool = open();
    const { base, quote } = pool.depth;
    // It takes L (sqrt 1.02 - 1) = 9.95e9 atoms to reach the end of the range.
    const amount = 12_000_000_000n;
    const net = Number(amount) * (1 - 0.003);
    expect(Number(pool.quote(true, amount))).toBeLessThan(0.99 * ((base * net) / (quote + net)));
    pool.swap(true, amount);
    expect(pool.price).toBeGreaterThan(1.02);
  });

  test("atoms are conserved, prices move with the swaps, and a round trip never pays off", () => {
    const orders = fc.array(fc.tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 10n })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(orders, (swaps) => {
        const pool = open();
        for (const [buy, amount] of swaps) {
          const [before, price] = [pool.vaults, pool.price];
          const there = pool.clone();
          const { amountOut } = there.swap(buy, amount);
          expect(there.swap(!buy, amountOut).amountOut).toBeLessThanOrEqual(amount);
          expect(pool.swap(buy, amount).amountOut).toBe(amountOut);
          const [base, quote] = buy ? [-amountOut, amount] : [amount, -amountOut];
          expect(pool.vaults).toEqual({ base: before.base + base, quote: before.quote + quote });
          expect(buy ? pool.price >= price : pool.price <= price).toBe(true);
        }
      }),
    );
  });
});
