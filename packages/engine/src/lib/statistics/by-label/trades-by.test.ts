import { attribute, tradeLabelMetrics, tradeLabels } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { resource, START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../engine.ts";
import type { LabelledStatisticValue } from "../../model.ts";

function series(engine: Engine, name: string): readonly LabelledStatisticValue[] {
  const entry = engine.current().statistics[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} is no series`);
  return entry.series;
}

function values(engine: Engine, name: string): unknown[] {
  return series(engine, name).map(({ labels, value }) => [...Object.values(labels), value]);
}

const at = START_MS + 61_000;

function sent(i: number, over: Record<string, string | number> = {}, service = "desk") {
  return trade(at + i, { [attribute.tradePair]: "SOL/USDC", ...over }, { resource: resource(service) });
}

describe("trades by label", () => {
  it("are counted by each of them, a trade that does not say as unknown", () => {
    const { engine } = run([
      traces([
        sent(1, {
          [attribute.tradeStrategy]: "arb",
          [attribute.tradeSizeUsd]: 250,
          [attribute.mevProtection]: "nozomi",
        }),
        sent(2, { [attribute.tradeStatus]: "failed", [attribute.jitoBundleId]: "b" }, "maker"),
        sent(3, { [attribute.tradePair]: "BONK/SOL", [attribute.mevProtection]: "private_rpc" }),
      ]),
    ]);
    expect(values(engine, "trades_by_service")).toEqual([
      ["desk", "success", 2],
      ["desk", "failed", 0],
      ["maker", "success", 0],
      ["maker", "failed", 1],
    ]);
    expect(values(engine, "success_rate_by_pair")).toEqual([
      ["SOL/USDC", 50],
      ["BONK/SOL", 100],
    ]);
    const named = (label: string) => [
      ...new Set(series(engine, `trades_by_${label}`).map(({ labels }) => labels[label])),
    ];
    expect(named("strategy")).toEqual(["arb", "unknown"]);
    expect(named("size")).toEqual(["100-1000", "unknown"]);
    expect(named("protection")).toEqual(["nozomi", "jito", "private_rpc"]);
    expect(named("landing_service")).toEqual(["nozomi", "jito", "none"]);
  });

  it("have latencies and profit of their own, in /api/current and on /metrics", () => {
    const { engine } = run([
      traces([
        sent(1, { [attribute.tradeLatencyMs]: 20, [attribute.tradePnlUsd]: 1.5 }),
        sent(2, { [attribute.tradeLatencyMs]: 40, [attribute.tradePnlUsd]: -0.25 }),
        sent(3, { [attribute.tradePair]: "BONK/SOL", [attribute.tradeLatencyMs]: 300 }),
      ]),
    ]);
    const p50 = series(engine, "trade_latency_by_pair").filter(({ labels }) => labels.quantile === "0.5");
    expect(p50).toMatchObject([
      { labels: { pair: "SOL/USDC" }, value: 20, count: 2, unit: "ms" },
      { labels: { pair: "BONK/SOL" }, value: 300, count: 1 },
    ]);
    // From the whole minute on in which the window begins.
    expect(p50[0]?.windowSeconds).toBe(5 * 60 + 5);
    expect(series(engine, "pnl_usd_by_pair")).toMatchObject([
      { value: 1.25, count: 2, windowSeconds: null, since: expect.any(String) },
      { value: null, reason: "no such trade has a profit or loss (trade.pnl_usd)" },
    ]);
    const families = new Map(engine.collect().map((family) => [family.definition.name, family]));
    const { trades, latency, pnl } = tradeLabelMetrics.pair;
    expect(families.get(trades.name)).toMatchObject({
      samples: [{ labels: { pair: "SOL/USDC", status: "success" }, value: 2 }, {}, {}, {}],
    });
    expect(families.get(latency.name)).toMatchObject({
      samples: expect.arrayContaining([{ labels: { pair: "BONK/SOL", quantile: "0.99" }, value: 0.3 }]),
    });
    expect(families.get(pnl.name)).toMatchObject({
      samples: [{ labels: { pair: "SOL/USDC" }, value: 1.25 }],
    });
  });

  it("add up to all trades, whatever their labels hold and however few are told apart", () => {
    const drawn = fc.array(
      fc.record({
        pair: fc.nat(40),
        service: fc.nat(6),
        failed: fc.boolean(),
        ms: fc.integer({ min: 1, max: 900 }),
      }),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 6 }), (trades, maxLabelValues) => {
        const spans = trades.map(({ pair, service, failed, ms }, i) =>
          sent(
            i * 700,
            {
              [attribute.tradePair]: `pair ${pair}`,
              [attribute.tradeStatus]: failed ? "failed" : "success",
              [attribute.tradeLatencyMs]: ms,
              [attribute.tradePnlUsd]: ms / 7,
            },
            `service ${service}`,
          ),
        );
        const { engine } = run(
          spans.map((span) => traces([span])),
          { maxLabelValues },
        );
        const sum = (name: string) =>
          series(engine, name).reduce((total, { value }) => total + Number(value ?? 0), 0);
        const inWindow = (name: string) =>
          series(engine, name)
            .filter(({ labels }) => (labels.quantile ?? "0.99") === "0.99")
            .reduce((total, { count }) => total + count, 0);
        const pnl = trades.reduce((total, { ms }) => total + Math.round((ms / 7) * 1e6), 0);
        for (const label of tradeLabels) {
          expect(sum(`trades_by_${label}`)).toBe(trades.length);
          expect(sum(`pnl_usd_by_${label}`)).toBeCloseTo(pnl / 1e6, 6);
          expect(inWindow(`success_rate_by_${label}`)).toBe(trades.length);
          expect(inWindow(`trade_latency_by_${label}`)).toBe(trades.length);
          const told = new Set(series(engine, `pnl_usd_by_${label}`).map(({ labels }) => labels[label]));
          expect(told.size).toBeLessThanOrEqual(maxLabelValues + 1);
        }
      }),
      { numRuns: 15 },
    );
  });
});
