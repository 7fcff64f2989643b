import { expect, test } from "vitest";
import { swapIn } from "./pool.ts";

test("a swap keeps the product of the reserves, up to rounding in the pool's favour, and moves the price", () => {
  const reserves = { sol: 1_000_000n, token: 5_000_000n };
  const product = reserves.sol * reserves.token;
  const bought = swapIn(reserves, true, 10_000n);
  expect(bought).toEqual({ before: { in: 1_000_000n, out: 5_000_000n }, amountOut: 49_504n });
  expect(reserves).toEqual({ sol: 1_010_000n, token: 4_950_496n });
  expect(reserves.sol * reserves.token).toBeGreaterThanOrEqual(product);
  expect(swapIn(reserves, true, 10_000n).amountOut).toBeLessThan(bought.amountOut);
  expect(swapIn(reserves, false, 1_000n).before.out).toBe(1_020_000n);
});
