import { describe, expect, it } from "vitest";
import type { Loss } from "../replay/loss.ts";
import { Scene } from "../sandwich/testing/scene.ts";
import type { Swap } from "../swaps/swap.ts";
import { routeGap } from "./own-swaps.ts";
import { routeLoss } from "./route-loss.ts";

const [model] = ((): Swap[] => {
  const scene = new Scene();
  scene.buy("trader", 1_000n);
  return scene.swaps;
})();

function hop(id: string, tokenIn: string, tokenOut: string, amountOut: bigint): Swap {
  if (model === undefined) throw new Error("no swap");
  return { ...model, id, tokenIn, tokenOut, amountOut };
}

const lost = (ratio: number, atoms = 1n): Loss => ({ atoms, token: "T", ratio, residual: 1e-9 });

describe("what a route lost", () => {
  it("over one pool is the result of the pool's replay", () => {
    expect(routeLoss([hop("a", "SOL", "T", 95n)], new Map([["a", lost(0.05, 5n)]]))).toEqual(lost(0.05, 5n));
  });

  it("in one of two consecutive pools is the same share of the final output", () => {
    const route = [hop("a", "SOL", "USDC", 95_000n), hop("b", "USDC", "T", 190_000n)];
    const loss = routeLoss(route, new Map([["a", lost(0.05)]]));
    expect(loss).toMatchObject({ token: "T", atoms: 10_000n });
    expect(loss?.ratio).toBeCloseTo(0.05, 12);
    const both = routeLoss(
      route,
      new Map([
        ["a", lost(0.05)],
        ["b", lost(0.1)],
      ]),
    );
    expect(both?.ratio).toBeCloseTo(1 - 0.95 * 0.9, 12);
  });

  it("in one of two parallel pools is weighted by the pool's output", () => {
    const split = [hop("a", "SOL", "T", 90_000n), hop("b", "SOL", "T", 900_000n)];
    const loss = routeLoss(split, new Map([["a", lost(0.1)]]));
    expect(loss).toMatchObject({ atoms: 10_000n });
    expect(loss?.ratio).toBeCloseTo(0.01, 12);
  });

  it("is unknown without a loss", () => {
    expect(routeLoss([hop("a", "SOL", "T", 95n)], new Map())).toBeUndefined();
    expect(routeLoss([], new Map([["a", lost(0.1)]]))).toBeUndefined();
  });
});

describe("a route", () => {
  it("has a gap if no token joins its parts", () => {
    expect(routeGap([])).toBe(false);
    expect(routeGap([hop("a", "SOL", "USDC", 1n), hop("b", "USDC", "T", 1n)])).toBe(false);
    expect(routeGap([hop("a", "A", "B", 1n), hop("b", "C", "D", 1n), hop("c", "B", "C", 1n)])).toBe(false);
    expect(routeGap([hop("a", "A", "B", 1n), hop("b", "C", "D", 1n)])).toBe(true);
  });
});
