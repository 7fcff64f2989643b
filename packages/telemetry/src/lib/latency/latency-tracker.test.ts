import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { recordingTracer } from "../../testing/recording.ts";
import { InstrumentSet } from "../instruments/instrument-set.ts";
import { LatencyTracker, type LatencyTrackerOptions } from "./latency-tracker.ts";

const { tracer, spans } = recordingTracer();
const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
let clock = { now: START, monotonic: 0 };
beforeEach(() => {
  clock = { now: START, monotonic: 0 };
  spans.length = 0;
});

function makeTracker(options: Partial<LatencyTrackerOptions> = {}) {
  const { handles: instruments } = new InstrumentSet();
  const tracker = new LatencyTracker({
    tracer,
    instruments,
    now: () => clock.now,
    monotonicNow: () => clock.monotonic,
    ...options,
  });
  /** A call that takes `ms`. */
  const call = (operation: string, ms: number): void => {
    tracker.track(operation, () => {
      clock.monotonic += ms;
    });
  };
  return { tracker, instruments, call };
}

describe("track", () => {
  test("one span and one latency per call, nested like the calls", async () => {
    const { tracker } = makeTracker();
    const answer = await tracker.track(
      "outer",
      async () => {
        await Promise.resolve();
        return tracker.track("solana.rpc", () => {
          clock.monotonic += 20;
          return "inner answer";
        });
      },
      { "rpc.method": "getSlot" },
    );
    expect(answer).toBe("inner answer");
    const [inner, outer] = spans;
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect([inner?.kind, outer?.kind]).toEqual([SpanKind.CLIENT, SpanKind.INTERNAL]);
    expect(outer?.attributes).toEqual({ "rpc.method": "getSlot" });
    expect(outer?.status.code).toBe(SpanStatusCode.UNSET);
    expect(tracker.current("solana.rpc")).toMatchObject({ count: 1, p50: 0.02, p999: 0.02, minuteMs: START });
  });

  test("a failure: the error itself, an error span and its latency", async () => {
    const { tracker, instruments } = makeTracker();
    const error = new RangeError("no");
    await expect(tracker.track("db.write", () => Promise.reject(error))).rejects.toBe(error);
    expect(() =>
      tracker.track("db.write", () => {
        throw error;
      }),
    ).toThrow(error);
    expect(spans.map(({ status, attributes }) => [status.code, attributes["error.type"]])).toEqual([
      [SpanStatusCode.ERROR, "RangeError"],
      [SpanStatusCode.ERROR, "RangeError"],
    ]);
    expect(tracker.current("db.write")?.count).toBe(2);
    expect(instruments.databaseWriteLatency.histogram.count).toBe(2);
  });

  test.each<[string, object, string | undefined]>([
    ["solana.rpc", {}, "solanaNodeLatency"],
    ["solana.submit", { "rpc.method": "sendTransaction" }, "solanaNodeLatency"],
    ["solana.submit", {}, undefined],
    ["solana.simulate", { "rpc.method": "simulateTransaction" }, "solanaNodeLatency"],
    ["solana.sign", {}, undefined],
    ["solana.confirm", {}, undefined],
    ["jupiter.quote", {}, "jupiterApiLatency"],
    ["jupiter.swap", {}, "jupiterApiLatency"],
    ["db.write", {}, "databaseWriteLatency"],
    ["anything", {}, undefined],
  ])("%s %j counts in %s", (operation, attributes, key) => {
    const { tracker, instruments } = makeTracker();
    tracker.track(operation, () => {}, { ...attributes });
    const counted = (["solanaNodeLatency", "jupiterApiLatency", "databaseWriteLatency"] as const).filter(
      (each) => instruments[each].histogram.count > 0,
    );
    expect(counted).toEqual(key === undefined ? [] : [key]);
  });
});

describe("minutes", () => {
  test("a minute closes when the next one begins; minutes without calls are absent", () => {
    const { tracker, call } = makeTracker();
    call("rpc", 10);
    call("rpc", 30);
    clock.now = START + MINUTE;
    expect(tracker.current("rpc")).toEqual({
      operation: "rpc",
      minuteMs: START + MINUTE,
      count: 0,
      p50: undefined,
      p95: undefined,
      p99: undefined,
      p999: undefined,
    });
    clock.now = START + 3 * MINUTE + 59_999;
    call("rpc", 5);
    clock.now = START + 4 * MINUTE;
    expect(tracker.minutes("rpc").map(({ minuteMs, count, p50 }) => [minuteMs - START, count, p50])).toEqual([
      [0, 2, 0.01],
      [3 * MINUTE, 1, 0.005],
    ]);
  });

  test("only the last N minutes are kept, with or without calls", () => {
    const { tracker, call } = makeTracker({ minutes: 3 });
    for (let minute = 0; minute < 10; minute += 1) {
      clock.now = START + minute * MINUTE;
      call("rpc", 1);
    }
    expect(tracker.minutes("rpc").map(({ minuteMs }) => (minuteMs - START) / MINUTE)).toEqual([6, 7, 8]);
    clock.now = START + 100 * MINUTE;
    expect(tracker.minutes("rpc")).toEqual([]);
  });

  test("if the clock steps back, the minute that it had reached continues", () => {
    const { tracker, call } = makeTracker();
    clock.now = START + MINUTE;
    call("rpc", 1);
    clock.now = START;
    call("rpc", 1);
    expect(tracker.current("rpc")).toMatchObject({ minuteMs: START + MINUTE, count: 2 });
  });

  test("percentiles are within 0.5 % of the nearest rank", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (list) => {
          const { tracker } = makeTracker();
          for (const ms of list) tracker.record("rpc", ms / 1_000);
          const sorted = list.toSorted((a, b) => a - b);
          const snapshot = tracker.current("rpc");
          for (const [key, q] of [
            ["p50", 0.5],
            ["p95", 0.95],
            ["p99", 0.99],
            ["p999", 0.999],
          ] as const) {
            const exact = (sorted[Math.ceil(q * sorted.length) - 1] ?? 0) / 1_000;
            expect(Math.abs((snapshot?.[key] ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.005);
          }
        },
      ),
    );
  });
});

describe("operations", () => {
  test("beyond the limit, operations are counted together, exactly", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (calls) => {
        const { tracker } = makeTracker({ maxOperations: 5 });
        for (const operation of calls) tracker.record(`op${operation}`, 0.001);
        expect(tracker.operations().length).toBeLessThanOrEqual(6);
        const counts = tracker.operations().map((operation) => tracker.current(operation)?.count ?? 0);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(calls.length);
        const apart = [...new Set(calls)].slice(0, 5).map((operation) => `op${operation}`);
        for (const operation of apart) {
          expect(tracker.current(operation)?.count).toBe(
            calls.filter((each) => `op${each}` === operation).length,
          );
        }
      }),
    );
  });

  test("an operation that was never called is unknown", () => {
    const { tracker } = makeTracker();
    expect([tracker.current("rpc"), tracker.minutes("rpc"), tracker.operations()]).toEqual([
      undefined,
      [],
      [],
    ]);
  });

  test("invalid durations are ignored", () => {
    const { tracker } = makeTracker();
    for (const seconds of [Number.NaN, -1, Number.POSITIVE_INFINITY]) tracker.record("rpc", seconds);
    expect(tracker.operations()).toEqual([]);
  });
});
