import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { Detection } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import { attack, large, legs, Scene, small } from "./testing/scene.ts";
import type { Sender } from "./testing/world.ts";

const jupiter = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
const raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";

/** A round trip around a victim that paid off, over some slots. */
function trip(scene: Scene, who: Sender, slots: number): void {
  const { amountOut } = scene.buy(who, large);
  scene.buy("victim", large);
  for (let slot = 0; slot < slots; slot++) scene.world.nextSlot();
  scene.sell(who, amountOut);
}

function found(
  act: (scene: Scene) => void,
  options: (scene: Scene) => Partial<DetectOptions> = () => ({}),
): Detection {
  const scene = new Scene();
  act(scene);
  return detectSandwiches(scene.swaps, options(scene));
}

describe("a round trip that paid off is luck", () => {
  it("once, through a router and over several slots", () => {
    const { sandwiches, candidates } = found((scene) => trip(scene, { signer: "p", program: jupiter }, 1));
    expect(sandwiches).toEqual([]);
    expect(candidates).toMatchObject([{ label: "shape_only", loss: null, lossReason: "not replayed" }]);
    expect(candidates[0]?.evidence[1]?.detail).toContain("once, through a router and over several slots");
  });

  it("by somebody who trades a lot otherwise, though it may happen twice", () => {
    const trader = (others: number, times: number): Detection =>
      found((scene) => {
        for (let time = 0; time < times; time++) {
          trip(scene, { signer: "maker" }, 0);
          for (let slot = 0; slot < 9; slot++) scene.world.nextSlot();
        }
        // Its other swaps are in another pool.
        for (let swap = 0; swap < others; swap++) scene.buy("maker", small, scene.other);
      });
    expect(trader(11, 1).sandwiches).toHaveLength(1);
    expect(trader(12, 1).sandwiches).toEqual([]);
    expect(trader(16, 2).sandwiches).toHaveLength(2);
    expect(trader(17, 2)).toMatchObject({ sandwiches: [], candidates: [{}, {}] });
  });

  it("and then it is a victim like others", () => {
    const { sandwiches } = found((scene) => {
      const { amountOut } = scene.buy("attacker", large);
      const own = scene.buy({ signer: "p", program: jupiter }, small);
      scene.buy("victim", large);
      scene.sell("attacker", amountOut);
      scene.buy("next", large);
      scene.world.nextSlot();
      scene.sell({ signer: "p", program: jupiter }, own.amountOut);
    });
    expect(sandwiches.map((one) => legs(one))).toEqual([[["tx0:0"], ["tx1:0", "tx2:0"], ["tx3:0"]]]);
  });
});

describe("a round trip is no luck", () => {
  it.each<[string, Sender, number]>([
    ["within a slot", { signer: "p", program: jupiter }, 0],
    ["through a program of its own", { signer: "p", program: "own" }, 1],
    ["through the pool's program itself", { signer: "p", program: raydium }, 1],
    ["by a program that is not known", { signer: "p" }, 1],
    ["that pays a tip", { signer: "p", program: jupiter, tipLamports: 10_000n }, 1],
  ])("%s", (_, who, slots) => {
    expect(found((scene) => trip(scene, who, slots)).sandwiches).toHaveLength(1);
  });

  it("if it is repeated, or swaps of the same signer failed around it", () => {
    const who = { signer: "p", program: jupiter };
    const twice = found((scene) => {
      for (let time = 0; time < 2; time++) {
        trip(scene, who, 1);
        for (let slot = 0; slot < 9; slot++) scene.world.nextSlot();
      }
    });
    expect(twice.sandwiches).toHaveLength(2);
    const failed = found(
      (scene) => trip(scene, who, 1),
      ({ world }) => ({ attempts: [{ signer: "p", pool: "pool", slot: world.slot }] }),
    );
    expect(failed.sandwiches).toHaveLength(1);
  });

  it("if its wallets hide each other, or if a bundle holds it", () => {
    const holder = (signer: string): Sender => ({ signer, program: jupiter, payer: "h", recipient: "h" });
    const hidden = found((scene) => {
      const { amountOut } = scene.buy(holder("a"), large);
      scene.buy("victim", large);
      scene.world.nextSlot();
      scene.sell(holder("b"), amountOut);
    });
    expect(hidden.sandwiches).toHaveLength(1);
    const bundled = { signer: "p", program: jupiter, bundleId: "bundle" };
    const bundle = found((scene) => attack(scene, bundled, bundled, { ...bundled, signer: "victim" }));
    expect(bundle.sandwiches).toHaveLength(1);
  });

  it("for a caller that sorts it out by what else it knows", () => {
    const act = (scene: Scene): void => trip(scene, { signer: "p", program: jupiter }, 1);
    expect(found(act, () => ({ sortsOutLuck: false })).sandwiches).toMatchObject([{ label: "feasible" }]);
  });
});
