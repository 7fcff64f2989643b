import { describe, expect, it } from "vitest";
import { readInput } from "../cases/read-input.ts";
import { Scene } from "../sandwich/testing/scene.ts";
import { swapEventJson } from "./swap-json.ts";

describe("a swap written as JSON", () => {
  it("is read back as the same swap, in either direction", () => {
    const scene = new Scene();
    const sender = {
      signer: "a",
      program: "p",
      payer: "b",
      recipient: "c",
      bundleId: "bundle",
      tipLamports: 7n,
    };
    scene.buy(sender, 2n ** 40n);
    scene.sell("other", 10n ** 12n);
    const [first, ...others] = scene.swaps;
    if (first !== undefined)
      scene.swaps.splice(0, others.length + 1, { ...first, feeIn: 5n, feeOut: 6n }, ...others);
    const text = JSON.stringify(scene.swaps.map(swapEventJson));
    const [read] = readInput(text, "swaps");
    expect(read?.swaps).toEqual(scene.swaps);
  });
});
