import { attribute } from "@slipstream/conventions";
import { run } from "@slipstream/testing/engine/run";
import { resource, START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "../../engine.ts";

const at = START_MS + 61_000;

function failed(i: number, over: Record<string, string>, service = "desk") {
  const attributes = { [attribute.tradePair]: "SOL/USDC", [attribute.tradeStatus]: "failed", ...over };
  return trade(at + i, attributes, { resource: resource(service) });
}

function values(engine: Engine, name: string): unknown[][] {
  const entry = engine.current().statistics[name];
  if (entry === undefined || !("series" in entry)) throw new Error(`${name} is no series`);
  return entry.series.map(({ labels, value }) => [...Object.values(labels), value]);
}

describe("failures by label", () => {
  const expired = { [attribute.tradeFailureReason]: "expired" };
  const spans = [
    failed(1, expired),
    failed(2, expired, "maker"),
    failed(3, { ...expired, [attribute.tradePair]: "BONK/SOL" }),
    failed(4, { [attribute.tradeFailureReason]: "slippage", [attribute.tradeStrategy]: "arb" }),
    failed(5, {}),
    trade(at + 6, { [attribute.tradePair]: "WIF/SOL", [attribute.tradeStatus]: "success" }),
  ];

  it("are counted by reason, those alone that occurred, and go on after a restart", () => {
    const { engine } = run([traces(spans)]);
    for (const each of [engine, Engine.restore(structuredClone(engine.save()), [])]) {
      expect(values(each, "trade_failures_by_service")).toEqual([
        ["desk", "slippage", 1],
        ["desk", "expired", 2],
        ["desk", "unknown", 1],
        ["maker", "expired", 1],
      ]);
      expect(values(each, "trade_failures_by_pair")).toEqual([
        ["SOL/USDC", "slippage", 1],
        ["SOL/USDC", "expired", 2],
        ["SOL/USDC", "unknown", 1],
        ["BONK/SOL", "expired", 1],
      ]);
      expect(values(each, "trade_failures_by_strategy")).toEqual([
        ["unknown", "expired", 3],
        ["unknown", "unknown", 1],
        ["arb", "slippage", 1],
      ]);
    }
  });

  it("beyond the limit are other, so that the sum is that of all failed trades", () => {
    const { engine } = run([traces(spans)], { maxLabelValues: 1 });
    expect(values(engine, "trade_failures_by_pair").map(([pair]) => pair)).toContain("other");
    for (const label of ["service", "pair", "strategy"]) {
      const counts = values(engine, `trade_failures_by_${label}`).map((one) => one.at(-1));
      expect(counts.reduce((sum: number, count) => sum + Number(count), 0)).toBe(5);
    }
  });
});
