import { serviceMetrics } from "@slipstream/conventions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CounterHandle, GaugeHandle, HistogramHandle } from "./handles.ts";
import { InstrumentSet } from "./instrument-set.ts";

test("there is a handle for each row of the table, and for each value of its label", () => {
  const { handles } = new InstrumentSet();
  expect(Object.keys(handles)).toEqual(Object.keys(serviceMetrics));
  const classes = { histogram: HistogramHandle, counter: CounterHandle, gauge: GaugeHandle };
  for (const [key, definition] of Object.entries(serviceMetrics)) {
    const bound = handles[key as keyof typeof handles];
    const labels: Record<string, readonly string[]> = "labels" in definition ? definition.labels : {};
    const list = Object.values(labels)[0]?.map((value) => (bound as Record<string, unknown>)[value]) ?? [
      bound,
    ];
    for (const handle of list) expect(handle).toBeInstanceOf(classes[definition.kind]);
  }
});

describe("collect", () => {
  test("a gauge that was never set is unknown, as is one that was cleared", () => {
    const set = new InstrumentSet();
    const names = () => set.collect().map(({ definition }) => definition.name);
    expect(names()).not.toContain("circuit_breaker_state");
    set.handles.circuitBreakerState.set(0);
    set.handles.activeConnections.redis.set(2);
    expect(names()).toContain("circuit_breaker_state");
    const connections = set.collect().find(({ definition }) => definition.name === "active_connections");
    expect(connections?.points).toEqual([{ labels: { type: "redis" }, value: 2 }]);
    set.handles.circuitBreakerState.clear();
    expect(names()).not.toContain("circuit_breaker_state");
  });

  test("a counter and a histogram begin at 0", () => {
    const found = new InstrumentSet().collect().map(({ definition, points }) => [definition.name, points]);
    expect(Object.fromEntries(found)).toMatchObject({
      trades_total: [
        { labels: { status: "success" }, value: 0 },
        { labels: { status: "failed" }, value: 0 },
      ],
      solana_node_latency_seconds: [{ count: 0, sum: 0, counts: [0, 0, 0, 0, 0, 0, 0] }],
    });
  });

  test("a bucket contains the values up to its bound", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        const set = new InstrumentSet();
        for (const value of values) set.handles.solanaNodeLatency.record(value);
        const snapshot = set
          .collect()
          .find(({ definition }) => definition === serviceMetrics.solanaNodeLatency);
        if (snapshot?.kind !== "histogram") throw new Error("no histogram");
        const [point] = snapshot.points;
        const bounds = [...serviceMetrics.solanaNodeLatency.buckets, Number.POSITIVE_INFINITY];
        expect(point?.counts).toEqual(
          bounds.map(
            (bound, i) => values.filter((value) => value <= bound && value > (bounds[i - 1] ?? -1)).length,
          ),
        );
        expect(point?.sum).toBeCloseTo(values.reduce((sum, value) => sum + value, 0));
      }),
    );
  });

  test("invalid values are ignored", () => {
    const { handles } = new InstrumentSet();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      handles.tradeExecutionLatency.record(value);
      handles.priorityFeesPaid.add(value);
    }
    handles.openPositions.set(Number.NaN);
    expect(handles.tradeExecutionLatency.histogram.count).toBe(0);
    expect(handles.priorityFeesPaid.value).toBe(0);
    expect(handles.openPositions.value).toBeUndefined();
  });

  test("measured gauges are measured at collection", () => {
    const set = new InstrumentSet();
    let reading = 0;
    set.beforeCollect(() => {
      reading += 1;
      set.handles.memoryUsage.set(reading);
    });
    set.collect();
    set.collect();
    expect(set.handles.memoryUsage.value).toBe(2);
  });
});
