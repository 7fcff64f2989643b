import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConstantProduct, raydiumV4Fee } from "../pools/constant-product.ts";
import { calibrate, type Sample } from "./calibrate.ts";
import { AttackOdds, attackChance, type Exposure, preyOn } from "./odds.ts";
import { sizeFront } from "./sizing.ts";

const reserve = 10n ** 15n;
const atoms = (share: number): bigint => BigInt(Math.round(Number(reserve) * share));

describe("sizeFront", () => {
  test("predicts what the legs do in a pool, and leaves the victim its minimum output", () => {
    const shares = fc.double({ min: 0.003, max: 0.05, noNaN: true });
    const rooms = fc.double({ min: 0.003, max: 0.1, noNaN: true });
    const uses = fc.double({ min: 0.7, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(shares, rooms, uses, (share, room, use) => {
        const pool = new ConstantProduct(raydiumV4Fee, { base: reserve, quote: reserve });
        const sizing = sizeFront({ share, fee: 0.0025, room }, use);
        const victim = atoms(share);
        const alone = Number(pool.quote(true, victim));
        const front = atoms(sizing.front);
        const bought = pool.swap(true, front).amountOut;
        const got = Number(pool.swap(true, victim).amountOut);
        const back = pool.swap(false, bought).amountOut;
        expect(Number(back - front) / Number(reserve)).toBeCloseTo(sizing.profit, 9);
        expect(1 - got / alone).toBeCloseTo(sizing.lossRatio, 9);
        expect(sizing.lossRatio).toBeLessThan(room);
        expect(sizing.profit).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("odds", () => {
  const exposure: Exposure = {
    pair: { appeal: 1 },
    sideUsd: 100_000,
    fee: 0.0025,
    sizeUsd: 2000,
    toleranceBps: 200,
    hour: 15,
    colludes: false,
    protection: "none",
  };

  test("nobody attacks what does not pay off: small trades in deep pools, tight tolerances", () => {
    expect(preyOn(exposure)?.profitUsd).toBeGreaterThan(1);
    expect(preyOn({ ...exposure, sizeUsd: 200 })).toBeUndefined();
    expect(preyOn({ ...exposure, toleranceBps: 0.1 })).toBeUndefined();
    expect(new AttackOdds(1).perSlot({ ...exposure, sizeUsd: 200 })).toBe(0);
  });

  test("protection, quiet hours and honest leaders lower them", () => {
    const odds = new AttackOdds(0.01);
    const usual = odds.perSlot(exposure);
    expect(odds.perSlot({ ...exposure, protection: "private_rpc" })).toBeCloseTo(usual * 0.08, 12);
    expect(odds.perSlot({ ...exposure, hour: 3 })).toBeLessThan(usual / 2);
    expect(odds.perSlot({ ...exposure, colludes: true })).toBeGreaterThan(usual * 3);
  });

  test("calibration meets the rate, or returns the maximum possible", () => {
    const samples: Sample[] = [
      ...Array.from({ length: 30 }, () => ({ exposure, slots: 2 })),
      ...Array.from({ length: 70 }, () => ({ exposure: { ...exposure, sizeUsd: 20 }, slots: 1 })),
    ];
    const odds = calibrate(samples, 0.1);
    if (typeof odds === "number") throw new Error(`no odds: ${odds}`);
    expect(0.3 * attackChance(odds.perSlot(exposure), 2)).toBeCloseTo(0.1, 6);
    expect(calibrate(samples, 0.5)).toBeCloseTo(0.3 * attackChance(0.9, 2), 6);
    expect(calibrate(samples, 0)).toBeInstanceOf(AttackOdds);
  });
});
