import { fixtureText } from "@slipstream/testing/fixtures";
import { describe, expect, it } from "vitest";
import { readInput } from "../cases/read-input.ts";
import { detectSandwiches } from "./detect.ts";
import type { Sandwich } from "./model.ts";

interface Labelled {
  readonly case: string;
  readonly label: {
    readonly sandwichCount: number;
    readonly victimCount?: number;
    readonly sandwiches?: readonly { front: string; victims: string[]; back: string }[];
  };
}

const destiner = fixtureText("destiner_eth.json");

describe.skipIf(destiner === undefined)("real Ethereum blocks", () => {
  const labels = JSON.parse(destiner ?? "[]") as Labelled[];
  const found = new Map<string, readonly Sandwich[]>();
  for (const { name, swaps } of readInput(destiner ?? "[]", "destiner")) {
    const { sandwiches, candidates } = detectSandwiches(swaps);
    expect(candidates).toEqual([]);
    found.set(name, sandwiches);
  }

  it.each(labels.map((labelled) => [labelled.case, labelled.label] as const))("%s", (name, label) => {
    const sandwiches = found.get(name) ?? [];
    expect(sandwiches).toHaveLength(label.sandwichCount);
    if (label.victimCount !== undefined) {
      expect(sandwiches.flatMap(({ victims }) => victims)).toHaveLength(label.victimCount);
    }
    if (label.sandwiches === undefined) return;
    expect(
      sandwiches.map(({ fronts, victims, backs }) => ({
        front: fronts[0]?.id,
        victims: victims.map(({ id }) => id),
        back: backs.at(-1)?.id,
      })),
    ).toEqual(label.sandwiches);
  });

  it("replay within a millionth if they replay at all; the state is inferred, and reported as such", () => {
    const sandwiches = [...found.values()].flat();
    const replayed = sandwiches.filter(({ loss }) => loss !== null);
    expect([sandwiches.length, replayed.length]).toEqual([10, 6]);
    // A Uniswap v3 pool with a V2 label.
    const concentrated = replayed.filter(({ pool }) => pool.startsWith("0x3328"));
    expect(concentrated.map(({ evidence }) => evidence.find(({ kind }) => kind === "state")?.detail)).toEqual(
      ["inferred from consecutive swaps, one range of concentrated liquidity, not UniswapV2's arithmetic"],
    );
    for (const { loss, evidence } of replayed) {
      expect(loss?.residual).toBeLessThanOrEqual(1e-6);
      expect(loss?.atoms).toBeGreaterThan(0n);
      expect(evidence.find(({ kind }) => kind === "state")?.detail).toContain("inferred");
    }
    for (const { loss, lossReason } of sandwiches) {
      if (loss === null) expect(lossReason).toMatch(/^not replayable: /);
    }
  });
});

const block = fixtureText("slot_285000037.json");

describe.skipIf(block === undefined)("a real Solana block", () => {
  it("has 86 triples with the shape of a sandwich, all at a loss, and no sandwich", () => {
    const [input] = readInput(block ?? "", "slot_285000037", 285_000_037);
    expect(input?.swaps).toHaveLength(140);
    const { sandwiches, candidates } = detectSandwiches(input?.swaps ?? [], {
      attempts: input?.attempts ?? [],
    });
    expect(sandwiches).toEqual([]);
    expect(candidates.length).toBe(10);
    for (const { profit, label } of candidates) {
      expect(label).toBe("shape_only");
      expect(profit.atoms).toBeLessThan(0n);
    }
  });
});
