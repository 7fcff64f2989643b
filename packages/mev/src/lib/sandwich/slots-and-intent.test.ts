import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { Detection } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import { attack, large, Scene } from "./testing/scene.ts";

function detect(scene: Scene, options: Partial<DetectOptions> = {}): Detection {
  return detectSandwiches(scene.swaps, options);
}

describe("slots", () => {
  function across(slots: number, pool = "pool"): Scene {
    const scene = new Scene("RaydiumV4", pool);
    const bought = scene.buy("attacker", large);
    scene.buy("victim", large);
    for (let i = 0; i < slots; i++) scene.world.nextSlot();
    scene.sell("attacker", bought.amountOut);
    return scene;
  }

  it("may lie between the legs, as many as a leader's turn spans", () => {
    expect(detect(across(3)).sandwiches).toHaveLength(1);
    expect(detect(across(4)).sandwiches).toEqual([]);
    expect(detect(across(4), { maxSlotDistance: 7 }).sandwiches).toHaveLength(1);
    expect(detect(across(1), { maxSlotDistance: 0 }).sandwiches).toEqual([]);
  });

  it("of different leaders do not belong together", () => {
    const scene = across(1);
    const first = scene.swaps[0]?.slot;
    expect(detect(scene, { leaderOf: (slot) => (slot === first ? "one" : "two") }).sandwiches).toEqual([]);
    expect(detect(scene, { leaderOf: () => "one" }).sandwiches).toHaveLength(1);
  });

  it("are separate blocks on EVM chains", () => {
    expect(detect(across(0, "0xabc123")).sandwiches).toHaveLength(1);
    expect(detect(across(1, "0xabc123")).sandwiches).toEqual([]);
  });

  it("need not be known", () => {
    const scene = across(0);
    const swaps = scene.swaps.map((swap) => ({ ...swap, slot: null }));
    expect(detectSandwiches(swaps).sandwiches).toHaveLength(1);
  });
});

describe("intent", () => {
  it("shows in tips and in failed attempts around it", () => {
    const tipped = new Scene();
    attack(tipped, "attacker", { signer: "attacker", tipLamports: 10_000n });
    expect(detect(tipped).sandwiches[0]?.label).toBe("intentional");

    const scene = new Scene();
    attack(scene, "attacker", "attacker");
    const slot = scene.world.slot;
    const label = (attempt: DetectOptions["attempts"][number]): string | undefined =>
      detect(scene, { attempts: [attempt] }).sandwiches[0]?.label;
    expect(label({ signer: "attacker", pool: "pool", slot })).toBe("intentional");
    expect(label({ signer: "attacker", pool: "pool", slot: slot + 50 })).toBe("feasible");
    expect(label({ signer: "somebody", pool: "pool", slot })).toBe("feasible");
    expect(label({ signer: "attacker", pool: "other", slot })).toBe("feasible");
  });
});
