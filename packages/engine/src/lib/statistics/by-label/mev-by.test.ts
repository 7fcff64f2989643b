import { mevLabelMetrics, type TradeLabel, tradeLabels } from "@slipstream/conventions";
import type { VerdictKind } from "@slipstream/mev";
import { START_MS } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MevTrade } from "../../mev/own-trade.ts";
import type { CountedVerdict } from "../../mev/own-verdicts.ts";
import type { LabelledStatisticValue } from "../../model.ts";
import { completeOptions } from "../../options.ts";
import type { Instant } from "../statistic.ts";
import { MevBy } from "./mev-by.ts";

const now: Instant = {
  boundaryMs: START_MS + 3_600_000,
  coveredMs: START_MS + 3_600_000,
  receivedMs: START_MS + 3_600_000,
  newest: true,
  live: true,
  liveSinceMs: undefined,
};

function trade(over: Partial<MevTrade> = {}): MevTrade {
  const base: MevTrade = {
    id: "t",
    signature: "s",
    slot: 1,
    instruction: undefined,
    named: { protection: null, tipLamports: null },
    isProtected: false,
    traceId: null,
    spanId: null,
    timeMs: START_MS,
    inWindow: true,
    service: "desk",
    strategy: "arb",
    pair: "SOL/USDC",
    pool: null,
    sizeUsd: 1_000,
    protection: "none",
    protectionSource: null,
    tipLamports: null,
    feeUsd: null,
    solUsd: null,
  };
  return { ...base, ...over };
}

function verdict(kind: VerdictKind, over: Partial<CountedVerdict> = {}): CountedVerdict {
  return { verdict: kind, state: "final", lossRatio: null, protection: "none", ...over };
}

function series(statistic: MevBy, name: string): readonly LabelledStatisticValue[] {
  const entry = statistic.read(now)[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} is no series`);
  return entry.series;
}

describe("verdicts by label", () => {
  it("have a reason for each value that is not known, also for losses that are too large to be added up", () => {
    const statistic = new MevBy("pair", completeOptions({}));
    const lossy = verdict("impacted", { lossRatio: 1 });
    for (let i = 0; i < 10; i += 1)
      statistic.observeVerdict({ trade: trade({ sizeUsd: 1e9 }), now: lossy, before: undefined });
    for (const name of ["mev_loss_usd_by_pair", "mev_mean_loss_usd_by_pair"])
      expect(series(statistic, name)).toMatchObject([
        { value: null, reason: "the losses are more than can be added up exactly" },
      ]);
  });

  it("have losses, rates and what is unknown of their own", () => {
    const statistic = new MevBy("pair", completeOptions({}));
    const lossy = verdict("impacted", { lossRatio: 0.01 });
    for (const now of [lossy, verdict("impacted"), verdict("avoided"), verdict("clean")])
      statistic.observeVerdict({ trade: trade(), now, before: undefined });
    const bonk = trade({ pair: "BONK/SOL" });
    statistic.observeVerdict({ trade: bonk, now: verdict("unknown"), before: undefined });

    expect(series(statistic, "mev_detection_rate_by_pair")).toMatchObject([
      { labels: { pair: "SOL/USDC" }, value: 75, count: 4 },
      { labels: { pair: "BONK/SOL" }, value: null, count: 0 },
    ]);
    expect(series(statistic, "mev_unknown_rate_by_pair").map(({ value }) => value)).toEqual([0, 100]);
    expect(series(statistic, "mev_mean_loss_usd_by_pair")).toMatchObject([
      { value: 10, count: 1, reason: "the loss of 1 of 2 impacted trades is not known" },
      { value: null, reason: "no such trade has a verdict other than unknown" },
    ]);
    const families = Object.fromEntries(
      statistic
        .collect(now)
        .map((family) => [
          family.definition.name,
          "samples" in family ? family.samples.map(({ labels, value }) => [labels.pair, value]) : [],
        ]),
    );
    const { attacked, unknown, loss, meanLoss, knownLosses } = mevLabelMetrics.pair;
    // What is not known has no sample: nobody knows whether the trade of BONK was attacked.
    expect(families[attacked.name]).toEqual([["SOL/USDC", 3]]);
    expect(families[loss.name]).toEqual([["SOL/USDC", 10]]);
    expect(families[meanLoss.name]).toEqual([["SOL/USDC", 10]]);
    expect(families[knownLosses.name]).toEqual([["SOL/USDC", 1]]);
    expect(families[unknown.name]).toEqual([
      ["SOL/USDC", 0],
      ["BONK/SOL", 1],
    ]);
  });

  it("are told apart by strategy and by landing service, which is not known without a verdict", () => {
    const named = { protection: "jito", tipLamports: null };
    const cases = [
      [trade(), verdict("clean")],
      [trade({ named, protection: "jito" }), verdict("unknown", { protection: "jito" })],
      [trade({ strategy: null }), verdict("unknown")],
      // As its tip shows.
      [trade({ protection: "nozomi" }), verdict("impacted", { protection: "nozomi" })],
      [trade(), verdict("avoided", { protection: "private_rpc" })],
    ] as const;
    const shown = (label: TradeLabel) => {
      const statistic = new MevBy(label, completeOptions({}));
      for (const [trade, now] of cases) statistic.observeVerdict({ trade, now, before: undefined });
      return series(statistic, `mev_verdicts_by_${label}`)
        .filter(({ value }) => value !== 0)
        .map(({ labels, value }) => [labels[label], labels.verdict, value]);
    };
    expect(shown("strategy")).toEqual([
      ["arb", "impacted", 1],
      ["arb", "avoided", 1],
      ["arb", "clean", 1],
      ["arb", "unknown", 1],
      ["unknown", "unknown", 1],
    ]);
    expect(shown("landing_service")).toEqual([
      ["none", "avoided", 1],
      ["none", "clean", 1],
      ["jito", "unknown", 1],
      ["unknown", "unknown", 1],
      ["nozomi", "impacted", 1],
    ]);
  });

  it("add up to all trades with their newest verdicts, wherever they are saved and however few are told apart", () => {
    const kinds = fc.constantFrom<VerdictKind>("impacted", "avoided", "clean", "unknown");
    const told = fc.record({ kind: kinds, loss: fc.option(fc.nat(100)), protection: fc.nat(3) });
    const drawn = fc.array(
      fc.record({
        pair: fc.nat(30),
        size: fc.nat(200_000),
        minute: fc.nat(50),
        told: fc.array(told, { minLength: 1 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const cases = fc.record({
      drawn,
      most: fc.integer({ min: 1, max: 4 }),
      label: fc.constantFrom(...tradeLabels),
    });
    fc.assert(
      fc.property(cases, ({ drawn, most, label }) => {
        const options = completeOptions({ maxLabelValues: most });
        let statistic = new MevBy(label as TradeLabel, options);
        const sum: Record<string, number> = { impacted: 0, avoided: 0, clean: 0, unknown: 0 };
        let lossMicroUsd = 0;
        const rounds = Math.max(...drawn.map(({ told }) => told.length));
        for (let round = 0; round < rounds; round += 1) {
          for (const { pair, size, minute, told } of drawn) {
            const one = trade({ pair: `pair ${pair}`, sizeUsd: size, timeMs: START_MS + minute * 60_000 });
            const [now, before] = [told[round], told[round - 1]].map(
              (each) =>
                each &&
                verdict(each.kind, {
                  lossRatio: each.loss === null ? null : each.loss / 1_000,
                  protection: String(each.protection),
                }),
            );
            if (now !== undefined) statistic.observeVerdict({ trade: one, now, before });
          }
          const saved = structuredClone(statistic.save());
          statistic = new MevBy(label as TradeLabel, completeOptions({ maxLabelValues: most + round }));
          statistic.load(saved);
        }
        for (const { size, told } of drawn) {
          const last = told.at(-1);
          if (last === undefined) continue;
          sum[last.kind] = (sum[last.kind] ?? 0) + 1;
          if (last.kind === "impacted" && last.loss !== null)
            lossMicroUsd += Math.round((last.loss / 1_000) * size * 1e6);
        }
        const shown = series(statistic, `mev_verdicts_by_${label}`);
        const found: Record<string, number> = { impacted: 0, avoided: 0, clean: 0, unknown: 0 };
        for (const { labels, value } of shown) {
          expect(value).toBeGreaterThanOrEqual(0);
          found[labels.verdict as string] = (found[labels.verdict as string] ?? 0) + Number(value);
        }
        expect(found).toEqual(sum);
        const losses = series(statistic, `mev_loss_usd_by_${label}`);
        const lossUsd = losses.reduce((total, { value }) => total + Number(value ?? 0), 0);
        expect(lossUsd).toBeCloseTo(lossMicroUsd / 1e6, 4);
        expect(new Set(shown.map(({ labels }) => labels[label])).size).toBeLessThanOrEqual(most + rounds);
      }),
      { numRuns: 50 },
    );
  });
});
