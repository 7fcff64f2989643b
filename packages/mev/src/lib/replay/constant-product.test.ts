import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constantProductOut, type FeeRule, feeText, type Order } from "./constant-product.ts";

const reserve = fc.bigInt(1n, 10n ** 24n);
const amount = fc.bigInt(0n, 10n ** 22n);

const order = (amountIn: bigint): Order => ({ amountIn, tokenIn: "IN", tokenOut: "OUT" });

describe("a constant product", () => {
  it("rounds as Uniswap V2 does", () => {
    const rule: FeeRule = { millionths: 3000n, rounding: "exact" };
    fc.assert(
      fc.property(amount, reserve, reserve, (amountIn, reserveIn, reserveOut) => {
        // UniswapV2Library.getAmountOut
        const withFee = amountIn * 997n;
        const expected = (withFee * reserveOut) / (reserveIn * 1000n + withFee);
        expect(constantProductOut(rule, order(amountIn), reserveIn, reserveOut)).toBe(expected);
      }),
    );
  });

  it("rounds as Raydium v4 does", () => {
    const rule: FeeRule = { millionths: 2500n, rounding: "charged" };
    fc.assert(
      fc.property(amount, reserve, reserve, (amountIn, reserveIn, reserveOut) => {
        const fee = (amountIn * 25n + 9999n) / 10_000n;
        const net = amountIn - fee;
        const expected = (reserveOut * net) / (reserveIn + net);
        expect(constantProductOut(rule, order(amountIn), reserveIn, reserveOut)).toBe(expected);
      }),
    );
  });

  it("never returns the whole reserve, and returns more for more", () => {
    const rule: FeeRule = { millionths: 2500n, rounding: "charged" };
    fc.assert(
      fc.property(amount, amount, reserve, reserve, (a, b, reserveIn, reserveOut) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const outOfMore = constantProductOut(rule, order(more), reserveIn, reserveOut);
        expect(outOfMore).toBeLessThan(reserveOut);
        expect(constantProductOut(rule, order(less), reserveIn, reserveOut)).toBeLessThanOrEqual(outOfMore);
      }),
    );
  });

  it("returns nothing for nothing", () => {
    const rule: FeeRule = { millionths: 0n, rounding: "exact" };
    expect(constantProductOut(rule, order(0n), 0n, 5n)).toBe(0n);
    expect(constantProductOut(rule, order(5n), 5n, 0n)).toBe(0n);
    expect(constantProductOut(rule, order(5n), 5n, -1n)).toBe(0n);
  });

  it("formats its fee in basis points", () => {
    expect(feeText({ millionths: 3000n, rounding: "exact" })).toBe("30 bps");
    expect(feeText({ millionths: 150n, rounding: "exact" })).toBe("1.5 bps");
  });
});
