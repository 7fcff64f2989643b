import { describe, expect, it } from "vitest";
import { feeReturn } from "./fee-return.ts";
import { lossUsd, type MevRecord } from "./mev-record.ts";
import { protectionValues } from "./protection-value.ts";
import { relativeAvoidance } from "./relative-avoidance.ts";
import { mevSummary } from "./summary.ts";
import { held, within } from "./testing/coverage.ts";
import { deskRecords } from "./testing/desk-model.ts";
import { vulnerabilities } from "./vulnerability.ts";

// Hundreds of drawn desks each: do intervals hold the truth as often as they say?

describe("a summary", () => {
  it("has intervals that contain the truth as often as claimed", () => {
    const over = { trades: 1500 };
    expect(held(200, (seed) => within(0.03, mevSummary(deskRecords(seed, over)).detection))).toBeGreaterThan(
      0.92,
    );
    expect(held(200, (seed) => within(0.3, mevSummary(deskRecords(seed, over)).avoidance))).toBeGreaterThan(
      0.92,
    );
    expect(
      held(100, (seed) => within(100, mevSummary(deskRecords(seed, over)).loss.bps.mean)),
    ).toBeGreaterThan(0.9);
  });

  it("estimates how many were attacked, including trades without a verdict", () => {
    const share = held(100, (seed) => {
      const all = deskRecords(seed, { trades: 3000 });
      const seen = all.map((one, i): MevRecord => (i % 5 === 0 ? { ...one, verdict: "unknown" } : one));
      return within(
        all.filter(({ verdict }) => verdict === "impacted").length,
        mevSummary(seen).impactedTotal,
      );
    });
    expect(share).toBeGreaterThan(0.93);
  });

  it("of losses holds what trades without a verdict lost", () => {
    const share = held(100, (seed) => {
      const all = deskRecords(seed, { trades: 3000 });
      const seen = all.map((one, i): MevRecord => (i % 5 === 0 ? { ...one, verdict: "unknown" } : one));
      return within(
        all.reduce((sum, one) => sum + (lossUsd(one) ?? 0), 0),
        mevSummary(seen).loss.usd.total,
      );
    });
    expect(share).toBeGreaterThan(0.93);
  });
});

describe("avoidance relative to the unprotected", () => {
  const attack = ({ protection, sizeUsd }: MevRecord): number =>
    (protection === "none" ? 0.08 : 0.02) * ((sizeUsd ?? 0) > 1000 ? 1.5 : 0.5);

  it("compares like with like, and its interval contains the truth as often as claimed", () => {
    // Protected trades are the large ones; on their own they are hit nearly as often.
    const records = (seed: number): MevRecord[] =>
      deskRecords(seed, { trades: 4000, attack, avoided: 0 }).filter(
        ({ protection, sizeUsd }, i) => (protection === "none") !== (sizeUsd ?? 0) > 1000 || i % 4 === 0,
      );
    expect(held(100, (seed) => within(0.75, relativeAvoidance(records(seed))))).toBeGreaterThan(0.9);
    const values = Array.from({ length: 40 }, (_, seed) => relativeAvoidance(records(seed)).value ?? 0);
    expect(values.reduce((sum, value) => sum + value, 0) / 40).toBeCloseTo(0.75, 1);
  });
});

describe("what fees returned", () => {
  it("is -1, within its interval, if fees change nothing", () => {
    const desk = { trades: 3000, attack: () => 0.03, landing: () => 0.9 };
    expect(held(60, (seed) => within(-1, feeReturn(deskRecords(seed, desk)).ratio))).toBeGreaterThanOrEqual(
      0.93,
    );
  });

  it("has no wrong sign on more than 2.5 % of short runs with few and heavy-tailed losses", () => {
    // Losses grow with the size, so a few trades of some 10,000 USD lose most. Protection costs 0.02 USD and avoids all of it.
    const desk = {
      trades: 400,
      attack: ({ protection }: MevRecord) => (protection === "none" ? 0.08 : 0),
      avoided: 0,
      loss: ({ sizeUsd }: MevRecord) => Math.min(0.05, 4e-6 * (sizeUsd ?? 0)),
    };
    const runs = Array.from({ length: 200 }, (_, seed) =>
      protectionValues(
        deskRecords(seed, desk).map(
          (one): MevRecord =>
            one.protection === "none" ? one : { ...one, paidUsd: (one.paidUsd ?? 0) + 0.02 },
        ),
      ).map(({ netUsd }) => netUsd),
    ).flat();
    const told = runs.filter(({ value }) => value !== null);
    expect(told.length).toBeGreaterThan(50);
    expect(runs.filter(({ interval }) => (interval?.high ?? 0) < 0).length / runs.length).toBeLessThanOrEqual(
      0.025,
    );
  });
});

describe("patterns of vulnerability", () => {
  it("are not found if there are none", () => {
    const clean = held(
      30,
      (seed) => vulnerabilities(deskRecords(seed + 50, { trades: 3000 })).patterns.length === 0,
    );
    expect(clean).toBeGreaterThanOrEqual(0.9);
    expect(vulnerabilities([]).patterns).toEqual([]);
  });
});
