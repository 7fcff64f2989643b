import { describe, expect, it } from "vitest";
import type { Swap } from "../swaps/swap.ts";
import { detectSandwiches } from "./detect.ts";
import { attack, legs, Scene } from "./testing/scene.ts";

let next = 0;

function trade(signer: string, buys: boolean, amountIn: bigint, amountOut: bigint, protocol: string): Swap {
  const txIndex = next++;
  const [tokenIn, tokenOut] = buys ? ["SOL", "TOKEN"] : ["TOKEN", "SOL"];
  const place = { id: `tx${txIndex}`, signature: `tx${txIndex}`, slot: 7, txIndex, eventIndex: 0 };
  return { ...place, signer, protocol, pool: "pool", tokenIn, tokenOut, amountIn, amountOut };
}

/** Somebody buys, others buy at these prices, and the maker quotes more before the first sells. */
function quotedUp(protocol: string, ...got: bigint[]): Swap[] {
  next = 0;
  return [
    trade("first", true, 1_000_000n, 500_000n, protocol),
    ...got.map((amount, at) => trade(`other${at}`, true, 200_000n, amount, protocol)),
    trade("first", false, 500_000n, 1_010_000n, protocol),
  ];
}

describe.each(["HumidiFi", "SolFiV2", "AlphaQ", "Phoenix", "OpenBookV2"])("a pool of %s", (protocol) => {
  it("is sandwiched if the front run made the price worse", () => {
    const scene = new Scene(protocol);
    attack(scene, "attacker", "attacker");
    const { sandwiches } = detectSandwiches(scene.swaps);
    expect(sandwiches.map(legs)).toEqual([[["tx0:0"], ["tx1:0"], ["tx2:0"]]]);
    expect(sandwiches).toMatchObject([
      { loss: null, lossReason: expect.stringMatching(/^not replayable: /) },
    ]);
  });

  it("is not sandwiched by who gained from the maker's quotes, while nobody got a worse price", () => {
    const { sandwiches, candidates } = detectSandwiches(quotedUp(protocol, 100_000n, 100_001n));
    expect(sandwiches).toEqual([]);
    const [candidate] = candidates;
    expect(candidate?.label).toBe("shape_only");
    expect(JSON.stringify(candidate?.evidence)).toContain("the maker's quotes moved");
  });

  it("has victims only among those who got a worse price", () => {
    const { sandwiches } = detectSandwiches(quotedUp(protocol, 100_000n, 99_000n));
    expect(sandwiches.map(({ victims }) => victims.map(({ signer }) => signer))).toEqual([["other1"]]);
  });
});

it("a pool that computes its price has victims whatever their price", () => {
  const { sandwiches } = detectSandwiches(quotedUp("RaydiumV4", 100_000n, 99_000n));
  expect(sandwiches.map(({ victims }) => victims.length)).toEqual([2]);
});
