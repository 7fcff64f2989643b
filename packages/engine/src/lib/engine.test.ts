import { attribute } from "@slipstream/conventions";
import {
  metrics,
  point,
  resource,
  rpc,
  START_MS,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import type { StatisticValue } from "./model.ts";

function value(engine: Engine, name: string): StatisticValue {
  return engine.current().statistics[name] as StatisticValue;
}

describe("the nine values", () => {
  it("come from a minute of trades", () => {
    const engine = new Engine({ capitalUsd: 1_000 });
    const published = [];
    for (let second = 1; second <= 60; second += 1) {
      const at = START_MS + second * 1_000;
      const record = traces([
        rpc(at - 50, "getSlot", { durationSeconds: second / 1_000 }),
        trade(at, {
          [attribute.tradeLatencyMs]: second,
          [attribute.tradeStatus]: second % 10 === 0 ? "failed" : "success",
          [attribute.tradeQuotedOut]: "1000000",
          [attribute.tradeActualOut]: second % 2 === 0 ? "999000" : "990000",
          [attribute.tradePnlUsd]: 0.1,
          [attribute.solanaPriorityFeeLamports]: 5_000n,
        }),
      ]);
      published.push(...engine.apply(record).publications);
      published.push(
        ...engine.apply(metrics([point("circuitBreakerState", 2, at), point("openPositions", 3, at)]))
          .publications,
      );
    }
    for (let second = 61; second <= 64; second += 1)
      published.push(...engine.apply(tick(START_MS + second * 1_000)).publications);
    expect(published.map(({ timeMs }) => (timeMs - START_MS) / 1_000)).toEqual([
      5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60,
    ]);
    expect(published.every(({ amended }) => !amended)).toBe(true);
    expect(published.at(-1)?.values).toEqual({
      trade_latency_p99: 60,
      node_latency_p99: 60,
      slippage_accuracy: (100 * 24) / 54,
      trades_per_minute: 60,
      success_rate: 90,
      circuit_breaker_state: "half_open",
      active_positions: 3,
      total_pnl: 0.6,
    });
    expect(value(engine, "mev_avoidance_rate")).toMatchObject({ value: null, reason: "no MEV verdicts yet" });
    expect(value(engine, "priority_fees_lamports").value).toBe(300_000);
    expect(JSON.stringify(engine.collect())).toContain("trade_execution_latency_seconds");
  });
});

describe("collect", () => {
  it("gives the same label objects each time, which makes them cheap to write", () => {
    const engine = new Engine();
    const labelsOf = () =>
      engine
        .collect()
        .flatMap((family) =>
          ("samples" in family ? family.samples : family.histograms).map(({ labels }) => labels),
        );
    engine.apply(
      traces([trade(START_MS), rpc(START_MS), trade(START_MS, {}, { resource: resource("other desk") })]),
    );
    const first = labelsOf();
    engine.apply(traces([trade(START_MS + 1)]));
    const second = labelsOf();
    expect(second.length).toBeGreaterThan(30);
    expect(second.filter((labels, i) => labels !== first[i])).toEqual([]);
  });
});
