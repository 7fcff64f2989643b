import { isDeepStrictEqual } from "node:util";
import { aggregatorMetrics, attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { run, stateOf, statistic } from "@slipstream/testing/engine/run";
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
import { Engine } from "./engine.ts";
import type { EngineRecord } from "./model.ts";
import { completeOptions } from "./options.ts";
import type { SeenKeys } from "./seen-keys.ts";

const options = { maxServices: 5, maxOperations: 7, dedupeSpans: 4_000 };
const SPANS = 5_000;

/** Each span of a process and an operation of its own, ten of a service, numbered 2; every tenth comes a minute early. */
function crowd(day: number): Span[] {
  return Array.from({ length: SPANS }, (_, i) =>
    span(`operation ${i}`, START_MS + i + (i % 10 === 0 ? 60_000 : 0), {
      resource: resource(`service ${Math.floor(i / 10)}`, `process ${day}.${i}`),
      attributes: { [attribute.slipstreamSeq]: 2 },
    }),
  );
}

function refusing(name: string, receivedMs: number): EngineRecord {
  const refusals = [{ resource: resource(name), count: 3, reason: "a span without an id" }];
  return { receivedMs, batch: { kind: "traces", spans: [], refusals } };
}

/** More of everything than is told apart. */
function overflow(): EngineRecord[] {
  const spans = crowd(1);
  const late = START_MS + SPANS + 1_000;
  // Longer than processes must be silent to be closed for new ones.
  const nextDay = START_MS + 86_400_000;
  return [
    ...Array.from({ length: 50 }, (_, i) => traces(spans.slice(100 * i, 100 * (i + 1)), START_MS + 100 * i)),
    ...Array.from({ length: 20 }, (_, i) => refusing(`service ${100 + i}`, START_MS + SPANS)),
    metrics(
      Array.from({ length: 600 }, (_, i) =>
        point("openPositions", 1, late, { resource: resource("desk", String(i)) }),
      ),
    ),
    traces([trade(late), trade(late + 1_000)]),
    tick(late + 5_000),
    traces(
      crowd(2).map((each) => ({ ...each, endMs: nextDay })),
      nextDay,
    ),
    tick(nextDay + 5_000),
  ];
}

describe("an engine that is told of more than it tells apart", () => {
  it("counts every span, refusal and latency in all", () => {
    const { engine } = run(overflow(), options);
    const services = Object.values(engine.current().services);
    const sum = (of: (counts: (typeof services)[number]) => number | undefined) =>
      services.reduce((total, counts) => total + (of(counts) ?? 0), 0);
    expect(services).toHaveLength(options.maxServices + 1);
    expect(sum(({ received }) => received)).toBe(2 * SPANS + 2);
    expect(sum(({ refused }) => refused)).toBe(60);
    expect(sum(({ clockAhead }) => clockAhead)).toBe(SPANS / 10);

    const family = engine
      .collect()
      .find(({ definition }) => definition === aggregatorMetrics.operationLatency);
    const histograms = family !== undefined && "histograms" in family ? family.histograms : [];
    expect(histograms).toHaveLength(options.maxOperations + 2); // "other", and trades
    const counted = histograms.flatMap(({ counts }) => Array.from(counts)).reduce((a, b) => a + b, 0);
    expect(counted).toBe(2 * SPANS + 2);
  });

  it("says so where a number cannot be told any more", () => {
    const { engine } = run(overflow().slice(0, -2), options);
    expect(statistic(engine, "active_positions")).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^more than 512 processes/),
    });
    expect(engine.current().services.other).toMatchObject({
      completeness: null,
      reason: "more than 4096 processes at a time",
    });
    expect(engine.current().services["service 0"]).toMatchObject({ completeness: 0.5 });
  });

  it("is restored with all of that, wherever it is cut", () => {
    const log = overflow();
    for (const cut of [1, 30, 46, 60, log.length - 3, log.length - 1]) {
      const whole = new Engine(options, { trackSeen: true });
      for (const record of log.slice(0, cut)) whole.apply(record);
      const seen: readonly SeenKeys[] = whole.takeSeen();
      const restored = Engine.restore(structuredClone(whole.save()), seen);
      expect(isDeepStrictEqual(restored.save(), whole.save())).toBe(true);
      for (const record of log.slice(cut)) expect(restored.apply(record)).toEqual(whole.apply(record));
      expect(stateOf(restored)).toBe(stateOf(whole));
    }
  });
});

it("a change of options gives what waits to be amended, once more by the options before", () => {
  const at = START_MS + 5_000;
  const log: EngineRecord[] = [
    // A minute before, so that the rate is that of a minute.
    metrics([point("openPositions", 0, at - 60_000)]),
    traces([trade(at - 1_000)]),
    traces([trade(at + 10_000)]),
    traces([trade(at - 500)]),
  ];
  const { engine } = run(log, { capitalUsd: 1 });
  const change = { kind: "options", options: completeOptions({ capitalUsd: 2 }) } as const;
  const { publications: amended } = engine.apply({ receivedMs: at + 10_000, batch: change });
  expect(amended[0]).toMatchObject({ timeMs: at, amended: true, values: { trades_per_minute: 2 } });
  expect(engine.options.capitalUsd).toBe(2);
});

it("a change of what a share is counted by begins its window anew, and only that one", () => {
  const outputs = { [attribute.tradeQuotedOut]: "1000", [attribute.tradeActualOut]: "999" };
  const log = [traces([trade(START_MS + 1_000, outputs), rpc(START_MS + 2_000)])];
  const countsAfter = (changed: Parameters<typeof completeOptions>[0]) => {
    const { engine } = run(log);
    const change = { kind: "options", options: completeOptions(changed) } as const;
    engine.apply({ receivedMs: START_MS + 2_000, batch: change });
    const names = ["slippage_accuracy", "success_rate", "node_error_rate", "node_latency_p99"];
    return names.map((name) => statistic(engine, name).count);
  };
  expect(countsAfter({ rateWindowSeconds: 30 })).toEqual([1, 1, 1, 1]);
  expect(countsAfter({ slippageToleranceBps: 5 })).toEqual([0, 1, 1, 1]);
  expect(countsAfter({ nodeMethods: { exclude: ["getSlot"] } })).toEqual([1, 1, 0, 0]);
});
