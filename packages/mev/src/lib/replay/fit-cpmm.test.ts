import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Swap } from "../swaps/swap.ts";
import { replayLoss } from "./loss.ts";
import { CpmmPool, type CpmmSetting } from "./testing/cpmm-pool.ts";

const plain: CpmmSetting = {
  tradeFee: 2500n,
  creatorFee: 0n,
  creatorFeeOn: "paid",
  reserves: [80_000_000_000n, 200_000_000_000_000n],
  unclaimed: [0n, 0n],
  withheld: [0n, 0n],
};

interface Trade {
  readonly from: 0 | 1;
  /** Of the reserve of what is paid, or, if the output is fixed, of what is received. */
  readonly share: number;
  readonly fixesOutput?: boolean | undefined;
}

interface Story {
  readonly swaps: Swap[];
  /** What the victim would have received without the attacker, less what it received. */
  readonly lost: bigint;
}

interface Telling {
  /** What the events say about reserves: the vaults' balances, what is traded against, or nothing. */
  readonly reserves?: "vaults" | "traded" | "none";
  /** Number of the swap after which all unclaimed fees are collected. */
  readonly collectsAfter?: number | undefined;
}

const share = (amount: bigint, part: number): bigint => {
  const atoms = (amount * BigInt(Math.round(part * 1e9))) / 1_000_000_000n;
  return atoms > 2n ? atoms : 2n;
};

/** A front run, victims of which the first counts, and a back run that sells what the front run received. */
function sandwiched(setting: CpmmSetting, trades: readonly Trade[], telling: Telling = {}): Story {
  const pool = new CpmmPool(setting);
  let alone = pool.clone();
  const swaps: Swap[] = [];
  const swap = (trade: Trade, sent?: bigint): { amountIn: bigint; amountOut: bigint } => {
    const { from, fixesOutput } = trade;
    const [before, reserves] = [[...pool.vaults], pool.reserves];
    const done =
      fixesOutput === true
        ? pool.swapBaseOutput(from, share(reserves[from === 0 ? 1 : 0], trade.share))
        : pool.swapBaseInput(from, sent ?? share(reserves[from], trade.share));
    const at = swaps.length;
    const told = telling.reserves === "traded" ? reserves : before;
    const [zero, one] = [told[0] ?? 0n, told[1] ?? 0n];
    swaps.push({
      ...{ id: `${at}`, slot: 1, txIndex: at, eventIndex: 0, signature: `${at}`, signer: `${at}` },
      ...{ pool: "pool", protocol: "RaydiumCPMM", ...done },
      tokenIn: from === 0 ? "MONEY" : "TOKEN",
      tokenOut: from === 0 ? "TOKEN" : "MONEY",
      ...(telling.reserves === "none"
        ? {}
        : { reserves: from === 0 ? { in: zero, out: one } : { in: one, out: zero } }),
    });
    if (telling.collectsAfter === at) {
      pool.collect();
      alone.collect();
    }
    return done;
  };
  const [front, ...others] = trades;
  if (front === undefined) throw new Error("no front run");
  const bought = swap(front);
  alone = new CpmmPool({ ...setting, withheld: [0n, 0n] });
  let lost = 0n;
  for (const [i, trade] of others.entries()) {
    const { amountIn, amountOut } = swap(trade);
    // Without the attacker, everybody pays the same.
    const out = alone.swapBaseInput(trade.from, amountIn).amountOut;
    if (i === 0) lost = out - amountOut;
  }
  const withheld = setting.withheld[1];
  swap({ from: 1, share: 0 }, bought.amountOut - (bought.amountOut * withheld + 9999n) / 10_000n);
  return { swaps, lost };
}

const replay = ({ swaps }: Story): ReturnType<typeof replayLoss> =>
  replayLoss(swaps, new Set(["0", `${swaps.length - 1}`]), new Set(["1"]));

const small: Trade[] = [
  { from: 0, share: 0.025 },
  { from: 0, share: 0.018 },
];

describe("Raydium's constant-product pools", () => {
  const kinds = [
    ["without a creator's fee", {}],
    ["with a creator's fee in what is paid", { creatorFee: 1000n }],
    ["with a creator's fee in the first token", { creatorFee: 500n, creatorFeeOn: 0 }],
    ["with a creator's fee in the second token", { creatorFee: 1000n, creatorFeeOn: 1 }],
    ["with another configuration", { tradeFee: 20_000n, creatorFee: 3000n, creatorFeeOn: 1 }],
    ["of a mint that withholds fees", { creatorFee: 1000n, withheld: [0n, 300n] }],
  ] as const satisfies readonly (readonly [string, Partial<CpmmSetting>])[];

  for (const [name, setting] of kinds) {
    it.each([
      ["nothing unclaimed", [0n, 0n], {}],
      ["2 % unclaimed", [1_600_000_000n, 4_000_000_000_001n], {}],
      ["half of the vault unclaimed", [80_000_000_123n, 7n], {}],
      ["reserves that are not told", [5n, 7n], { reserves: "none" }],
      ["reserves as traded against", [9_999n, 7n], { reserves: "traded" }],
      ["fees collected in between", [1_000_000_007n, 70_000_000_000n], { collectsAfter: 1 }],
    ] as const)(`${name}, %s, are replayed`, (_, unclaimed, telling) => {
      const story = sandwiched({ ...plain, ...setting, unclaimed }, small, telling);
      const loss = replay(story);
      if (typeof loss === "string") throw new Error(loss);
      expect(Number(loss.total.residual)).toBeLessThan(1e-6);
      expect(Math.abs(Number(loss.total.atoms - story.lost)) / Number(story.lost)).toBeLessThanOrEqual(
        loss.total.residual,
      );
    });
  }

  const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
  const power = (min: number, max: number): fc.Arbitrary<number> => double(min, max).map((e) => 10 ** e);
  const atoms = (min: number, max: number): fc.Arbitrary<bigint> =>
    power(min, max).map((number) => BigInt(Math.round(number)));
  const trade = (from: fc.Arbitrary<0 | 1>): fc.Arbitrary<Trade> =>
    fc.record({ from, share: power(-3.5, -1), fixesOutput: fc.boolean() });
  const unclaimed = fc.oneof(fc.constant(0), power(-9, 0.5));
  const random = {
    creatorFeeOn: fc.constantFrom("paid" as const, 0 as const, 1 as const),
    unclaimed: fc.tuple(unclaimed, unclaimed),
    withheld: fc.constantFrom([0n, 0n] as const, [0n, 100n] as const, [500n, 0n] as const),
    front: trade(fc.constant(0)),
    victim: trade(fc.constant(0)),
    others: fc.array(trade(fc.constantFrom(0, 1)), { maxLength: 3 }),
    told: fc.constantFrom("vaults" as const, "vaults" as const, "traded" as const, "none" as const),
    collectsAfter: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  };

  it.each([
    {
      of: "usual size and fees",
      tradeFee: fc.constantFrom(2500n, 10_000n, 20_000n, 40_000n, 5000n),
      creatorFee: fc.constantFrom(0n, 500n, 1000n, 2500n, 5000n),
      reserves: fc.tuple(atoms(10, 13), atoms(13, 16)),
      least: 0.9,
    },
    {
      of: "any size, also a few thousand atoms, with fees that may be on no list",
      tradeFee: fc.constantFrom(2500n, 10_000n, 3000n, 1700n, 2537n),
      creatorFee: fc.constantFrom(0n, 500n, 10_000n, 1234n),
      reserves: fc.tuple(atoms(5, 15), atoms(5, 17)),
      least: 0.1,
    },
  ])("of $of never have a loss outside of its own residual", ({ tradeFee, creatorFee, reserves, least }) => {
    const counts = { stories: 0, replayed: 0 };
    fc.assert(
      fc.property(fc.record({ ...random, tradeFee, creatorFee, reserves }), (drawn) => {
        const { front, victim, others, told, collectsAfter } = drawn;
        const [zero, one] = [
          share(drawn.reserves[0], drawn.unclaimed[0]),
          share(drawn.reserves[1], drawn.unclaimed[1]),
        ];
        const setting = { ...drawn, unclaimed: [zero, one] as const };
        const story = sandwiched(setting, [front, victim, ...others], { reserves: told, collectsAfter });
        if (story.swaps.some(({ amountIn, amountOut }) => amountIn <= 0n || amountOut <= 0n)) return;
        counts.stories++;
        const loss = replay(story);
        if (typeof loss === "string") return;
        counts.replayed++;
        const off = Math.abs(Number(loss.total.atoms - story.lost));
        expect(off).toBeLessThanOrEqual(loss.total.residual * Math.abs(Number(story.lost)) + 1e-9);
      }),
      { numRuns: 200, seed: 5, endOnFailure: true },
    );
    expect(counts.replayed / counts.stories).toBeGreaterThan(least);
  });

  it("whose fees are on no list have no loss", () => {
    const story = sandwiched({ ...plain, tradeFee: 2537n, creatorFee: 1234n }, small);
    expect(replay(story)).toContain("follow no trade fee and no creator's fee of its program");
  });

  it("whose swaps are tiny have no loss", () => {
    const tiny = sandwiched(
      { ...plain, reserves: [10n ** 18n, 10n ** 18n], unclaimed: [5n ** 20n, 7n ** 20n] },
      [
        { from: 0, share: 1e-9 },
        { from: 0, share: 1e-9 },
      ],
    );
    expect(replay(tiny)).toContain("too small relative to the pool");
  });
});
