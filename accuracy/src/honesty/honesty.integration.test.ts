import { bps } from "@slipstream/conventions";
import { type Estimate, feeReturn, type MevRecord } from "@slipstream/mev";
import { SLOTS_PER_DAY } from "@slipstream/simulator";
import { describe, expect, it } from "vitest";
import { slipstream } from "../judges.ts";
import { accuracyPage } from "../page/page.ts";
import { studyWorlds } from "../study-worlds.ts";
import { byFee, GainTruth } from "./gain-truth.ts";
import { Gaps, gapKinds } from "./gaps.ts";
import { outcomeOf } from "./outcome.ts";
import { type Estimates, statisticKeys, type Teller, tellStatistics } from "./statistics.ts";
import { type RunOutcomes, studyWorld } from "./study.ts";

function study(tell: Teller, runs = 4): RunOutcomes[] {
  return studyWorlds(runs, 41, 300).flatMap((world) => studyWorld(world, slipstream, tell));
}

/** The same numbers with other intervals. */
function withIntervals(change: (estimate: Estimate) => Estimate): Teller {
  return (records) => {
    const told = Object.entries(tellStatistics(records)).map(([key, one]) => [key, change(one)]);
    return Object.fromEntries(told) as Estimates;
  };
}

function withEnds(
  { value, count }: Pick<Estimate, "value" | "count">,
  low: number | null,
  high: number | null,
): Estimate {
  return { value, count, interval: { low, high, kind: "bounds95" } };
}

function page(runs: readonly RunOutcomes[]): string {
  return accuracyPage({ labelled: undefined, block: undefined, worlds: [], chains: [], runs }, "the command");
}

const row = (text: string, start: string): string =>
  text.split("\n").find((line) => line.startsWith(`| ${start}`)) ?? "";
const goal = "runs: total impacted, truth within the interval >= 93 %";

describe("a study of intervals", () => {
  it("holds what is told against the truth, and leaves trades without a verdict", () => {
    const runs = study(tellStatistics);
    expect(runs).toHaveLength(4);
    expect(runs.map(({ gaps }) => gaps).toSorted()).toEqual([...gapKinds].toSorted());
    for (const { gaps, onChain, unjudged } of runs) {
      expect(onChain).toBeGreaterThan(150);
      if (gaps === "none") expect(unjudged).toBe(0);
      else expect(unjudged).toBeGreaterThan(0);
    }
    const text = page(runs);
    expect(row(text, goal)).toContain("4 of 4");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("finds an interval that is dishonest, and on which side the truth lies", () => {
    const sure = study(withIntervals((one) => withEnds(one, one.value, one.value)));
    const held = sure.filter(({ outcomes }) => outcomes.detection === "held");
    expect(held.length).toBeLessThan(2);
    const bold = study(withIntervals((one) => withEnds(one, (one.value ?? 0) + 1e9, null)));
    expect(row(page(bold), goal)).toMatch(/0 of 4 \| \*\*no\*\*/);
    expect(bold.every(({ outcomes }) => outcomes.impactedTotal === "below")).toBe(true);
  });

  it("is the same each time", () => {
    expect(study(tellStatistics, 2)).toEqual(study(tellStatistics, 2));
    expect(statisticKeys.length).toBe(Object.keys(tellStatistics([])).length);
  });
});

describe("an interval", () => {
  it("holds the truth, or says on which side it lies; an open end holds all", () => {
    const of = (low: number | null, high: number | null, truth: number | null, value: number | null = 5) =>
      outcomeOf(withEnds({ value, count: 1 }, low, high), truth);
    expect([of(4, 6, 6), of(4, 6, 3), of(4, 6, 7), of(4, null, 7)]).toEqual([
      "held",
      "below",
      "above",
      "held",
    ]);
    expect([of(null, null, 5), of(4, 6, null), of(4, 6, 5, null)]).toEqual(["none", "none", "none"]);
  });
});

describe("a watcher's gaps", () => {
  it.each([
    ["none", 0],
    ["scattered", 0.03],
    ["stretches", 0.15],
    ["hours", 4 / 24],
  ] as const)("%s: misses its share of the blocks, the same whatever is asked first", (kind, share) => {
    let [missed, slots] = [0, 0];
    for (let day = gapKinds.indexOf(kind) + 4; day < 100; day += 4) {
      const gaps = new Gaps(1000, 7);
      expect(gaps.kindOf(day)).toBe(kind);
      for (let slot = 0; slot < SLOTS_PER_DAY; slot += 97, slots++)
        if (gaps.isUnseen(1000 + day * SLOTS_PER_DAY + slot)) missed++;
    }
    expect(missed / slots).toBeGreaterThanOrEqual(share * 0.8);
    expect(missed / slots).toBeLessThanOrEqual(share * 1.2);
  });
});

describe("the true return of fees", () => {
  it("is by the definition that `feeReturn` follows", () => {
    const records = Array.from({ length: 400 }, (_, i): MevRecord => {
      const landed = i % 7 !== 0 || i % 2 === 0;
      const feeUsd = 0.1 + (i % 50) / 100;
      return {
        tradeId: String(i),
        timeMs: 0,
        pair: i % 3 === 0 ? "SOL/USDC" : "WIF/SOL",
        sizeUsd: 50 + 7 * (i % 100),
        protection: "none",
        leader: null,
        toleranceBps: bps(50),
        landed,
        onChain: landed,
        verdict: !landed ? null : i % 11 === 0 ? "impacted" : "clean",
        isWhole: true,
        lossRatio: landed && i % 11 === 0 ? 0.01 : null,
        lossResidual: null,
        feeUsd,
        paidUsd: landed ? feeUsd : 0,
        valueUsd: landed ? 1 + (i % 5) : null,
      };
    });
    const truth = new GainTruth(records, byFee);
    expect(truth.of(records)?.ratio).toBeCloseTo(feeReturn(records).ratio.value ?? 0, 9);
    expect(truth.of(records.slice(0, 5))).toBeNull();
  });
});
