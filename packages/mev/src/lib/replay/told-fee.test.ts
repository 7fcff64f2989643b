import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayLoss } from "./loss.ts";
import { RangedPool, type TestFee, type TestRange } from "./testing/ranged-pool.ts";
import { root, type Story, sandwiched, type Trade } from "./testing/ranged-story.ts";

const one = 1n << 64n;
const L = 10n ** 12n;
const wide = (liquidity: bigint): TestRange[] => [
  { top: root(0.5), liquidity: 0n },
  { top: root(2), liquidity },
];
/** Groups of 0.8 %. */
const groups = Array.from({ length: 170 }, (_, i) => root(0.5 * 1.008 ** (i + 0.4)));
const few: Trade[] = [{ buy: true, share: 0.005 }];
const many: Trade[] = [...few, { buy: true, share: 0.002 }];

const replay = ({ swaps }: Story): ReturnType<typeof replayLoss> =>
  replayLoss(swaps, new Set(["0", `${swaps.length - 1}`]), new Set(["1"]));

function expectRight(story: Story): string {
  const loss = replay(story);
  if (typeof loss === "string") throw new Error(loss);
  const off = Math.abs(Number(loss.total.atoms - story.lost));
  expect(off).toBeLessThanOrEqual(loss.total.residual * Math.abs(Number(story.lost)) + 1e-9);
  expect(loss.total.residual).toBeLessThan(1e-4);
  return loss.fee;
}

describe("the fee of a concentrated pool", () => {
  it.each([
    [{ base: 2500n, token: "MONEY" } as const, "25 bps in MONEY, inferred from the swaps"],
    [{ base: 400n, token: "TOKEN" } as const, "4 bps in TOKEN, inferred from the swaps"],
  ])("may be charged always in one token: %o", (fee, text) => {
    const pool = new RangedPool(wide(L), fee, one);
    expect(expectRight(sandwiched(pool, 1e12, 0.01, few, "RaydiumCLMM"))).toBe(text);
  });

  it("is told by four swaps, if it is on no list", () => {
    const story = (trades: readonly Trade[]): Story =>
      sandwiched(new RangedPool(wide(L), 2717n, one), 1e12, 0.01, trades, "OrcaWhirlpool");
    expect(expectRight(story(many))).toBe("27.17 bps, inferred from the swaps");
    expect(replay(story(few))).toContain("or the fee changed in between");
  });

  it("is told if it depends on the price, and all swaps are in one group of prices", () => {
    const fee: TestFee = { base: 1600n, perGroup: 321n, groups };
    const pool = new RangedPool(wide(L), fee, one);
    // The reference stays where the price began.
    pool.swap(true, L / 65n);
    const shares = many.map(({ buy, share }) => ({ buy, share: share / 5 }));
    expect(expectRight(sandwiched(pool, 1e12, 0.0005, shares, "OrcaWhirlpool"))).not.toContain("16 bps");
  });

  it("that rose in between leaves the loss unknown", () => {
    const fee: TestFee = { base: 1600n, perGroup: 321n, groups };
    const story = sandwiched(new RangedPool(wide(L), fee, one), 1e12, 0.01, many, "OrcaWhirlpool");
    expect(replay(story)).toContain("or the fee changed in between");
  });

  it("never makes a loss wrong: random fees, in one token or not, static or dynamic", () => {
    const counts = { stories: 0, replayed: 0, dynamic: 0, oneSided: 0 };
    const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    const power = (min: number, max: number): fc.Arbitrary<number> => double(min, max).map((e) => 10 ** e);
    const setting = fc.record({
      liquidity: power(9, 17),
      base: fc.oneof(fc.constantFrom(400n, 2500n), fc.bigInt(1n, 30_000n)),
      token: fc.constantFrom(undefined, "MONEY" as const, "TOKEN" as const),
      perGroup: fc.constantFrom(undefined, undefined, 1n, 40n, 900n),
      // The reference of a dynamic fee is where the price was before.
      moved: fc.oneof(fc.constant(0), power(-3, -1.5)),
      front: power(-4, -1.5),
      trades: fc.array(fc.record({ buy: fc.boolean(), share: power(-4, -1.5) }), {
        minLength: 1,
        maxLength: 4,
      }),
      // A second range, which the swaps may reach.
      edge: double(0.95, 0.9999),
      times: double(0.3, 3),
    });
    fc.assert(
      fc.property(setting, ({ liquidity, base, token, perGroup, moved, front, trades, edge, times }) => {
        const size = BigInt(Math.round(liquidity));
        const ranges = [
          { top: root(0.5), liquidity: 0n },
          { top: root(edge), liquidity: BigInt(Math.round(liquidity * times)) },
          { top: root(2), liquidity: size },
        ];
        const pool = new RangedPool(ranges, { base, token, perGroup, groups }, one);
        if (moved > 0) pool.swap(false, BigInt(Math.round(moved * liquidity)));
        const [victim, ...others] = trades;
        const all = [{ buy: true, share: victim?.share ?? 0.001 }, ...others];
        const story = sandwiched(pool, liquidity, front, all, "RaydiumCLMM");
        if (story.swaps.some(({ amountOut }) => amountOut <= 0n)) return;
        counts.stories++;
        const loss = replay(story);
        if (typeof loss === "string") return;
        counts.replayed++;
        if (perGroup !== undefined) counts.dynamic++;
        if (token !== undefined) counts.oneSided++;
        const off = Math.abs(Number(loss.total.atoms - story.lost));
        expect(off).toBeLessThanOrEqual(loss.total.residual * Math.abs(Number(story.lost)) + 1e-9);
      }),
      { numRuns: 1200, seed: 3, endOnFailure: true },
    );
    expect(counts.replayed).toBeGreaterThan(70);
    expect(Math.min(counts.dynamic, counts.oneSided)).toBeGreaterThan(5);
  });
});
