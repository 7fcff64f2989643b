import { describe, expect, it } from "vitest";
import { type ChainWants, JoinedWants } from "./chain-wants.ts";

function wants(some: Partial<ChainWants> = {}): ChainWants {
  return {
    watched: true,
    waiting: 0,
    wanted: () => [],
    hasFailed: () => false,
    unplaced: () => [],
    interestIn: () => ({ pools: new Set(), signatures: new Set() }),
    ...some,
  };
}

const joined = (...all: readonly Partial<ChainWants>[]): JoinedWants => {
  const each = all.map(wants);
  return new JoinedWants(() => each);
};

describe("what several desks want of the chain", () => {
  it("is each slot once, ascending, and what any of them looks for in it", () => {
    const both = joined(
      {
        waiting: 2,
        wanted: () => [5, 9],
        interestIn: () => ({ pools: new Set(["a"]), signatures: new Set(["s"]) }),
      },
      {
        waiting: 1,
        wanted: () => [3, 5],
        interestIn: () => ({ pools: new Set(["a", "b"]), signatures: new Set() }),
      },
    );
    expect(both.wanted(10)).toEqual([3, 5, 9]);
    expect(both.waiting).toBe(3);
    expect(both.interestIn(5)).toEqual({ pools: new Set(["a", "b"]), signatures: new Set(["s"]) });
  });

  it("has failed only if it has for each desk that wants the slot", () => {
    const both = joined(
      { wanted: () => [5, 6], hasFailed: () => true },
      { wanted: () => [6, 7], hasFailed: () => false },
    );
    both.wanted(10);
    expect([5, 6, 7].map((slot) => both.hasFailed(slot))).toEqual([true, false, false]);
  });

  it("lets no desk's transactions keep another's from being looked for", () => {
    const many = Array.from({ length: 10 }, (_, i) => `a${i}`);
    const both = joined({ unplaced: () => many }, { unplaced: () => ["b0", "b1"] });
    expect(both.unplaced(4)).toEqual(["a0", "b0", "a1", "b1"]);
  });

  it("is watched once every desk has been told of the chain", () => {
    expect([joined({}, { watched: false }).watched, joined({}, {}).watched]).toEqual([false, true]);
  });
});
