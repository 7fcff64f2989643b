import { SlipstreamError } from "@slipstream/conventions";
import { describe, expect, test } from "vitest";
import { type MevWorldOptions, readMevWorldOptions } from "./options.ts";
import { openMevWorld } from "./world.ts";

describe("options", () => {
  test("everything has a default", () => {
    const settings = readMevWorldOptions({});
    expect(settings).toMatchObject({
      seed: 1,
      trades: 10_000,
      days: 2,
      protectedShare: 0.35,
      noise: 1,
    });
    expect(settings.pairs.length).toBeGreaterThan(3);
  });

  test.each<[string, MevWorldOptions, RegExp]>([
    ["trades", { trades: 0 }, /^trades: .*but is 0$/],
    ["seed", { seed: 1.5 }, /^seed: .*but is 1.5$/],
    ["attackRate", { attackRate: 1.2 }, /^attackRate: .*<=1, but is 1.2$/],
    ["pairs.0", { pairs: ["SOL/EUR"] }, /unknown pair "SOL\/EUR"; the pairs are SOL\/USDC, /],
    ["pairs", { pairs: [] }, /at least one pair/],
    ["attackers", { attackers: { classic: 0 } }, /at least one weight must be above 0/],
    ["attackers.sneaky", { attackers: { sneaky: 1 } as never }, /sneaky/],
    ["speed", { speed: 1 } as never, /speed/],
  ])("%s: the invalid option is named", (field, options, message) => {
    const read = (): unknown => readMevWorldOptions(options);
    expect(read).toThrow(message);
    try {
      read();
    } catch (error) {
      expect(error).toBeInstanceOf(SlipstreamError);
      expect(error).toMatchObject({ field, code: "invalid_option" });
    }
  });

  test("an attack rate above what pays off is rejected", () => {
    expect(() => openMevWorld({ attackRate: 0.9 })).toThrow(
      /^attackRate: must be at most 0\.\d+ here, but is 0\.9/,
    );
  });

  test("if the usual rate would not pay off, fewer trades are attacked", () => {
    const world = openMevWorld({ pairs: ["SOL/USDC"], trades: 3000, noise: 0 });
    let [attacked, open] = [0, 0];
    for (const { truths } of world.slots()) {
      for (const { protection, status, attackChance } of truths) {
        if (protection !== "none" || status === "lost") continue;
        open++;
        attacked += attackChance;
      }
    }
    expect(attacked / open).toBeGreaterThan(0.003);
    expect(attacked / open).toBeLessThan(0.02);
  });

  test("fee questions require an existing pair", () => {
    const world = openMevWorld({ pairs: ["SOL/USDC"] });
    const question = { pair: "WIF/SOL", sizeUsd: 100, urgency: "low", protection: "none" } as const;
    expect(() => world.feeContext(question)).toThrow(/^pair: does not exist in this world: WIF\/SOL/);
  });
});
