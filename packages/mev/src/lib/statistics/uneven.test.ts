import { seededRandom, wilson } from "@slipstream/stats";
import { describe, expect, it } from "vitest";
import type { MevRecord } from "./mev-record.ts";
import { mevSummary } from "./summary.ts";
import { deskRecords } from "./testing/desk-model.ts";
import { effectiveCounts } from "./uneven.ts";

const HOUR_MS = 3_600_000;
const isHit = ({ verdict }: MevRecord): boolean => verdict === "impacted";
const hourOf = ({ timeMs }: MevRecord): number => (timeMs / HOUR_MS) % 24;

/** A day on which attacks are three times as frequent between 13:00 and 21:00. */
function day(seed: number): MevRecord[] {
  const isBusy = (record: MevRecord): boolean => hourOf(record) >= 13 && hourOf(record) < 21;
  return deskRecords(seed, { trades: 20_000, avoided: 0, attack: (one) => (isBusy(one) ? 0.06 : 0.02) });
}

const missing = (records: readonly MevRecord[], isMissing: (record: MevRecord) => boolean): MevRecord[] =>
  records.map((one) => (isMissing(one) ? { ...one, verdict: "unknown" as const } : one));

describe("trades without a verdict", () => {
  it("change nothing if they are spread evenly", () => {
    const random = seededRandom(1);
    const records = missing(day(1), () => random() < 0.2);
    const known = records.filter(({ verdict }) => verdict !== null && verdict !== "unknown");
    const { successes, count } = effectiveCounts(records, isHit);
    expect(count / known.length).toBeGreaterThan(0.9);
    expect(successes / count).toBeCloseTo(known.filter(isHit).length / known.length, 12);
  });

  it("reduce the effective number of the others if they are clustered and attacks depend on the hour", () => {
    const records = missing(day(1), (one) => hourOf(one) >= 14 && hourOf(one) < 18);
    const { count } = effectiveCounts(records, isHit);
    expect(count / records.length).toBeLessThan(0.5);
  });

  it("leave totals within their intervals far more often than if treated as spread evenly, whichever hours they are", () => {
    let [held, plain, runs] = [0, 0, 0];
    for (let seed = 1; seed <= 3; seed++) {
      const all = day(seed);
      const truth = all.filter(isHit).length;
      for (let from = 0; from <= 20; from += 2.5, runs++) {
        const seen = missing(all, (one) => hourOf(one) >= from && hourOf(one) < from + 4);
        const { impactedTotal, detection, impacted, onChain } = mevSummary(seen);
        const even = wilson(impacted, detection.count);
        if (even !== undefined && even.low * onChain <= truth && truth <= even.high * onChain) plain++;
        const { low = null, high = null } = impactedTotal.interval ?? {};
        if (low !== null && high !== null && low <= truth && truth <= high) held++;
      }
    }
    expect(held / runs).toBeGreaterThan(0.85);
    expect(plain / runs).toBeLessThan(0.7);
  });

  it("do not matter if nothing was hit", () => {
    expect(effectiveCounts(day(1), () => false).successes).toBe(0);
    expect(effectiveCounts([], isHit)).toEqual({ successes: 0, count: 0 });
  });
});
