import { trace } from "@opentelemetry/api";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sequence, start } from "../../testing/started.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const hour = 3_600_000;
/** Nothing is sent unless somebody asks. */
const still = { flushIntervalMs: 60_000, metricIntervalMs: hour } as const;

test("spans of ours and of other libraries share one numbering, in the order of ending", async () => {
  await using receiver = await Receiver.start();
  const telemetry = start(receiver, { ...still, global: true });
  const other = trace.getTracer("another library");
  for (let i = 0; i < 300; i += 1) {
    const [first, second] = [telemetry.tracer.startSpan(`ours ${i}`), other.startSpan(`theirs ${i}`)];
    if (i % 3 === 0) first.end();
    second.end();
    if (i % 3 !== 0) first.end();
    telemetry.latencyTracker.track(`tracked ${i}`, () => {});
  }
  await telemetry.flush();
  expect(receiver.seqs).toEqual(sequence(900));
  const order = [...receiver.spans]
    .map(({ name, attributes }) => ({ name, seq: Number(plain(attributes)["slipstream.seq"]) }))
    .sort((a, b) => a.seq - b.seq);
  expect(order.slice(0, 6).map(({ name }) => name)).toEqual([
    "ours 0",
    "theirs 0",
    "tracked 0",
    "theirs 1",
    "ours 1",
    "tracked 1",
  ]);
});

describe("what has ended is counted before anybody reads", () => {
  test("counters, histograms, minutes, operations and health", async () => {
    await using receiver = await Receiver.start();
    const { trades, latencyTracker, instruments, health } = start(receiver, still);
    for (let i = 1; i <= 5; i += 1) {
      await trades.execute({ id: `${i}`, priorityFeeLamports: 10 }, async () => {
        latencyTracker.track("solana.rpc", () => {});
      });
      expect(instruments.trades.success.value).toBe(i);
      expect(instruments.priorityFeesPaid.value).toBe(10 * i);
      expect(instruments.solanaNodeLatency.histogram.count).toBe(i);
      expect(latencyTracker.current("solana.rpc")?.count).toBe(i);
      expect(health().queuedSpans).toBe(2 * i);
      expect(health().queuedBytes).toBeGreaterThan(0);
    }
    latencyTracker.track("another", () => {});
    expect(latencyTracker.operations()).toEqual(["solana.rpc", "another"]);
  });

  test("metrics that are exported", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, still);
    await telemetry.trades.execute({}, async () => {});
    await telemetry.flush();
    const points = receiver.metric("trade_execution_latency_seconds")?.histogram?.dataPoints;
    expect(points?.map(({ count }) => count)).toEqual(["1"]);
  });

  test("after shutdown too", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, still);
    await telemetry.shutdown();
    telemetry.latencyTracker.track("solana.rpc", () => {});
    expect(telemetry.latencyTracker.current("solana.rpc")?.count).toBe(1);
    expect(telemetry.health().droppedSpans).toBe(1);
  });
});

describe("what waits is bounded", () => {
  test("spans: a batch is ready long before the flush interval", async () => {
    await using receiver = await Receiver.start();
    const { tracer } = start(receiver, still);
    for (let i = 0; i < 2_048; i += 1) tracer.startSpan("x").end();
    await vi.waitFor(() => expect(receiver.spans.length).toBe(2_048), { timeout: 20_000 });
  });

  test.each(["ours", "another library's"])("large spans of %s", async (whose) => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, { ...still, global: true });
    const tracer = whose === "ours" ? telemetry.tracer : trace.getTracer("other");
    // Each is larger than what may wait.
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`a${i}`, "x".repeat(16_384)]),
    );
    for (let i = 0; i < 3; i += 1) tracer.startSpan("large", { attributes }).end();
    await vi.waitFor(() => expect(receiver.spans.length).toBe(3), { timeout: 20_000 });
  });
});

describe("times", () => {
  const nowMs = Date.UTC(2027, 5, 1);
  const endOf = (receiver: Receiver, name: string): number =>
    Number(BigInt(receiver.spans.find((span) => span.name === name)?.endTimeUnixNano ?? 0) / 1_000_000n);

  test.each([
    ["the clock is set forward", 30_000],
    ["the clock is set back", -30_000],
    ["the machine sleeps", 8 * hour],
  ])("%s while spans wait: each has the time at which it ended", async (_, jumpMs) => {
    await using receiver = await Receiver.start();
    let wallMs = nowMs;
    const realMs = performance.now();
    vi.spyOn(Date, "now").mockImplementation(() => Math.floor(wallMs + performance.now() - realMs));
    const telemetry = start(receiver, still);
    telemetry.tracer.startSpan("before").end();
    const beforeMs = Date.now();
    wallMs += jumpMs;
    telemetry.tracer.startSpan("after").end();
    const afterMs = Date.now();
    await telemetry.flush();
    expect(Math.abs(endOf(receiver, "before") - beforeMs)).toBeLessThan(1_000);
    expect(Math.abs(endOf(receiver, "after") - afterMs)).toBeLessThan(1_000);
  });

  test("the machine sleeps, and no span ends until the flush", async () => {
    await using receiver = await Receiver.start();
    let wallMs = nowMs;
    vi.spyOn(Date, "now").mockImplementation(() => wallMs);
    const telemetry = start(receiver, still);
    telemetry.tracer.startSpan("before").end();
    wallMs += 8 * hour;
    await telemetry.flush();
    expect(Math.abs(endOf(receiver, "before") - nowMs)).toBeLessThan(1_000);
  });
});

describe("the SDK makes all spans", () => {
  test("with a sampler from the environment", async () => {
    await using receiver = await Receiver.start();
    vi.stubEnv("OTEL_TRACES_SAMPLER", "always_off");
    const telemetry = start(receiver, still);
    telemetry.tracer.startSpan("x").end();
    telemetry.latencyTracker.track("solana.rpc", () => {});
    await telemetry.trades.execute({}, async () => {});
    await telemetry.flush();
    expect(receiver.spans).toEqual([]);
    expect(telemetry.latencyTracker.current("solana.rpc")?.count).toBe(1);
    expect(telemetry.instruments.trades.success.value).toBe(1);
  });

  test("with limits from the environment", async () => {
    await using receiver = await Receiver.start();
    vi.stubEnv("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2");
    const telemetry = start(receiver, still);
    telemetry.latencyTracker.track("x", () => {}, { a: 1, b: 2, c: 3 });
    await telemetry.flush();
    expect(plain(receiver.spans[0]?.attributes ?? [])).toEqual({ a: "1", b: "2", "slipstream.seq": "1" });
  });
});

describe("a trade", () => {
  test("takes its details as they were given, and none after its end", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, still);
    const details = { id: "t1", pair: "SOL/USDC" };
    let later = (_: object): void => {};
    await telemetry.trades.execute(details, async ({ set }) => {
      details.id = "changed";
      class Fill {
        get slot(): number {
          return 285_000_037;
        }
        get pnlUsd(): number {
          throw new Error("not settled");
        }
      }
      set(new Fill());
      for (let i = 0; i < 100; i += 1) set({ pnlUsd: i });
      set({ pnlUsd: Number.NaN, pair: undefined });
      later = set;
    });
    later({ id: "too late" });
    await telemetry.flush();
    expect(plain(receiver.spans[0]?.attributes ?? [])).toEqual({
      "trade.id": "t1",
      "trade.pair": "SOL/USDC",
      "solana.slot": "285000037",
      "trade.pnl_usd": "99",
      "trade.status": "success",
      "slipstream.seq": "1",
    });
  });

  test("whose span the service ends itself is counted at its own end", async () => {
    await using receiver = await Receiver.start();
    const { trades, latencyTracker, instruments, flush } = start(receiver, still);
    await trades.execute({ id: "t1" }, async ({ span }) => {
      span.end();
      await latencyTracker.track("solana.rpc", async () => {
        trace.getActiveSpan()?.end();
      });
    });
    await flush();
    expect(instruments.trades.success.value).toBe(1);
    expect(latencyTracker.current("solana.rpc")?.count).toBe(1);
    expect(receiver.seqs).toEqual([1, 2]);
  });

  test("that failed without an error is an error span, and one that failed has its exception", async () => {
    await using receiver = await Receiver.start();
    const { trades, flush } = start(receiver, still);
    await trades.execute({}, async ({ set }) => set({ status: "failed" }));
    await trades.execute({}, () => Promise.reject(new RangeError("no"))).catch(() => {});
    await flush();
    expect(
      receiver.spans.map(({ status, events }) => [status?.code, status?.message, events?.length]),
    ).toEqual([
      [2, undefined, 0],
      [2, "no", 1],
    ]);
  });
});
