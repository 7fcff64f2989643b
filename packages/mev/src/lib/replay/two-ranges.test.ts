import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayLoss } from "./loss.ts";
import { RangedPool, type TestRange } from "./testing/ranged-pool.ts";
import { root, type Story, sandwiched, type Trade } from "./testing/ranged-story.ts";

const one = 1n << 64n;
const L = 10n ** 13n;
/** The square root of the price at a tick. */
const rootAt = (tick: number): bigint => root(1.0001 ** tick);
const ranges = (tick: number, below: bigint, above: bigint): TestRange[] => [
  { top: root(0.5), liquidity: 0n },
  { top: rootAt(tick), liquidity: below },
  { top: root(2), liquidity: above },
];

const replay = ({ swaps }: Story): ReturnType<typeof replayLoss> =>
  replayLoss(swaps, new Set(["0", `${swaps.length - 1}`]), new Set(["1"]));

describe("a concentrated pool whose swaps left the range", () => {
  // Buying lowers the price: two swaps above the tick, one over it, two below, and back.
  const trades: Trade[] = [0.004, 0.009, 0.004, 0.003].map((share) => ({ buy: true, share }));

  it.each([
    ["thinner behind", L / 3n, "OrcaWhirlpool"],
    ["thicker behind", L * 4n, "RaydiumCLMM"],
    ["thicker behind", L * 2n, "UniswapV3"],
  ])("is replayed if they tell the liquidity on both sides: %s", (_, below, protocol) => {
    const fee = protocol === "OrcaWhirlpool" ? 3000n : 2500n;
    const pool = new RangedPool(ranges(-240, below, L), fee, one);
    const story = sandwiched(pool, Number(L), 0.005, trades, protocol);
    expect(story.crossings).toBeGreaterThan(0);
    const loss = replay(story);
    if (typeof loss === "string") throw new Error(loss);
    expect(loss.state).toBe("inferred from consecutive swaps, two neighbouring ranges");
    expect(loss.total.residual).toBeLessThan(1e-6);
    expect(Math.abs(Number(loss.total.atoms - story.lost))).toBeLessThanOrEqual(
      loss.total.residual * Number(story.lost),
    );
  });

  it("is not replayable if they tell it on one side only, or if the ranges do not end at a tick", () => {
    const pool = new RangedPool(ranges(-240, L / 3n, L), 3000n, one);
    expect(replay(sandwiched(pool, Number(L), 0.005, trades.slice(0, 2), "OrcaWhirlpool"))).toContain(
      "left the range",
    );
    const between = new RangedPool(
      [
        { top: root(0.5), liquidity: 0n },
        { top: root(0.97637), liquidity: L / 3n },
        { top: root(2), liquidity: L },
      ],
      3000n,
      one,
    );
    expect(replay(sandwiched(between, Number(L), 0.005, trades, "OrcaWhirlpool"))).toContain(
      "left the range",
    );
  });

  it("never has a wrong loss: random liquidity, fees and swaps around a boundary, and another one further away", () => {
    const counts = { stories: 0, crossed: 0, twoRanges: 0 };
    const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    const power = (min: number, max: number): fc.Arbitrary<number> => double(min, max).map((e) => 10 ** e);
    const shares = fc.tuple(...Array.from({ length: 5 }, () => power(-3, -2)));
    const setting = fc.record({
      liquidity: power(9, 17),
      shares,
      others: fc.array(fc.record({ buy: fc.boolean(), share: power(-4, -2.5) }), { maxLength: 2 }),
      othersFirst: fc.boolean(),
      // Which part of the third swap, or how much more, is before the boundary.
      part: double(-0.5, 1.5),
      further: double(0.001, 0.1),
      times: fc.tuple(fc.oneof(double(0.2, 0.9), double(1.1, 5)), power(-1, 1)),
      fee: fc.constantFrom(400n, 3000n, 10_000n, 350n),
    });
    fc.assert(
      fc.property(setting, (drawn) => {
        const { liquidity, times, fee, others, othersFirst, part, further } = drawn;
        const [front = 0, victim = 0, crossing = 0, ...behind] = drawn.shares;
        const edge = Math.round((2 * Math.log(1 - front - victim - part * crossing)) / Math.log(1.0001));
        const far = edge - Math.round(further * 20_000);
        const all: TestRange[] = [
          { top: root(0.5), liquidity: 0n },
          { top: rootAt(far), liquidity: BigInt(Math.round(liquidity * times[1])) },
          { top: rootAt(edge), liquidity: BigInt(Math.round(liquidity * times[0])) },
          { top: root(2), liquidity: BigInt(Math.round(liquidity)) },
        ];
        const buys = [victim, crossing, ...behind].map((share) => ({ buy: true, share }));
        const trades = othersFirst
          ? [buys[0] ?? { buy: true, share: 0 }, ...others, ...buys.slice(1)]
          : [...buys, ...others];
        const story = sandwiched(new RangedPool(all, fee, one), liquidity, front, trades, "OrcaWhirlpool");
        if (story.swaps.some(({ amountOut }) => amountOut <= 0n)) return;
        counts.stories++;
        if (story.crossings > 0) counts.crossed++;
        const loss = replay(story);
        if (typeof loss === "string") return;
        if (loss.state.includes("two neighbouring")) counts.twoRanges++;
        const off = Math.abs(Number(loss.total.atoms - story.lost));
        expect(off).toBeLessThanOrEqual(loss.total.residual * Math.abs(Number(story.lost)) + 1e-9);
      }),
      { numRuns: 300, seed: 8, endOnFailure: true },
    );
    expect(counts.twoRanges).toBeGreaterThan(20);
  });
});
