import { bps } from "@slipstream/conventions";
import { describe, expect, it } from "vitest";
import { bucketOf, dimensions, sizeBounds } from "./dimensions.ts";
import { feeReturn } from "./fee-return.ts";
import { isWholeBy, type MevRecord } from "./mev-record.ts";
import { protectionValues } from "./protection-value.ts";
import { relativeAvoidance } from "./relative-avoidance.ts";
import { attackCurve, lossCurve } from "./size-curves.ts";
import { mevSummary, mevSummaryBy } from "./summary.ts";
import { within } from "./testing/coverage.ts";
import { deskRecords } from "./testing/desk-model.ts";
import { vulnerabilities } from "./vulnerability.ts";

const base: MevRecord = {
  tradeId: "t",
  timeMs: Date.UTC(2026, 0, 2, 15, 30),
  pair: "SOL/USDC",
  sizeUsd: 1000,
  protection: "none",
  leader: null,
  toleranceBps: bps(50),
  landed: true,
  onChain: true,
  isWhole: true,
  lossResidual: null,
  verdict: "clean",
  lossRatio: null,
  feeUsd: 0.1,
  paidUsd: 0.1,
  valueUsd: 1,
};

const some = (count: number, over: Partial<MevRecord>): MevRecord[] =>
  Array.from({ length: count }, (_, i) => ({ ...base, tradeId: `${JSON.stringify(over)}${i}`, ...over }));

describe("a summary", () => {
  it("does not say that no trade was attacked if none has a verdict", () => {
    const reason = "no trade has a verdict other than unknown";
    const { detection, avoidance } = mevSummary(some(3, { verdict: "unknown" }));
    expect([detection, avoidance]).toMatchObject([
      { value: null, reason },
      { value: null, reason },
    ]);
    expect(mevSummary(some(3, {})).avoidance).toMatchObject({ value: null, reason: "no trade was attacked" });
  });

  it("has each rate with both its counts", () => {
    const summary = mevSummary([
      ...some(86, {}),
      ...some(10, { verdict: "impacted", lossRatio: 0.01 }),
      ...some(2, { verdict: "impacted" }),
      ...some(2, { verdict: "avoided" }),
      ...some(25, { verdict: "unknown" }),
      ...some(5, { verdict: null, landed: false, onChain: false }),
    ]);
    expect(summary).toMatchObject({ trades: 130, impacted: 12, avoided: 2, clean: 86, unknown: 30 });
    expect(summary.detection).toMatchObject({ value: 0.14, successes: 14, count: 100 });
    expect(summary.avoidance).toMatchObject({ value: 2 / 14, successes: 2, count: 14 });
    expect(summary.rawAvoidance).toMatchObject({ value: 0.88, count: 100 });
    expect(summary.impactedTotal.value).toBeCloseTo(12 * 1.25, 9);
    expect(summary.loss).toMatchObject({ impacted: 12, unknown: 2 });
    expect(summary.loss.usd.total).toMatchObject({
      value: 100,
      interval: { low: 100, kind: "bounds95" },
      count: 10,
    });
    expect(summary.loss.usd.mean).toMatchObject({ value: 10, count: 10 });
    expect(summary.loss.bps.median).toMatchObject({
      value: 100,
      interval: { low: 100, high: 100, kind: "sampling95" },
    });
    expect(summary.loss.usd.total.interval?.high).toBeGreaterThan(100 + 20);
    expect(summary.loss.bps.total.value).toBeCloseTo((100 / 100_000) * 1e4, 9);
  });

  it("bounds an unknown loss by the trade's own size: a large trade may have lost more than all others", () => {
    const known = some(18, { verdict: "impacted", lossRatio: 0.01 });
    const large = some(1, { verdict: "impacted", sizeUsd: 100_000 });
    const more = some(1, { verdict: "impacted", lossRatio: 0.02 });
    expect(mevSummary([...known, ...large]).loss.usd.total.interval).toMatchObject({
      low: 180,
      high: 180 + 1000,
    });
    expect(mevSummary([...known, ...more, ...large]).loss.usd.total.interval).toMatchObject({
      low: 200,
      high: 200 + 2000,
    });
    const unsized = some(1, { verdict: "impacted", sizeUsd: null });
    expect(mevSummary([...known, ...unsized]).loss.usd.total.interval).toMatchObject({ low: 180, high: 190 });
  });

  it("leaves out of rates a verdict that was reached only because an attack was visible", () => {
    // Trades with missing surroundings have a verdict only if an attack is visible.
    const { impacted, detection, impactedTotal } = mevSummary([
      ...some(96, {}),
      ...some(4, { verdict: "impacted", lossRatio: 0.01 }),
      ...some(4, { verdict: "impacted", lossRatio: 0.01, isWhole: false }),
      ...some(96, { verdict: "unknown", isWhole: false }),
    ]);
    expect(impacted).toBe(8);
    expect(detection).toMatchObject({ value: 0.04, successes: 4, count: 100 });
    expect(impactedTotal.value).toBeCloseTo(8, 9);
  });

  it("counts in totals only trades that could be attacked", () => {
    const seen = [...some(90, {}), ...some(10, { verdict: "impacted", lossRatio: 0.01 })];
    const lost = some(50, { verdict: null, landed: false, onChain: false });
    expect(mevSummary([...seen, ...lost])).toMatchObject({
      trades: 150,
      onChain: 100,
      unknown: 50,
      impactedTotal: { value: 10 },
    });
    expect(mevSummary([...seen, ...lost]).loss.usd.total).toEqual(mevSummary(seen).loss.usd.total);
  });

  it("of losses holds what the replays leave open", () => {
    const exact = mevSummary(some(10, { verdict: "impacted", lossRatio: 0.01, lossResidual: 1e-5 })).loss.usd;
    expect(exact.total.value).toBeCloseTo(100, 9);
    expect(exact.total.interval?.low).toBeCloseTo(99.9, 9);
    expect(exact.total.interval?.high).toBeCloseTo(100.1, 9);
    expect(exact.total.interval?.kind).toBe("replay");
  });

  it("of nothing is unknown, with a reason, and never 0", () => {
    const { detection, avoidance, rawAvoidance, loss } = mevSummary(some(3, { verdict: "unknown" }));
    for (const one of [detection, avoidance, rawAvoidance, loss.usd.mean, loss.usd.p95, loss.bps.total]) {
      expect(one).toMatchObject({ value: null, reason: expect.any(String) });
      expect(one.interval).toBeUndefined();
    }
  });

  it("by a dimension adds up to the whole", () => {
    const records = deskRecords(1);
    const whole = mevSummary(records);
    for (const dimension of Object.keys(dimensions) as (keyof typeof dimensions)[]) {
      const parts = [...mevSummaryBy(records, dimension).values()];
      expect(parts.reduce((sum, { impacted }) => sum + impacted, 0)).toBe(whole.impacted);
      expect(parts.reduce((sum, { trades }) => sum + trades, 0)).toBe(whole.trades);
    }
    expect([...mevSummaryBy(some(1, {}), "hour").keys()]).toEqual(["15"]);
    expect([0, 99.9, 100, 5e6, null].map((size) => bucketOf(size, sizeBounds))).toEqual([
      "0-100",
      "0-100",
      "100-1000",
      "100000+",
      "unknown",
    ]);
  });
});

describe("a verdict", () => {
  it("is whole if no nearby block and no pool of its route is missing", () => {
    expect(isWholeBy([])).toBe(true);
    expect(isWholeBy([{ kind: "sandwich" }, { kind: "moved" }])).toBe(true);
    expect(isWholeBy([{ kind: "sandwich" }, { kind: "slot" }])).toBe(false);
    expect(isWholeBy([{ kind: "route" }])).toBe(false);
  });
});

describe("avoidance relative to the unprotected", () => {
  it("is unknown without trades to compare with", () => {
    expect(relativeAvoidance(some(50, { protection: "jito" })).reason).toContain("no protected trade has");
    const seldom = [
      ...some(50, { protection: "jito" }),
      ...some(41, {}),
      ...some(9, { verdict: "impacted" }),
    ];
    expect(relativeAvoidance(seldom)).toMatchObject({
      value: null,
      reason: "too few impacted trades: 9 of 10 needed",
    });
    const never = [...some(50, { protection: "jito" }), ...some(50, {})];
    expect(relativeAvoidance(never).reason).toContain("no unprotected trade of these kinds was impacted");
  });
});

describe("how attacks and losses depend on size", () => {
  it("rise if they do, with intervals around the truth", () => {
    const rate = (size: number): number => Math.min(0.2, 0.0001 * size);
    const records = deskRecords(3, {
      trades: 20_000,
      attack: ({ sizeUsd }) => rate(sizeUsd ?? 0),
      loss: ({ sizeUsd }) => Math.min(0.05, 1e-5 * (sizeUsd ?? 0)),
    });
    for (const { correlation, points } of [attackCurve(records), lossCurve(records)]) {
      expect(correlation.interval?.low).toBeGreaterThan(0);
      expect(points.length).toBeGreaterThan(5);
      for (const [i, point] of points.entries()) {
        expect(point.value).toBeGreaterThanOrEqual(points[i - 1]?.value ?? 0);
        expect(point.interval.low).toBeLessThanOrEqual(point.value);
        expect(point.interval.high).toBeGreaterThanOrEqual(point.value);
      }
    }
    const { points } = attackCurve(records);
    const right = points.filter(
      ({ fromUsd, toUsd, interval: { low, high } }) =>
        (low ?? 0) <= rate(toUsd) && (high ?? 1) >= rate(fromUsd),
    );
    expect(right.length).toBeGreaterThanOrEqual(points.length - 1);
  });

  it("fall if they do, and are unknown without differences", () => {
    const records = deskRecords(4, { attack: ({ sizeUsd }) => ((sizeUsd ?? 0) > 500 ? 0.01 : 0.2) });
    const { correlation, points } = attackCurve(records);
    expect(correlation.interval?.high).toBeLessThan(0);
    expect(points[0]?.value).toBeGreaterThan(points.at(-1)?.value ?? 1);
    expect(attackCurve(some(50, {}))).toMatchObject({
      correlation: { value: null, reason: "too few attacked trades: 0 of 10 needed" },
      points: [],
    });
    expect(lossCurve([]).points).toEqual([]);
  });
});

describe("what fees returned", () => {
  const cheap = ({ feeUsd }: MevRecord): number => ((feeUsd ?? 0) > 0.03 ? 0.97 : 0.8);

  it("is positive, and says so, if they land trades worth more than they cost", () => {
    const result = feeReturn(deskRecords(2, { attack: () => 0.01, loss: () => 1e-5, landing: cheap }));
    expect(result.ratio.interval?.low).toBeGreaterThan(0);
    expect(result).toMatchObject({
      includesZero: false,
      finding: "higher fees returned more than they cost",
    });
    expect(result.landingValueUsd.value).toBeGreaterThan(result.extraFeeUsd.value ?? 0);
  });

  it("is not told before enough trades were attacked; what they paid and what landing was worth is", () => {
    const result = feeReturn(deskRecords(2, { attack: () => 0, landing: cheap }));
    expect(result).toMatchObject({
      ratio: { value: null, reason: "too few attacked trades with a known loss: 0 of 10 needed" },
      lossAvoidedUsd: { value: null },
      finding: "too few attacked trades with a known loss: 0 of 10 needed",
    });
    expect(result.landingValueUsd.interval?.low).toBeGreaterThan(result.extraFeeUsd.interval?.high ?? 0);
  });

  it("may include 0, and says so", () => {
    const result = feeReturn(
      deskRecords(3, { trades: 800, landing: ({ feeUsd }) => ((feeUsd ?? 0) > 0.03 ? 0.93 : 0.9) }),
    );
    expect(result.includesZero).toBe(true);
    expect(result.finding).toContain("neither show nor rule out");
  });

  it("says if there is nothing to compare with, and if the worth of landing is unknown", () => {
    expect(feeReturn(some(100, {})).finding).toContain("too few comparable trades");
    const worthless = deskRecords(2).map((one): MevRecord => ({ ...one, valueUsd: null }));
    expect(feeReturn(worthless).landingValueUsd.reason).toContain("counts as zero");
  });
});

describe("what protections cost and returned", () => {
  it("is reported for each, compared with unprotected trades of the same pair and size", () => {
    const records = deskRecords(6, {
      trades: 6000,
      attack: ({ protection }) => (protection === "jito" ? 0.005 : 0.1),
      avoided: 0,
    }).map(
      (one): MevRecord => (one.protection === "jito" ? { ...one, paidUsd: (one.paidUsd ?? 0) + 0.5 } : one),
    );
    const [first, second] = protectionValues(records).toSorted((a, b) =>
      a.protection < b.protection ? -1 : 1,
    );
    expect([first?.protection, second?.protection]).toEqual(["jito", "private_rpc"]);
    expect(first?.relativeAvoidance.interval?.low).toBeGreaterThan(0.8);
    expect(first?.lossAvoidedUsd.interval?.low).toBeGreaterThan(0);
    const trades = first?.costUsd.count ?? 0;
    expect((first?.costUsd.value ?? 0) / trades).toBeCloseTo(0.5, 1);
    expect(within(0, second?.relativeAvoidance)).toBe(true);
    const early = protectionValues(records.slice(0, 250)).find(({ protection }) => protection === "jito");
    expect(early).toMatchObject({ netUsd: { value: null } });
    expect(early?.netUsd.reason).toMatch(
      /^too few (attacked trades with a known loss|comparable trades): \d+ of/,
    );
    expect(protectionValues(some(9, { protection: "jito" }))[0]?.netUsd.reason).toContain("too few trades");
  });
});

describe("tips that only the chain shows", () => {
  const seen = some(200, { protection: "nozomi", offer: "seen", feeUsd: 0.5, paidUsd: 0.5 });
  const plain = some(200, { offer: "unnamed" });
  const lost = some(200, {
    offer: "unnamed",
    landed: false,
    onChain: false,
    verdict: null,
    paidUsd: 0,
    valueUsd: null,
  });

  it("do not make it look as if whoever pays one always lands", () => {
    const [value] = protectionValues([...seen, ...plain, ...lost]);
    expect(value).toMatchObject({ protection: "nozomi", trades: 200, landingValueUsd: { value: null } });
    expect(value?.landingValueUsd.reason).toContain("jito.tip_lamports");
    expect(value?.costUsd.value).toBeCloseTo(80, 9);
    expect(value?.netUsd.reason).toBe("too few attacked trades with a known loss: 0 of 10 needed");
    const dear = seen.map((record, i): MevRecord => ({ ...record, feeUsd: i % 2, paidUsd: i % 2 }));
    expect(feeReturn([...dear, ...lost]).landingValueUsd.reason).toContain("jito.tip_lamports");
  });

  it("leave the worth of landing known if every trade that did not land names its offer", () => {
    const named = lost.map((record): MevRecord => ({ ...record, offer: "named" }));
    const [value] = protectionValues([...seen, ...plain, ...named]);
    expect(value?.landingValueUsd.value).toBeCloseTo(100, 9);
  });
});

describe("patterns of vulnerability", () => {
  it("are found if they were planted, with their lift, and only once", () => {
    const records = deskRecords(8, {
      trades: 20_000,
      attack: ({ pair, protection }) => (pair === "WIF/SOL" && protection === "none" ? 0.1 : 0.01),
    });
    const { patterns, tested } = vulnerabilities(records);
    expect(tested).toBeGreaterThan(100);
    expect(patterns.map(({ where }) => where)).toContainEqual({ pair: "WIF/SOL", protection: "none" });
    const planted = patterns.find(({ where }) => Object.keys(where).length === 2);
    expect(planted?.lift.interval?.low).toBeLessThan(10);
    expect(planted?.lift.interval?.high).toBeGreaterThan(10);
    for (const { where } of patterns)
      expect([where.pair, where.protection]).not.toEqual([undefined, undefined]);
  });
});
