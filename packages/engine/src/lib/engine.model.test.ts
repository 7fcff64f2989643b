import { SKETCH_RELATIVE_ERROR } from "@slipstream/stats";
import { run, statistic } from "@slipstream/testing/engine/run";
import { START_MS, tick } from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DashboardInstant, LabelledStatisticValue } from "./model.ts";
import { exactQuantile, Naive } from "./testing/naive.ts";
import { delivered, traffic } from "./testing/traffic.ts";

const CAPITAL_USD = 1_000;
const busy = traffic({ seconds: 400, delayMs: 200_000, items: 200 });

function expectNear(value: unknown, exact: number | undefined): void {
  if (exact === undefined) {
    expect(value).toBeUndefined();
    return;
  }
  expect(Math.abs((value as number) - exact)).toBeLessThanOrEqual(SKETCH_RELATIVE_ERROR * exact + 1e-9);
}

function expectNearly(value: unknown, exact: number | undefined): void {
  if (exact === undefined) expect(value).toBeUndefined();
  else expect(value).toBeCloseTo(exact, 6);
}

function expectInstant(values: DashboardInstant, naive: Naive, toMs: number): void {
  expect(naive.live(toMs)).toBe(true);
  const { all, success } = naive.minute(toMs);
  expectNearly(values.trades_per_minute, naive.tradesPerMinute(toMs));
  expect(values.success_rate).toEqual(all === 0 ? undefined : (100 * success) / all);
  expect(values.slippage_accuracy).toEqual(naive.accuracy(toMs));
  const pnl = naive.pnl(toMs);
  if (values.total_pnl === undefined) expect(pnl).toBe(0n);
  else expect(values.total_pnl).toBe((100 * (Number(pnl) / 1e6)) / CAPITAL_USD);
  expectNear(values.trade_latency_p99, exactQuantile(naive.tradeLatencies(toMs), 0.99));
  expectNear(values.node_latency_p99, exactQuantile(naive.nodeLatencies(toMs), 0.99));
}

describe("against a plain model of random traffic", () => {
  it("every published instant is true in the end", () => {
    fc.assert(
      fc.property(busy, (items) => {
        const records = delivered(items);
        const endMs = records.at(-1)?.receivedMs ?? START_MS;
        const { instants } = run([...records, tick(endMs + 1_000), tick(endMs + 6_000)], {
          capitalUsd: CAPITAL_USD,
        });
        const naive = new Naive(items);
        for (const [toMs, values] of instants) expectInstant(values, naive, toMs);
      }),
      { numRuns: 100 },
    );
  });

  it("counts and money are exact, and percentiles within their bounds", () => {
    fc.assert(
      fc.property(busy, (items) => {
        const { engine } = run(delivered(items));
        const naive = new Naive(items);
        const { series } = engine.current().statistics.trades as { series: LabelledStatisticValue[] };
        expect(series.map(({ value }) => value)).toEqual([naive.trades("success"), naive.trades("failed")]);
        const fees = statistic(engine, "priority_fees_lamports");
        expect(BigInt(fees.value ?? 0)).toBe(naive.priorityFees());
        const pnl = statistic(engine, "total_pnl_usd");
        expect(pnl.value ?? 0).toBe(Number(naive.pnl()) / 1e6);

        const toMs = Math.ceil((engine.watermarkMs ?? 0) / 5_000) * 5_000;
        // Where nothing was heard in the last minute, windows are unknown.
        const latencies = naive.live(toMs) ? naive.tradeLatencies(toMs) : [];
        const p99 = statistic(engine, "trade_latency_p99");
        expect(p99.count).toBe(latencies.length);
        const exact = exactQuantile(latencies, 0.99);
        expectNear(p99.value ?? undefined, exact);
        if (exact !== undefined) {
          expect(p99.sketchError?.low).toBeLessThanOrEqual(exact * (1 + 1e-12));
          expect(p99.sketchError?.high).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
          expect(p99.reason).toBe(latencies.length < 100 ? "few samples" : undefined);
        }
      }),
      { numRuns: 100 },
    );
  });
});
