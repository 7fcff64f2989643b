import { describe, expect, it } from "vitest";
import { large, Scene, small } from "../sandwich/testing/scene.ts";
import { applySwap, poolOut, type TestPool } from "../sandwich/testing/world.ts";
import type { Swap } from "../swaps/swap.ts";
import { type ReplayedLoss, replayLoss } from "./loss.ts";

/** Front, two victims with a bystander between, back; and what the victims would have received without the attacker. */
function attacked(kind: Partial<TestPool> = {}): { swaps: Swap[]; lost: bigint[]; due: bigint[] } {
  const scene = new Scene();
  Object.assign(scene.pool, kind);
  const alone = { ...scene.pool };
  const lost: bigint[] = [];
  const due: bigint[] = [];
  const bought = scene.buy("attacker", large);
  const other = (buy: boolean, amountIn: bigint, isVictim: boolean): void => {
    const swap = buy ? scene.buy("other", amountIn) : scene.sell("other", amountIn);
    const out = poolOut(alone, buy, amountIn);
    applySwap(alone, buy, amountIn, out);
    if (!isVictim) return;
    lost.push(out - swap.amountOut);
    due.push(out);
  };
  other(true, large, true);
  other(false, large * 3n, false);
  other(true, small, true);
  scene.sell("attacker", bought.amountOut);
  return { swaps: scene.swaps, lost, due };
}

const attacker = new Set(["tx0:0", "tx4:0"]);
const victims = new Set(["tx1:0", "tx3:0"]);

function replay(swaps: readonly Swap[]): ReplayedLoss {
  const loss = replayLoss(swaps, attacker, victims);
  if (typeof loss === "string") throw new Error(loss);
  return loss;
}

const without = (swaps: readonly Swap[]): Swap[] => swaps.map((swap) => ({ ...swap, reserves: undefined }));
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe("a loss", () => {
  it("is exact, to the atom, where the reserves are given", () => {
    const { swaps, lost, due } = attacked();
    const { total, byVictim, state, fee } = replay(swaps);
    expect(total).toEqual({
      atoms: sum(lost),
      token: "TOKEN",
      ratio: Number(sum(lost)) / Number(sum(due)),
      residual: 0,
    });
    expect([...byVictim].map(([id, { atoms }]) => [id, atoms])).toEqual([
      ["tx1:0", lost[0]],
      ["tx3:0", lost[1]],
    ]);
    expect([state, fee]).toEqual(["reserves given", "25 bps (RaydiumV4)"]);
  });

  it.each([0, 1, 2, 3, 4])("needs the reserves of one swap only (number %i)", (index) => {
    const { swaps, lost } = attacked();
    const sparse = without(swaps).map((swap, i) =>
      i === index ? { ...swap, reserves: swaps[i]?.reserves } : swap,
    );
    expect(replay(sparse).total).toMatchObject({ atoms: sum(lost), residual: 0 });
  });

  it("is found from consecutive swaps where no reserves are given, and says so", () => {
    const { swaps, lost } = attacked();
    const { total, state } = replay(without(swaps));
    expect(state).toBe("reserves inferred from consecutive swaps");
    expect(total.residual).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(Number(total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-6);
  });

  it.each([
    [{ fee: 30, feeUp: false, protocol: "UniswapV2" }, "30 bps (UniswapV2)"],
    [{ fee: 30, feeUp: false, protocol: "SushiSwap" }, "30 bps (SushiSwap)"],
    [{ fee: 25, feeUp: false, protocol: "PancakeSwap V2" }, "25 bps (PancakeSwap V2)"],
    [{ fee: 17, feeUp: false, protocol: "UniswapV2" }, undefined],
    [{ fee: 20, feeUp: false, protocol: "UniswapV2" }, "20 bps, inferred from the swaps"],
    [{ fee: 100, feeUp: true, protocol: "NobodyKnows" }, "100 bps, inferred from the swaps"],
  ])("knows or infers the fee: %o", (kind, expected) => {
    const { swaps, lost } = attacked(kind);
    for (const events of [swaps, without(swaps)]) {
      const loss = replayLoss(events, attacker, victims);
      if (expected === undefined) continue;
      if (typeof loss === "string") throw new Error(loss);
      expect(loss.fee).toBe(expected);
      expect(Math.abs(Number(loss.total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-6);
    }
  });

  it("with a fee that no pool is known to charge has its residual, or is not replayable", () => {
    const { swaps } = attacked({ fee: 17, feeUp: false, protocol: "UniswapV2" });
    expect(replay(swaps).total.residual).toBeGreaterThan(1e-4);
    expect(replayLoss(without(swaps), attacker, victims)).toMatch(/^not replayable: no constant product/);
  });

  it("leaves what else moved the reserves where it was", () => {
    const { swaps, lost } = attacked();
    // Liquidity is added between the first and the second of the others.
    const grown = swaps.map((swap, i) => {
      const { reserves } = swap;
      if (i < 2 || reserves === undefined) return swap;
      return { ...swap, reserves: { in: (reserves.in * 11n) / 10n, out: (reserves.out * 11n) / 10n } };
    });
    const { byVictim } = replay(grown);
    expect(byVictim.get("tx1:0")?.atoms).toBe(lost[0]);
  });

  it("cancels a constant error of the reserves", () => {
    const { swaps, lost } = attacked();
    // Vaults also hold fees that are not traded against.
    const padded = swaps.map((swap) => {
      const { reserves } = swap;
      const more = (amount: bigint): bigint => amount + amount / 5_000n;
      return reserves === undefined
        ? swap
        : { ...swap, reserves: { in: reserves.in, out: more(reserves.out) } };
    });
    const { total } = replay(padded);
    expect(total.residual).toBeGreaterThan(1e-4);
    expect(Math.abs(Number(total.atoms - sum(lost))) / Number(sum(lost))).toBeLessThan(1e-3);
  });
});

describe("not replayable, with the reason, is", () => {
  it.each([
    ["UniswapV3", "concentrated liquidity"],
    ["raydium_clmm", "concentrated liquidity"],
    ["Orca Whirlpool", "concentrated liquidity"],
    ["Meteora DLMM", "dynamic pool"],
    ["MeteoraDAMMv1", "vaults are shared with other pools"],
    ["Curve", "no constant product"],
    ["BalancerV2", "no constant product"],
    ["Phoenix", "market makers"],
  ])("%s: %s", (protocol, reason) => {
    const { swaps } = attacked({ protocol });
    const loss = replayLoss(swaps, attacker, victims);
    expect(loss).toContain(`not replayable: ${protocol}: `);
    expect(loss).toContain(reason);
  });

  it("a pool with another swap between that is not listed", () => {
    const { swaps } = attacked();
    const gap = without(swaps).map((swap, i) =>
      i < 3 ? swap : { ...swap, amountOut: (swap.amountOut * 99n) / 100n },
    );
    expect(replayLoss(gap, attacker, victims)).toMatch(/^not replayable: no constant product/);
  });

  it("a state that two swaps leave open, or that tiny swaps do", () => {
    const { swaps } = attacked();
    expect(replayLoss(without(swaps).slice(0, 2), attacker, victims)).toContain("two swaps do not tell it");
    const scene = new Scene();
    const bought = scene.buy("attacker", 1_000n);
    scene.buy("other", 2_000n);
    scene.sell("attacker", bought.amountOut);
    const loss = replayLoss(without(scene.swaps), new Set(["tx0:0", "tx2:0"]), new Set(["tx1:0"]));
    expect(loss).toContain("too small against the pool");
  });

  it("a pool whose given reserves are impossible, or not its own", () => {
    const { swaps } = attacked();
    const empty = swaps.map((swap) => ({ ...swap, reserves: { in: 0n, out: 5n } }));
    expect(replayLoss(empty, attacker, victims)).toContain("not above 0");
    const wrong = swaps.map((swap) => ({ ...swap, reserves: { in: 10n ** 15n, out: 10n ** 15n } }));
    expect(replayLoss(wrong, attacker, victims)).toContain("from the given reserves misses it");
  });
});
