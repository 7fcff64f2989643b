import { attribute, serviceMetrics, spanName } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import type { MetricPoint } from "@slipstream/otlp/decode";
import { run, statistic } from "@slipstream/testing/engine/run";
import {
  metrics,
  point,
  resource,
  rpc,
  START_MS,
  span,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "../engine.ts";
import type { LabelledStatisticValue } from "../model.ts";

const S = 1_000;
const at = START_MS + 1_000_000 * S;

function family(engine: Engine, name: string): MetricFamily {
  const found = engine.collect().find(({ definition }) => definition.name === name);
  if (found === undefined) throw new Error(`no family ${name}`);
  return found;
}

function samples(
  engine: Engine,
  name: string,
): readonly (readonly [Readonly<Record<string, string>>, number])[] {
  const found = family(engine, name);
  return "samples" in found ? found.samples.map(({ labels, value }) => [labels, value] as const) : [];
}

/** An engine that was told the points and then let two seconds pass. */
function withPoints(points: readonly MetricPoint[], waitMs = 2 * S): Engine {
  return run([metrics(points, at), tick(at + waitMs)]).engine;
}

const of = (instance: string): Partial<MetricPoint> => ({ resource: resource("desk", instance) });

describe("gauges of several processes", () => {
  it("the breaker is the worst: open, half-open, closed", () => {
    const state = (...values: number[]): unknown =>
      statistic(
        withPoints(values.map((value, i) => point("circuitBreakerState", value, at, of(String(i))))),
        "circuit_breaker_state",
      ).value;
    expect(state(0, 2, 1)).toBe("open");
    expect(state(0, 2)).toBe("half_open");
    expect(state(0, 0)).toBe("closed");
    expect(state(7, 0.5)).toBeNull();
  });

  it("positions are the sum of each process's latest, by the points' own time", () => {
    const engine = withPoints([
      point("openPositions", 5, at - S, of("a")),
      point("openPositions", 2, at - 2 * S, of("a")),
      point("openPositions", 3, at, of("b")),
    ]);
    expect(statistic(engine, "active_positions")).toMatchObject({ value: 8, count: 2 });
    expect(samples(engine, "slipstream_open_positions")).toEqual([[{}, 8]]);
  });

  it("are what the newest points say, however often they were read before", () => {
    const engine = withPoints([
      point("openPositions", 5, at, of("a")),
      point("openPositions", 3, at - S, of("b")),
    ]);
    const positions = (): unknown => [1, 2].map(() => statistic(engine, "active_positions").value);
    expect(positions()).toEqual([8, 8]);
    engine.apply(metrics([point("openPositions", 4, at, of("b"))], at + 2 * S));
    expect(positions()).toEqual([9, 9]);
    engine.apply(metrics([point("openPositions", 7, at - 2 * S, of("b"))], at + 2 * S));
    expect(positions()).toEqual([9, 9]);
    engine.apply(metrics([point("processUp", 0, at, of("a"))], at + 2 * S));
    expect(positions()).toEqual([4, 4]);
    engine.apply(traces([trade(at + 66 * S)]));
    expect(positions()).toEqual([null, null]);
  });

  it("are unknown when older than a minute", () => {
    const { engine } = run([
      metrics([point("openPositions", 5, at), point("circuitBreakerState", 0, at)]),
      traces([trade(at + 66 * S)]),
    ]);
    expect(statistic(engine, "active_positions")).toMatchObject({
      value: null,
      reason: "no slipstream_open_positions in the last 60 s",
    });
    expect(statistic(engine, "circuit_breaker_state").value).toBeNull();
  });

  it("connections add up, a dependency is up where all processes reach it", () => {
    const type = (name: string, instance: string) => ({ ...of(instance), attributes: { type: name } });
    const engine = withPoints([
      point("activeConnections", 3, at, type("redis", "a")),
      point("activeConnections", 4, at, type("redis", "b")),
      point("dependencyUp", 1, at, type("questdb", "a")),
      point("dependencyUp", 0, at, type("questdb", "b")),
      point("dependencyUp", 1, at, type("toaster", "b")),
    ]);
    expect(samples(engine, "active_connections")).toEqual([[{ type: "redis" }, 7]]);
    expect(samples(engine, "slipstream_dependency_up")).toEqual([[{ type: "questdb" }, 0]]);
    const { active_connections, dependency_up } = engine.current().statistics;
    expect(active_connections).toMatchObject({
      series: [
        { labels: { type: "questdb" }, value: null, reason: "no active_connections in the last 60 s" },
        { labels: { type: "postgres" }, value: null },
        { labels: { type: "redis" }, value: 7, count: 2, unit: "connections" },
      ],
    });
    expect(dependency_up).toMatchObject({
      series: [
        { labels: { type: "questdb" }, value: "down", count: 2 },
        { value: null, reason: "no slipstream_dependency_up in the last 60 s" },
        { value: null },
      ],
    });
  });

  it("memory is that of the process nearest to its limit, with that limit; CPU is the busiest one's", () => {
    const engine = withPoints([
      point("memoryUsage", 900, at, of("a")),
      point("memoryLimit", 10_000, at, of("a")),
      point("memoryUsage", 400, at, of("b")),
      point("memoryLimit", 500, at, of("b")),
      point("memoryUsage", 5_000, at, of("without limit")),
      point("cpuUsage", 20, at, of("a")),
      point("cpuUsage", 80, at, of("b")),
    ]);
    expect(samples(engine, "memory_usage_bytes")).toEqual([[{}, 400]]);
    expect(samples(engine, "slipstream_memory_limit_bytes")).toEqual([[{}, 500]]);
    expect(samples(engine, "cpu_usage_percent")).toEqual([[{}, 80]]);
    expect(engine.current().statistics.memory_used).toMatchObject({
      series: [
        { labels: { service: "desk", process: "a" }, value: 9, unit: "%" },
        { labels: { service: "desk", process: "b" }, value: 80 },
        {
          labels: { service: "desk", process: "without limit" },
          value: null,
          reason: "it reports no slipstream_memory_limit_bytes",
        },
      ],
    });
  });

  it("say nothing where there are more processes than are held, but for an open breaker", () => {
    const many = Array.from({ length: 600 }, (_, i) => [
      point("openPositions", 1, at, of(String(i))),
      point("circuitBreakerState", i === 3 ? 1 : 0, at, of(String(i))),
    ]).flat();
    const engine = withPoints(many);
    expect(statistic(engine, "active_positions")).toMatchObject({
      value: null,
      reason: "more than 512 processes report slipstream_open_positions",
    });
    expect(statistic(engine, "circuit_breaker_state").value).toBe("open");
  });
});

describe("trades", () => {
  it("of a recorded block count in the totals and nowhere else", () => {
    const block = trade(at - 1e9, {
      [attribute.tradeSource]: "block",
      [attribute.solanaPriorityFeeLamports]: 7,
      [attribute.tradePnlUsd]: 1,
    });
    const { engine, publications } = run([traces([block], at), tick(at + S), traces([trade(at + 9 * S)])]);
    expect(engine.current().statistics.trades).toMatchObject({ series: [{ value: 2 }, { value: 0 }] });
    expect(statistic(engine, "priority_fees_lamports").value).toBe(7);
    expect(statistic(engine, "total_pnl_usd").value).toBe(1);
    expect(statistic(engine, "trade_latency_p99").count).toBe(1);
    expect(family(engine, "trade_execution_latency_seconds")).toMatchObject({
      histograms: [{ counts: Float64Array.of(1, 0, 0, 0, 0, 0, 0, 0) }],
    });
    expect(engine.current().services.desk).toMatchObject({ late: 0, received: 2 });
    expect(publications).toEqual([]);
  });

  it("that failed are counted by their reason; all reasons together are the failed ones", () => {
    const failed = (reason?: string) =>
      trade(at, {
        [attribute.tradeStatus]: "failed",
        ...(reason !== undefined && { [attribute.tradeFailureReason]: reason }),
      });
    const reasons = ["slippage", "expired", "slippage", "full moon", "insufficient_funds", undefined, ""];
    // A reason that is given of a trade that did not fail is none.
    const fine = trade(at, { [attribute.tradeFailureReason]: "slippage" });
    const engine = new Engine({}, { trackSeen: true });
    engine.apply(traces([...reasons.map(failed), fine]));
    const expected = {
      slippage: 2,
      expired: 1,
      reverted: 0,
      rejected: 0,
      simulation: 0,
      insufficient_funds: 1,
      other: 1,
      unknown: 2,
    };
    const counted = Object.entries(expected).map(([reason, value]) => [{ reason }, value]);
    expect(samples(engine, "slipstream_trade_failures")).toEqual(counted);
    expect(engine.current().statistics.trade_failures).toMatchObject({
      series: Object.entries(expected).map(([reason, value]) => ({
        labels: { reason },
        value,
        count: value,
      })),
    });
    expect(engine.current().statistics.trades).toMatchObject({ series: [{ value: 1 }, { value: 7 }] });
    const restored = Engine.restore(structuredClone(engine.save()), engine.takeSeen());
    restored.apply(traces([failed("reverted")]));
    expect(samples(restored, "slipstream_trade_failures")).toEqual(
      Object.entries({ ...expected, reverted: 1 }).map(([reason, value]) => [{ reason }, value]),
    );
  });

  it("take trade.latency_ms, else the span's duration", () => {
    const { engine } = run([
      traces([
        trade(at, { [attribute.tradeLatencyMs]: 45.3 }, { durationSeconds: 9 }),
        trade(at, { [attribute.tradeLatencyMs]: -1 }, { durationSeconds: 0.001 }),
      ]),
    ]);
    expect(statistic(engine, "trade_latency_p99")).toMatchObject({
      value: 45.3,
      count: 2,
      interval: { low: 45.3, high: null, kind: "sampling95" },
      sketchError: { low: 45.3, high: 45.3, kind: "sketch" },
    });
  });

  it("that get exactly what was quoted have no slippage, and bounds that are 0 too", () => {
    const out = { [attribute.tradeQuotedOut]: "100", [attribute.tradeActualOut]: "100" };
    const off = { ...out, [attribute.tradeActualOut]: "99" };
    const { engine } = run([
      traces(Array.from({ length: 40 }, (_, i) => trade(at, i % 4 === 0 ? off : out))),
    ]);
    const zero = { low: 0, high: 0 };
    expect(statistic(engine, "slippage_p50")).toMatchObject({ value: 0, interval: zero, sketchError: zero });
    expect(statistic(engine, "slippage_p99")).toMatchObject({
      value: 100,
      interval: { high: null, reason: "too few values for both ends: 40 of 368 needed" },
      sketchError: { low: 100, high: 100, kind: "sketch" },
      reason: "few samples",
    });
  });

  it("that are few leave a percentile's interval open, with the reason, and a share's is wide", () => {
    for (const n of [1, 5, 60, 99]) {
      const trades = Array.from({ length: n }, (_, i) => trade(at, { [attribute.tradeLatencyMs]: 10 + i }));
      const { engine } = run([traces(trades)]);
      expect(statistic(engine, "trade_latency_p99")).toMatchObject({
        value: 9 + n,
        interval: { high: null, kind: "sampling95", reason: expect.stringContaining("too few values") },
        reason: "few samples",
      });
      const { interval } = statistic(engine, "success_rate");
      expect(interval).toMatchObject({ kind: "wilson95", high: 100 });
      expect(interval?.low).toBeLessThan(97);
    }
  });

  it("that fail have no output and so no slippage", () => {
    const out = { [attribute.tradeQuotedOut]: "100", [attribute.tradeActualOut]: "0" };
    const { engine } = run([traces([trade(at, { ...out, [attribute.tradeStatus]: "failed" })])]);
    expect(statistic(engine, "slippage_accuracy")).toMatchObject({ value: null, count: 0 });
  });

  it("within the tolerance include those exactly at it", () => {
    const fill = (actual: string) =>
      trade(at, { [attribute.tradeQuotedOut]: "10000", [attribute.tradeActualOut]: actual });
    const { engine } = run([traces([fill("9950"), fill("10050"), fill("9949"), fill("10051")])]);
    expect(statistic(engine, "slippage_accuracy")).toMatchObject({ value: 50, count: 4 });
  });

  it("without a capital or without a profit told leave it unknown", () => {
    const silent = run([traces([trade(at)])], { capitalUsd: 5 }).engine;
    expect(statistic(silent, "total_pnl")).toMatchObject({
      value: null,
      reason: "no trade has a profit or loss (trade.pnl_usd)",
    });
    const poor = run([traces([trade(at, { [attribute.tradePnlUsd]: -2.5 })])]).engine;
    expect(statistic(poor, "total_pnl")).toMatchObject({
      value: null,
      reason: "capitalUsd is not configured",
    });
    expect(statistic(poor, "total_pnl_usd").value).toBe(-2.5);
  });

  it("have fees whose sum may be larger than a double holds", () => {
    const fee = (lamports: bigint) => trade(at, { [attribute.solanaPriorityFeeLamports]: lamports });
    const { engine } = run([traces([...Array.from({ length: 10 }, () => fee(10n ** 15n)), fee(1n)])]);
    expect(statistic(engine, "priority_fees_lamports").value).toBe("10000000000000001");
  });
});

describe("the node", () => {
  const calls = traces([
    rpc(at, "getSlot", { durationSeconds: 0.02 }),
    rpc(at, "sendTransaction", { durationSeconds: 0.05, statusCode: 2 }),
    rpc(at, "getProgramAccounts", { durationSeconds: 4 }),
  ]);
  const worst = (nodeMethods: object): unknown =>
    statistic(run([calls], { nodeMethods }).engine, "node_latency_p99").value;

  it("is judged by every call, failed ones included", () => {
    const { engine } = run([calls]);
    expect(statistic(engine, "node_latency_p99")).toMatchObject({ value: 4_000, count: 3 });
    expect(statistic(engine, "node_error_rate").value).toBeCloseTo(100 / 3);
  });

  it("is judged by the configured methods, while the histogram holds all calls", () => {
    expect(worst({ exclude: ["getProgramAccounts"] })).toBe(50);
    expect(worst({ include: ["getSlot"] })).toBe(20);
    const { engine } = run([calls], { nodeMethods: { include: ["getSlot"] } });
    expect(statistic(engine, "node_error_rate")).toMatchObject({ value: 0, count: 1 });
    expect(family(engine, serviceMetrics.solanaNodeLatency.name)).toMatchObject({
      histograms: [{ counts: Float64Array.of(0, 0, 0, 2, 0, 0, 1) }],
    });
  });
});

describe("operations", () => {
  it("beyond the limit are one, with exact totals; Slipstream's own are always told apart", () => {
    const names = Array.from({ length: 100 }, (_, i) => `GET /users/${i}`);
    const spans = [...names, spanName.dbWrite, ...names].map((name) => span(name, at));
    const { engine } = run([traces(spans)], { maxOperations: 3 });
    const { series } = engine.current().statistics.latency as { series: readonly LabelledStatisticValue[] };
    const counts = series
      .filter(({ labels }) => labels.quantile === "0.5")
      .map((entry) => [entry.labels.operation, entry.count]);
    expect(counts).toEqual([
      ["GET /users/0", 2],
      ["GET /users/1", 2],
      ["GET /users/2", 2],
      ["other", 194],
      ["db.write", 1],
    ]);
  });

  it("have an exemplar for each bucket: the newest trace", () => {
    const slow = { durationSeconds: 0.3 };
    const { engine } = run([
      traces([
        trade(at, {}, { ...slow, trace0: 0xabc, trace1: 1, trace2: 2, trace3: 0xffffffff }),
        trade(at - 1, {}, { ...slow, trace3: 5 }),
      ]),
    ]);
    expect(family(engine, "trade_execution_latency_seconds")).toMatchObject({
      histograms: [
        {
          exemplars: [
            ...Array(5).fill(undefined),
            { traceId: "00000abc0000000100000002ffffffff", value: 0.3, timestamp: at / 1_000 },
            undefined,
            undefined,
          ],
        },
      ],
    });
  });
});

describe("MEV", () => {
  it("is unknown for want of verdicts, never 0", () => {
    const { engine } = run([traces([trade(at)])]);
    expect(statistic(engine, "mev_avoidance_rate")).toMatchObject({
      value: null,
      count: 0,
      windowSeconds: 86_400,
    });
    expect(samples(engine, "slipstream_mev_avoidance_ratio")).toEqual([]);
    expect(samples(engine, "slipstream_mev_avoidance_ratio_samples")).toEqual([[{}, 0]]);
    expect(samples(engine, "mev_attacks_avoided")).toEqual([[{}, 0]]);
  });
});

describe("a family", () => {
  it("has a name of its own", () => {
    const names = run([])
      .engine.collect()
      .map(({ definition }) => definition.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the share of trades that failed", () => {
  it("is what is left of the share that succeeded, of trades whose status is known", () => {
    const status = (word: string) => trade(at, { [attribute.tradeStatus]: word });
    const { engine } = run([
      traces([status("failed"), status("success"), status("success"), status("success")]),
      traces([trade(at, { [attribute.tradeStatus]: "perhaps" })]),
    ]);
    expect(statistic(engine, "failure_rate")).toMatchObject({
      value: 25,
      unit: "%",
      count: 4,
      interval: { kind: "wilson95" },
      reason: "the status of 1 of 5 trades is not known",
    });
    expect(statistic(engine, "success_rate").value).toBe(75);
  });

  it("completeness is a statistic of each service", () => {
    const numbered = (seq: number) => span("job", at, { attributes: { [attribute.slipstreamSeq]: seq } });
    const { engine } = run([traces([numbered(1), numbered(2), numbered(4)])]);
    expect(engine.current().statistics.completeness).toMatchObject({
      series: [{ labels: { service: "desk" }, value: 75, unit: "%", count: 4 }],
    });
  });
});
