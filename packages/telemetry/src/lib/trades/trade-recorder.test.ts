import { SpanStatusCode, trace } from "@opentelemetry/api";
import { attribute } from "@slipstream/conventions";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { recordingTracer, secondsOf } from "../../testing/recording.ts";
import { InstrumentSet } from "../instruments/instrument-set.ts";
import type { TradeDetails } from "./trade-details.ts";
import { type Trade, TradeRecorder } from "./trade-recorder.ts";

const { tracer, spans } = recordingTracer();
beforeEach(() => {
  spans.length = 0;
});

function makeRecorder() {
  const { handles: instruments } = new InstrumentSet();
  let monotonic = 0;
  const recorder = new TradeRecorder({ tracer, instruments, monotonicNow: () => monotonic });
  return {
    recorder,
    instruments,
    pass: (ms: number) => {
      monotonic += ms;
    },
    counts: () => ({
      success: instruments.trades.success.value,
      failed: instruments.trades.failed.value,
      latencies: instruments.tradeExecutionLatency.histogram.count,
      slippages: instruments.slippageError.histogram.count,
      fees: instruments.priorityFeesPaid.value,
    }),
  };
}

const full: Required<TradeDetails> = {
  id: "t1",
  pair: "SOL/USDC",
  side: "buy",
  sizeUsd: 1_234.5,
  status: "success",
  failureReason: "slippage",
  pnlUsd: -2.5,
  quotedOut: 123_456_789_012_345_678_901n,
  actualOut: 123_333_332_223_333_333_222n,
  minOut: "1",
  amountIn: "12345678901234567890123",
  tokenIn: "So11111111111111111111111111111111111111112",
  tokenOut: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
  pool: "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2",
  signer: "7YttLkHDoNj9wyDur5pM1ejNaAvT9X4eqaYcHQqtj2G5",
  signature: "5".repeat(88),
  slot: 285_000_037,
  priorityFeeLamports: 12_345n,
  baseFeeLamports: 5_000,
  computeUnitLimit: 200_000,
  computeUnitPrice: 61_725,
  jitoTipLamports: 1_000,
  jitoBundleId: "b1",
  protection: "jito",
  latencyMs: 42.5,
  confirmMs: 800,
  solUsd: 150.25,
  strategy: "momentum",
  slippageToleranceBps: 50,
  source: "live",
};
const fullAttributes = {
  "trade.id": "t1",
  "trade.pair": "SOL/USDC",
  "trade.side": "buy",
  "trade.size_usd": 1_234.5,
  "trade.status": "success",
  "trade.failure_reason": "slippage",
  "trade.pnl_usd": -2.5,
  "trade.amount_in": "12345678901234567890123",
  "trade.token_in": "So11111111111111111111111111111111111111112",
  "trade.token_out": "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
  "trade.pool": "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2",
  "solana.signer": "7YttLkHDoNj9wyDur5pM1ejNaAvT9X4eqaYcHQqtj2G5",
  "trade.quoted_out": "123456789012345678901",
  "trade.actual_out": "123333332223333333222",
  "trade.min_out": "1",
  "trade.latency_ms": 42.5,
  "trade.confirm_ms": 800,
  "trade.sol_usd": 150.25,
  "trade.strategy": "momentum",
  "trade.slippage_tolerance_bps": 50,
  "trade.source": "live",
  "solana.signature": "5".repeat(88),
  "solana.slot": 285_000_037,
  "solana.priority_fee_lamports": 12_345,
  "solana.base_fee_lamports": 5_000,
  "solana.compute_unit_limit": 200_000,
  "solana.compute_unit_price": 61_725,
  "jito.tip_lamports": 1_000,
  "jito.bundle_id": "b1",
  "mev.protection": "jito",
};

test("every attribute of a trade can be given", () => {
  const ofTheExporter = ["slipstream.seq", "slipstream.canary"];
  const names = Object.values(attribute).filter((name) => !ofTheExporter.includes(name));
  expect(Object.keys(fullAttributes).toSorted()).toEqual(names.toSorted());
});

describe("execute", () => {
  test("writes the span defined in the contract, active inside, and counts", async () => {
    const { recorder, instruments, counts, pass } = makeRecorder();
    const answer = {};
    const got = await recorder.execute({ id: "t1", sizeUsd: 1 }, async (running) => {
      expect(trace.getActiveSpan()).toBe(running.span);
      await Promise.resolve();
      tracer.startSpan("child").end();
      running.set(full);
      pass(99);
      return answer;
    });
    expect(got).toBe(answer);
    const [child, root] = spans;
    expect(root?.name).toBe("trade.execute");
    expect(root?.attributes).toEqual(fullAttributes);
    expect(root?.status.code).toBe(SpanStatusCode.UNSET);
    expect(child?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
    expect(counts()).toEqual({ success: 1, failed: 0, latencies: 1, slippages: 1, fees: 12_345 });
    expect(instruments.tradeExecutionLatency.histogram.sum).toBeCloseTo(0.0425, 12);
    expect(instruments.slippageError.histogram.sum).toBeCloseTo(0.001, 6);
  });

  test("without a latency of its own, the call's duration is used", async () => {
    const { recorder, instruments, pass } = makeRecorder();
    await recorder.execute({}, async () => pass(250));
    expect(instruments.tradeExecutionLatency.histogram.sum).toBe(0.25);
    expect(spans[0]?.attributes).toEqual({ "trade.status": "success" });
  });

  test("an error marks it failed, whatever was set before, and passes through", async () => {
    const { recorder, counts } = makeRecorder();
    const error = new Error("blockhash expired");
    await expect(
      recorder.execute({ status: "success", quotedOut: 10n, actualOut: 9n, priorityFeeLamports: 7 }, () =>
        Promise.reject(error),
      ),
    ).rejects.toBe(error);
    expect(spans[0]?.attributes["trade.status"]).toBe("failed");
    expect(spans[0]?.status).toEqual({ code: SpanStatusCode.ERROR, message: "blockhash expired" });
    // A failed transaction pays its fee and has no slippage.
    expect(counts()).toEqual({ success: 0, failed: 1, latencies: 1, slippages: 0, fees: 7 });
  });

  test("a trade that the network refused without an error", async () => {
    const { recorder, counts } = makeRecorder();
    expect(
      await recorder.execute({}, async (running) => {
        running.set({ status: "failed" });
        return 1;
      }),
    ).toBe(1);
    expect(spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
    expect(counts()).toMatchObject({ success: 0, failed: 1 });
  });

  test("an error thrown synchronously", () => {
    const { recorder, counts } = makeRecorder();
    const error = new Error("now");
    expect(() =>
      recorder.execute({}, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(counts().failed).toBe(1);
  });
});

describe("record", () => {
  test("after the fact, at its own time", () => {
    const { recorder, instruments } = makeRecorder();
    const endMs = Date.UTC(2026, 0, 1) + 0.25;
    recorder.record({ ...full, latencyMs: undefined, startMs: endMs - 300, endMs });
    const [span] = spans;
    expect(secondsOf(span?.endTime ?? [0, 0])).toBeCloseTo(endMs / 1_000, 6);
    expect(secondsOf(span?.duration ?? [0, 0])).toBeCloseTo(0.3, 6);
    expect(span?.parentSpanContext).toBeUndefined();
    expect(instruments.tradeExecutionLatency.histogram.sum).toBeCloseTo(0.3, 9);
  });

  test("a trade from a recorded block counts in no latency", () => {
    const { recorder, counts } = makeRecorder();
    recorder.record({ ...full, source: "block", startMs: 1_000, endMs: 2_000 });
    expect(counts()).toEqual({ success: 1, failed: 0, latencies: 0, slippages: 1, fees: 12_345 });
  });

  test.each([
    [Number.NaN, Number.NaN],
    [5_000, 1_000],
    [undefined, undefined],
  ])("invalid times (%s to %s): counted, without a latency", (startMs, endMs) => {
    const { recorder, counts } = makeRecorder();
    recorder.record({ startMs: startMs as number, endMs: endMs as number });
    expect(counts()).toMatchObject({ success: 1, latencies: 0 });
    expect(spans).toHaveLength(1);
  });
});

test.each([
  ["success", "success"],
  ["failed", "failed"],
  [" Reverted", "failed"],
  ["Success", "Success"],
  ["pending", "pending"],
  [false, "false"],
])("a status %j is written as %s, and counts as success only if it is", async (given, written) => {
  const { recorder, counts } = makeRecorder();
  const status = given as "success";
  recorder.record({ status, startMs: 1, endMs: 2, quotedOut: "10", actualOut: "9" });
  await recorder.execute({ status }, async () => 1);
  expect(spans.map(({ attributes }) => attributes["trade.status"])).toEqual([written, written]);
  expect(counts()).toMatchObject({
    success: written === "success" ? 2 : 0,
    failed: written === "failed" ? 2 : 0,
    slippages: written === "success" ? 1 : 0,
    latencies: 2,
  });
});

describe("invalid details are left out, and never throw", () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: true }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, "", "x".repeat(10_000)),
  );

  test("whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...Object.keys(full)), anything), async (details) => {
        const { recorder, counts } = makeRecorder();
        spans.length = 0;
        recorder.record({ ...details, startMs: 1, endMs: 2 });
        await recorder.execute(details as TradeDetails, async (running) =>
          running.set(details as TradeDetails),
        );
        const statuses = spans.map(({ attributes }) => attributes["trade.status"]);
        const known = statuses.filter((status) => status === "success" || status === "failed");
        expect(counts().success + counts().failed).toBe(known.length);
        if (details.status === undefined) expect(known).toHaveLength(2);
        for (const { attributes } of spans) {
          for (const value of Object.values(attributes)) {
            expect(["string", "number"]).toContain(typeof value);
            if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
            else expect(String(value).length).toBeLessThanOrEqual(128);
          }
        }
      }),
    );
  });

  test("no details at all, and details that throw when they are read", async () => {
    const { recorder } = makeRecorder();
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("hands off");
        },
      },
    ) as Parameters<TradeRecorder["record"]>[0];
    recorder.record(undefined as unknown as Parameters<TradeRecorder["record"]>[0]);
    recorder.record(hostile);
    await recorder.execute(null as unknown as TradeDetails, async (running: Trade) => running.set(hostile));
    expect(spans).toHaveLength(3);
  });

  test("an invalid value does not replace a valid one", async () => {
    const { recorder } = makeRecorder();
    await recorder.execute({ sizeUsd: 5 }, async (running) => running.set({ sizeUsd: Number.NaN }));
    expect(spans[0]?.attributes["trade.size_usd"]).toBe(5);
  });

  test("a signed transaction passed as a signature, and unknown fields", async () => {
    const { recorder } = makeRecorder();
    const details = { signature: "A".repeat(400), privateKey: "k", signedTransaction: "t" };
    await recorder.execute(details, async () => {});
    expect(Object.keys(spans[0]?.attributes ?? {})).toEqual(["trade.status"]);
  });
});
