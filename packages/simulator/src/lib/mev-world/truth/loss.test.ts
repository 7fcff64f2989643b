import type { Swap } from "@slipstream/mev";
import { describe, expect, test } from "vitest";
import { openMevWorld } from "../world.ts";
import type { AttackTruth, MevTradeTruth } from "./model.ts";

/** An independent Raydium v4 with nothing set aside: fee 25 bps rounded up, output rounded down. */
function output(amountIn: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  const fee = amountIn % 400n === 0n ? amountIn / 400n : amountIn / 400n + 1n;
  return ((amountIn - fee) * reserveOut) / (reserveIn + amountIn - fee);
}

describe("loss in the ground truth", () => {
  const world = openMevWorld({ seed: 11, trades: 6000, days: 0.6, attackRate: 0.15, protectedShare: 0.1 });
  const swaps: Swap[] = [];
  const attacks: AttackTruth[] = [];
  const trades: MevTradeTruth[] = [];
  for (const record of world.slots()) {
    swaps.push(...record.swaps);
    attacks.push(...record.attacks);
    trades.push(...record.truths);
  }
  const number = new Map(swaps.map(({ id }, index) => [id, index]));

  /** Swaps of the attack's pool from its first leg to its last. */
  function windowOf({ fronts, backs, pool }: AttackTruth): Swap[] {
    const from = number.get(fronts[0] ?? "") ?? 0;
    const to = number.get(backs.at(-1) ?? "") ?? from;
    return swaps.slice(from, to + 1).filter((swap) => swap.pool === pool);
  }

  test("equals a replay of the pool without the attacker's legs, to the atom", () => {
    let compared = 0;
    for (const attack of attacks.filter(({ outcome }) => outcome === "completed")) {
      const window = windowOf(attack);
      // If the vaults contain only the reserves, every output follows from them.
      const plain = window.every(({ protocol, amountIn, amountOut, reserves }) => {
        if (protocol !== "RaydiumV4" || reserves === undefined) return false;
        return output(amountIn, reserves.in, reserves.out) === amountOut;
      });
      if (!plain) continue;
      const legs = new Set([...attack.fronts, ...attack.backs]);
      const [first] = window;
      const held = new Map([
        [first?.tokenIn, first?.reserves?.in ?? 0n],
        [first?.tokenOut, first?.reserves?.out ?? 0n],
      ]);
      const without = new Map<string, bigint>();
      for (const { id, tokenIn, tokenOut, amountIn } of window.filter((swap) => !legs.has(swap.id))) {
        const [reserveIn, reserveOut] = [held.get(tokenIn) ?? 0n, held.get(tokenOut) ?? 0n];
        const got = output(amountIn, reserveIn, reserveOut);
        held.set(tokenIn, reserveIn + amountIn).set(tokenOut, reserveOut - got);
        without.set(id, got);
      }
      for (const { swap, lossAtoms } of attack.victims) {
        const actual = swaps[number.get(swap) ?? -1]?.amountOut ?? 0n;
        expect(BigInt(lossAtoms)).toBe((without.get(swap) ?? 0n) - actual);
        expect(BigInt(lossAtoms)).toBeGreaterThan(0n);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(60);
  });

  test("of a trade is that of its attack, and nobody else lost anything", () => {
    const losses = new Map<string, string>();
    for (const attack of attacks) {
      for (const { trade, lossAtoms } of attack.victims) if (trade !== null) losses.set(trade, lossAtoms);
    }
    expect(losses.size).toBeGreaterThan(100);
    for (const { id, lossAtoms, outWithoutAtoms, lossRatio, verdict } of trades) {
      expect(lossAtoms).toBe(losses.get(id) ?? "0");
      if (outWithoutAtoms === null) expect(verdict).not.toBe("impacted");
      else expect(lossRatio).toBeCloseTo(Number(lossAtoms) / Number(outWithoutAtoms), 12);
    }
  });

  test("a completed attack made a profit around its victims, under one leader", () => {
    const places = new Map(swaps.map((swap, index) => [swap.id, index]));
    for (const { outcome, fronts, victims, backs, profitAtoms, sameLeader } of attacks) {
      if (outcome !== "completed") continue;
      expect(BigInt(profitAtoms)).toBeGreaterThanOrEqual(0n);
      expect(sameLeader).toBe(true);
      const at = (ids: readonly string[]): number[] => ids.map((id) => places.get(id) ?? -1);
      const [first, last] = [Math.min(...at(fronts)), Math.max(...at(backs))];
      for (const place of at(victims.map(({ swap }) => swap))) {
        expect(place > first && place < last).toBe(true);
      }
    }
  });
});

test("a bundle's legs and victims are consecutive, and no other bundle is mixed in", () => {
  const world = openMevWorld({
    seed: 6,
    trades: 2000,
    days: 0.3,
    attackRate: 0.1,
    attackers: { bundle: 1, classic: 1 },
  });
  const records = [...world.slots()];
  const swaps = new Map(records.flatMap((record) => record.swaps).map((swap) => [swap.id, swap]));
  let bundles = 0;
  for (const { kind, outcome, bundleId, fronts, victims, backs } of records.flatMap(
    ({ attacks }) => attacks,
  )) {
    const legs = [...fronts, ...victims.map(({ swap }) => swap), ...backs].map((id) => swaps.get(id));
    const ids = new Set(legs.filter((_, index) => index === 0).map((leg) => leg?.bundleId));
    expect(kind === "bundle").toBe(bundleId !== null);
    expect([...ids]).toEqual([bundleId ?? undefined]);
    if (kind !== "bundle" || outcome !== "completed") continue;
    bundles++;
    expect(new Set(legs.map((leg) => leg?.bundleId))).toEqual(new Set([bundleId]));
    const first = legs[0]?.txIndex ?? 0;
    expect(legs.map((leg) => leg?.txIndex)).toEqual(legs.map((_, index) => first + index));
    expect(legs.at(-1)?.tipLamports).toBeGreaterThan(0n);
  }
  expect(bundles).toBeGreaterThan(20);
});
