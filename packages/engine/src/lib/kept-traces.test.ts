import { attribute, KEPT_FROM_MS } from "@slipstream/conventions";
import { run, stateOf } from "@slipstream/testing/engine/run";
import { rpc, START_MS, span, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import type { EngineRecord } from "./model.ts";

const SECOND = 1_000;
const of = (trace: number) => ({ trace0: 0, trace1: 0, trace2: 0, trace3: trace });
const textOf = (trace: number): string => trace.toString(16).padStart(32, "0");

/** Traces that the exemplars of a family name. */
function named(engine: Engine, family: string): string[] {
  const found = engine.collect().find(({ definition }) => definition.name === family);
  const histograms = found !== undefined && "histograms" in found ? found.histograms : [];
  return histograms.flatMap(({ exemplars = [] }) => exemplars.flatMap((one) => one?.traceId ?? []));
}

const NODE = "solana_node_latency_seconds";
const OPERATIONS = "slipstream_operation_latency_seconds";

/** Time goes on, so that what waits is looked at. */
const later = (ms = 20 * SECOND): EngineRecord[] => [
  traces([trade(START_MS + ms, {}, of(99))]),
  tick(START_MS + ms + 5 * SECOND),
];

describe("an exemplar", () => {
  it("is no call outside of a trade, however recent", () => {
    const { engine } = run([traces([rpc(START_MS, "getSlot", of(1))]), ...later()]);
    expect(named(engine, NODE)).toEqual([]);
    expect(named(engine, "trade_execution_latency_seconds")).toEqual([textOf(99)]);
  });

  it.each([
    ["before it", 0],
    ["with it", 1],
    ["after it", 2],
  ])("is a call inside of a trade whose own span comes %s", (_, place) => {
    const call = traces([rpc(START_MS, "getSlot", of(1))]);
    const root = traces([trade(START_MS + SECOND, {}, of(1))], START_MS + SECOND);
    const both = traces([rpc(START_MS, "getSlot", of(1)), trade(START_MS + SECOND, {}, of(1))]);
    const order = [[root, call], [both], [call, root]][place] ?? [];
    const { engine } = run([...order, ...later()]);
    expect(named(engine, NODE)).toEqual([textOf(1)]);
    expect(named(engine, OPERATIONS)).toContain(textOf(1));
  });

  it("is a call that failed, or that took more than a second, if nothing is around it", () => {
    const seconds = KEPT_FROM_MS / 1_000;
    const { engine } = run([
      traces([rpc(START_MS, "a", { ...of(1), statusCode: 2 })]),
      traces([rpc(START_MS, "b", { ...of(2), durationSeconds: seconds })]),
      traces([rpc(START_MS, "c", { ...of(3), durationSeconds: seconds - 0.002 })]),
      // They may be in a health check, of which the sampler keeps nothing.
      traces([rpc(START_MS, "d", { ...of(4), statusCode: 2, hasParent: true, parent1: 9 })]),
      traces([rpc(START_MS, "e", { ...of(5), durationSeconds: seconds, hasParent: true, parent1: 9 })]),
      traces([span("GET /readyz", START_MS, { ...of(6), kind: 2, durationSeconds: seconds })]),
      ...later(),
    ]);
    expect(named(engine, NODE).sort()).toEqual([textOf(1), textOf(2)]);
    expect(new Set(named(engine, OPERATIONS))).toEqual(new Set([1, 2, 99].map(textOf)));
  });

  it("is a step of a trade, whose trace is kept for its name", () => {
    const { engine } = run([traces([span("jupiter.quote", START_MS, of(1))]), ...later()]);
    expect(named(engine, "jupiter_api_latency_seconds")).toEqual([textOf(1)]);
  });

  it("is found although most calls of its operation are made outside of trades", () => {
    const records: EngineRecord[] = [];
    for (let i = 0; i < 600; i += 1) {
      const endMs = START_MS + i * 100;
      const inTrade = i % 4 === 0;
      records.push(traces([rpc(endMs, "getSlot", of(1_000 + i))]));
      if (inTrade) records.push(traces([trade(endMs + 50, {}, of(1_000 + i))], endMs + 50));
    }
    const { engine } = run([...records, ...later(80 * SECOND)]);
    const [trace = ""] = named(engine, NODE);
    expect((Number.parseInt(trace, 16) - 1_000) % 4).toBe(0);
  });

  it("is forgotten if it is of an earlier version, which took any trace", () => {
    const engine = new Engine({}, { trackSeen: true });
    engine.apply(traces([trade(START_MS, { [attribute.tradeId]: "t" }, of(1))]));
    const { parts } = engine.save();
    const former = Object.fromEntries(Object.entries(parts).filter(([name]) => name !== "kept_traces"));
    const restored = Engine.restore({ parts: former }, engine.takeSeen());
    expect(named(engine, "trade_execution_latency_seconds")).toEqual([textOf(1)]);
    expect(named(restored, "trade_execution_latency_seconds")).toEqual([]);
    expect([...restored.lost.keys()]).toEqual(["kept_traces"]);
  });

  it("comes after a restart as without one", () => {
    const records = [
      traces([rpc(START_MS, "getSlot", of(1)), span("poll", START_MS, of(2))]),
      traces([trade(START_MS + SECOND, {}, of(1))], START_MS + SECOND),
      traces([trade(START_MS + SECOND, {}, of(2))], START_MS + SECOND),
      ...later(),
    ];
    for (let cut = 1; cut < records.length; cut += 1) {
      const before = new Engine({}, { trackSeen: true });
      for (const record of records.slice(0, cut)) before.apply(record);
      const after = Engine.restore(structuredClone(before.save()), before.takeSeen());
      for (const record of records.slice(cut)) after.apply(record);
      expect(stateOf(after)).toBe(stateOf(run(records).engine));
    }
  });
});
