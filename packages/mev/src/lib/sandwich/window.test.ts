import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { DetectOptions } from "./options.ts";
import { attack, large, Scene } from "./testing/scene.ts";
import { defaultWindow, leadersByTurn, measuredSlotMs, windowSlots } from "./window.ts";

describe("the search window", () => {
  it("is a time: shorter slots are more slots", () => {
    expect(windowSlots(defaultWindow)).toBe(3);
    expect(windowSlots({ ...defaultWindow, slotMs: 300 })).toBe(4);
    expect(windowSlots({ windowMs: 1_199, slotMs: 400 })).toBe(2);
    expect(windowSlots({ windowMs: 25_600, slotMs: 50 })).toBe(64);
  });

  it("slots are measured by the times of blocks, which are whole seconds, over a minute or more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 800 }),
        fc.integer({ min: 400, max: 2_000 }),
        (slotMs, slots) => {
          const places = Array.from({ length: slots }, (_, i) => ({
            slot: 1_000 + i,
            blockTime: Math.floor((5_000_000 + i * slotMs) / 1_000),
          }));
          const measured = measuredSlotMs(places);
          if ((slots * slotMs) / 1_000 < 60) expect(measured).toBeUndefined();
          else if (measured !== undefined) expect(Math.abs(measured / slotMs - 1)).toBeLessThan(0.02);
          else expect((slots * slotMs) / 1_000).toBeLessThan(62);
        },
      ),
    );
    expect(
      measuredSlotMs([{ slot: 1 }, { slot: null, blockTime: 5 }, { slot: 900, blockTime: 500 }]),
    ).toBeUndefined();
  });

  it("four slots in a row have one leader", () => {
    const leaderOf = leadersByTurn([
      [8, null],
      [10, "ten"],
      [12, "twelve"],
    ]);
    expect([7, 8, 11, 12, 15, 16].map(leaderOf)).toEqual([
      undefined,
      "ten",
      "ten",
      "twelve",
      "twelve",
      undefined,
    ]);
  });
});

/** A sandwich whose back run comes some slots after the front run. */
function across(slots: number): Scene {
  const scene = new Scene();
  const bought = scene.buy("attacker", large);
  scene.buy("victim", large);
  for (let i = 0; i < slots; i++) scene.world.nextSlot();
  scene.sell("attacker", bought.amountOut);
  return scene;
}

function edgesOf(scene: Scene, options: Partial<DetectOptions> = {}): (string | undefined)[] {
  const { sandwiches, candidates } = detectSandwiches(scene.swaps, options);
  expect(sandwiches).toEqual([]);
  for (const { label } of candidates) expect(label).toBe("shape_only");
  return candidates.map(({ evidence }) => evidence.find(({ kind }) => kind === "edge")?.detail);
}

describe("what is at the window's edge", () => {
  it("is listed if the legs are up to twice as far apart", () => {
    const detail = "front and back run are 4 slots apart, more than the 3 that are searched";
    expect(edgesOf(across(4))).toEqual([detail]);
    expect(edgesOf(across(6))).toHaveLength(1);
    expect(edgesOf(across(7))).toEqual([]);
    expect(detectSandwiches(across(4).swaps, { maxSlotDistance: 4 }).candidates).toEqual([]);
  });

  it("is listed if the leader changes between the legs", () => {
    const scene = across(1);
    const first = scene.swaps[0]?.slot;
    const leaderOf = (slot: number): string => (slot === first ? "one" : "two");
    expect(edgesOf(scene, { leaderOf })).toEqual(["front and back run are under different leaders"]);
  });

  it("is not listed if the round trip did not pay off", () => {
    const scene = new Scene();
    const bought = scene.buy("attacker", large);
    scene.buy("victim", 1_000n);
    for (let i = 0; i < 4; i++) scene.world.nextSlot();
    scene.sell("attacker", bought.amountOut);
    expect(edgesOf(scene)).toEqual([]);
  });

  it("includes an attacker's leg whose other leg was not seen, before or after", () => {
    const scene = new Scene();
    scene.buy("before", large);
    const back = scene.sell("attacker", large);
    for (let i = 0; i < 5; i++) scene.world.nextSlot();
    attack(scene, "attacker", "attacker");
    for (let i = 0; i < 5; i++) scene.world.nextSlot();
    const front = scene.buy("attacker", large);
    scene.buy("after", large);
    scene.buy("somebody", large);
    const { sandwiches, open } = detectSandwiches(scene.swaps);
    expect(sandwiches).toHaveLength(1);
    expect(open).toEqual([
      { swap: back, side: "back" },
      { swap: front, side: "front" },
    ]);
  });
});
