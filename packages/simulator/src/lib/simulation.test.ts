import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attribute, semconv, serviceMetrics, spanName } from "@slipstream/conventions";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { groupBy } from "../testing/group-by.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../testing/otlp-receiver.ts";
import { percentile } from "../testing/percentile.ts";
import { until } from "../testing/until.ts";
import { steadyWeather, type Weather } from "./market/weather.ts";
import type { SimulationOptions } from "./options.ts";
import { type Simulation, type Summary, startSimulation } from "./simulation.ts";
import type { TradeTruth } from "./truth/model.ts";

const directory = mkdtempSync(join(tmpdir(), "simulation-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Everything fast, so that the tests are. */
const fast = { latencyFactor: 0.2 };
const fastWeather: Weather = steadyWeather({ node: fast, jupiter: fast, store: fast });
const quick: SimulationOptions = { rate: 60, weather: fastWeather, blockhashSlots: 6, maxInFlight: 1000 };

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
});
afterEach(() => receiver.close());

function readTruth(file: string): { trades: TradeTruth[]; totals: Summary } {
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const totals = lines.pop();
  expect(totals.type).toBe("totals");
  expect(lines.every(({ type }) => type === "trade")).toBe(true);
  return { trades: lines, totals };
}

/** Starts a simulation, and stops it after so many trades. */
async function runTrades(count: number, options: SimulationOptions): Promise<Summary> {
  const simulation = await startSimulation({ endpoint: receiver.url, ...options });
  await until(() => simulation.summary().trades >= count, `${count} trades`);
  return simulation.stop();
}

function byTrade(
  spans: readonly ReceivedSpan[],
): Map<string, { root: ReceivedSpan; children: ReceivedSpan[] }> {
  const traces = groupBy(spans, ({ traceId }) => traceId);
  return new Map(
    [...traces.values()].map((trace) => {
      const [root, ...more] = trace.filter(({ parentId }) => parentId === "");
      if (root === undefined || more.length > 0) throw new Error("a trace without its one root");
      const children = trace.filter((span) => span !== root);
      return [String(root.attributes[attribute.tradeId]), { root, children }];
    }),
  );
}

describe("a run against a receiver", () => {
  const file = join(directory, "truth.ndjson");
  let summary: Summary;
  let trades: TradeTruth[];
  let totals: Summary;
  let spans: readonly ReceivedSpan[];
  let points: OtlpReceiver["points"];

  beforeAll(async () => {
    const own = await startOtlpReceiver();
    const troubled = steadyWeather({
      node: { ...fast, failureRate: 0.05 },
      jupiter: { ...fast, failureRate: 0.05 },
      store: { ...fast, failureRate: 0.05 },
    });
    const simulation = await startSimulation({
      ...quick,
      endpoint: own.url,
      weather: troubled,
      groundTruthFile: file,
    });
    await until(() => simulation.summary().trades >= 150, "150 trades");
    summary = await simulation.stop();
    ({ trades, totals } = readTruth(file));
    ({ spans, points } = own);
    await own.close();
  });

  test("loses nothing at a clean stop", () => {
    expect(summary.inFlight).toBe(0);
    expect(trades.length).toBe(summary.trades);
    expect(totals).toEqual({ type: "totals", ...summary });
    const calls = trades.reduce((sum, trade) => sum + trade.calls.length, 0);
    expect(spans.length).toBe(trades.length + calls);
    expect(summary.telemetry).toMatchObject({
      exportedSpans: spans.length,
      queuedSpans: 0,
      droppedSpans: 0,
      rejectedSpans: 0,
    });
    const numbers = spans.map(({ attributes }) => Number(attributes[attribute.slipstreamSeq]));
    expect(numbers.sort((a, b) => a - b)).toEqual(spans.map((_, index) => index + 1));
  });

  test("each trade's span says what happened", () => {
    const traces = byTrade(spans);
    expect(traces.size).toBe(trades.length);
    for (const trade of trades) {
      const { root } = traces.get(trade.id) ?? {};
      if (root === undefined) throw new Error(`no span of ${trade.id}`);
      // OpenTelemetry for JavaScript sends a whole number as an integer, also where others are doubles.
      const number = (value: unknown): number | null => (value === undefined ? null : Number(value));
      const big = (value: number | null): bigint | undefined => (value === null ? undefined : BigInt(value));
      const { attributes } = root;
      expect(root.name).toBe(spanName.tradeExecute);
      expect(root.failed).toBe(trade.status === "failed");
      expect({
        pair: attributes[attribute.tradePair],
        side: attributes[attribute.tradeSide],
        status: attributes[attribute.tradeStatus],
        sizeUsd: number(attributes[attribute.tradeSizeUsd]),
        pnlUsd: number(attributes[attribute.tradePnlUsd]),
        solUsd: attributes[attribute.tradeSolUsd],
        strategy: attributes[attribute.tradeStrategy],
        amountIn: attributes[attribute.tradeAmountIn],
        quotedOut: attributes[attribute.tradeQuotedOut] ?? null,
        minOut: attributes[attribute.tradeMinOut] ?? null,
        actualOut: attributes[attribute.tradeActualOut] ?? null,
        signature: attributes[attribute.solanaSignature] ?? null,
        protection: attributes[attribute.mevProtection],
        jitoBundleId: attributes[attribute.jitoBundleId] ?? null,
        confirmMs: attributes[attribute.tradeConfirmMs] ?? null,
        latencyMs: attributes[attribute.tradeLatencyMs] ?? trade.latencyMs,
      }).toEqual({
        pair: trade.pair,
        side: trade.side,
        status: trade.status,
        sizeUsd: trade.sizeUsd,
        pnlUsd: trade.pnlUsd,
        solUsd: trade.solUsd,
        strategy: trade.strategy,
        amountIn: trade.amountIn,
        quotedOut: trade.quotedOut,
        minOut: trade.minOut,
        actualOut: trade.actualOut,
        signature: trade.signature,
        protection: trade.protection,
        jitoBundleId: trade.jitoBundleId,
        confirmMs: trade.confirmMs,
        latencyMs: trade.latencyMs,
      });
      expect(attributes[attribute.solanaSlot]).toBe(big(trade.slot));
      expect(attributes[attribute.solanaPriorityFeeLamports]).toBe(big(trade.priorityFeeLamports));
      expect(attributes[attribute.solanaBaseFeeLamports]).toBe(big(trade.baseFeeLamports));
      expect(attributes[attribute.solanaComputeUnitLimit]).toBe(big(trade.computeUnitLimit));
      expect(attributes[attribute.jitoTipLamports]).toBe(big(trade.jitoTipLamports));
      // A latency of its own only where the network accepted the transaction; else the span's duration is it.
      expect(attributes[attribute.tradeLatencyMs] !== undefined).toBe(trade.accepted);
      if (!trade.accepted) expect(trade.latencyMs).toBeCloseTo(root.durationMs, 3);
      expect(trade.durationMs).toBeCloseTo(root.durationMs, 3);
      expect(trade.endedAtMs).toBeCloseTo(root.endMs, 0);
    }
  });

  test("money adds up, to the micro-dollar and the lamport", () => {
    const micro = (list: readonly (number | null)[]): bigint =>
      list.reduce((sum, usd) => sum + BigInt(Math.round((usd ?? 0) * 1e6)), 0n);
    expect(Number(micro(trades.map(({ pnlUsd }) => pnlUsd))) / 1e6).toBe(summary.pnlUsd);
    for (const { pnlUsd } of trades) expect(Number((pnlUsd ?? 0).toFixed(6))).toBe(pnlUsd ?? 0);
    const fees = spans.map(({ attributes }) => Number(attributes[attribute.solanaPriorityFeeLamports] ?? 0));
    expect(fees.reduce((sum, fee) => sum + fee, 0)).toBe(summary.priorityFeesLamports);
    expect(points.get(serviceMetrics.priorityFeesPaid.name)).toBe(summary.priorityFeesLamports);
    expect(points.get(`${serviceMetrics.trades.name}{status=success}`)).toBe(summary.success);
    expect(points.get(`${serviceMetrics.trades.name}{status=failed}`) ?? 0).toBe(summary.failed);
    for (const trade of trades.filter(({ actualOut }) => actualOut !== null)) {
      expect(BigInt(trade.actualOut ?? 0) >= BigInt(trade.minOut ?? 0)).toBe(true);
    }
  });

  test("each call is a span of its trade, as long as it says", () => {
    const traces = byTrade(spans);
    for (const trade of trades) {
      const { children = [] } = traces.get(trade.id) ?? {};
      const seen = children.map((span) => ({
        operation: span.name,
        method: span.attributes[semconv.rpcMethod] ?? null,
        failed: span.failed,
        durationMs: Math.round(span.durationMs * 1e3) / 1e3,
      }));
      const told = trade.calls.map((call) => ({
        ...call,
        durationMs: Math.round(call.durationMs * 1e3) / 1e3,
      }));
      const order = (a: (typeof told)[number], b: (typeof told)[number]): number =>
        a.durationMs - b.durationMs;
      expect(seen.sort(order as never)).toEqual(told.sort(order));
    }
  });

  test("percentiles are the same within 0.5 %", () => {
    const calls = trades.flatMap((trade) => trade.calls);
    const groups = groupBy(calls, ({ operation }) => operation);
    expect([...groups.keys()].sort()).toEqual(
      Object.values(spanName)
        .filter((name) => name !== spanName.tradeExecute)
        .sort(),
    );
    for (const [operation, list] of groups) {
      const measured = spans.filter(({ name }) => name === operation).map(({ durationMs }) => durationMs);
      for (const q of [0.5, 0.95, 0.99]) {
        const truth = percentile(
          list.map(({ durationMs }) => durationMs),
          q,
        );
        expect(Math.abs(percentile(measured, q) / truth - 1)).toBeLessThan(0.005);
      }
    }
  });

  test("latency, confirmation and span follow each other", () => {
    for (const trade of trades.filter(({ confirmMs }) => confirmMs !== null)) {
      expect(trade.latencyMs).toBeLessThan(trade.confirmMs ?? 0);
      expect(trade.confirmMs).toBeLessThan(trade.durationMs);
      // A slot alone takes 400 ms.
      expect(trade.confirmMs).toBeGreaterThan(400);
    }
  });
});

test("the seed settles what is decided, whatever the network does", async () => {
  const decided = async (weather: Weather): Promise<Map<string, string>> => {
    const seen = new Map<string, string>();
    await runTrades(30, {
      ...quick,
      seed: 9,
      weather,
      onTrade: ({ id, pair, side, sizeUsd, strategy, protection }) => {
        seen.set(
          id.slice(id.lastIndexOf("-") + 1),
          JSON.stringify({ pair, side, sizeUsd, strategy, protection }),
        );
      },
    });
    return seen;
  };
  const [one, other] = await Promise.all([
    decided(fastWeather),
    decided(steadyWeather({ node: { latencyFactor: 2, failureRate: 0.1 } })),
  ]);
  const both = [...one.keys()].filter((index) => other.has(index));
  expect(both.length).toBeGreaterThan(15);
  for (const index of both) expect(other.get(index)).toBe(one.get(index));
});

test("the breaker opens when the node fails, probes, and closes when it is well again", async () => {
  let failing = true;
  const weather: Weather = {
    at: (part) => ({ ...fast, failureRate: failing && part === "node" ? 1 : 0 }),
  };
  const simulation = await startSimulation({
    ...quick,
    endpoint: receiver.url,
    weather,
    breaker: { failures: 3, openMs: 1200, probes: 2 },
  });
  await until(() => simulation.summary().breakerState === "open", "open");
  const state = serviceMetrics.circuitBreakerState.name;
  await until(() => receiver.history(state).includes(1), "the gauge says open");
  failing = false;
  await until(() => simulation.summary().breakerState === "closed", "closed again");
  const { breaker, heldBack, failures } = await simulation.stop();
  const states = breaker.map((change) => change.state);
  expect(states[0]).toBe("open");
  expect(states.slice(-2)).toEqual(["half_open", "closed"]);
  expect(heldBack.breaker).toBeGreaterThan(0);
  expect(failures.node_unavailable).toBeGreaterThanOrEqual(3);
  expect(receiver.points.get(state)).toBe(0);
});

test("the limit of trades in flight holds decisions back, and they are counted", async () => {
  let most = 0;
  const simulation = await startSimulation({ ...quick, endpoint: receiver.url, maxInFlight: 4 });
  await until(() => {
    const { inFlight, trades, heldBack } = simulation.summary();
    most = Math.max(most, inFlight);
    return trades >= 8 && heldBack.limit > 0;
  }, "decisions held back");
  await simulation.stop();
  expect(most).toBeLessThanOrEqual(4);
});

test("a stop without patience ends the trades in flight as stopped, and still tells of each", async () => {
  const trades: TradeTruth[] = [];
  const simulation = await startSimulation({
    ...quick,
    endpoint: receiver.url,
    stopDeadlineMs: 0,
    onTrade: (trade) => void trades.push(trade),
  });
  await until(() => {
    const { inFlight, trades: ended } = simulation.summary();
    return ended >= 10 && inFlight >= 10;
  }, "trades in flight");
  const [first, second] = await Promise.all([simulation.stop(), simulation.stop()]);
  expect(second).toBe(first);
  expect(first.failures.stopped).toBeGreaterThan(0);
  const traces = byTrade(receiver.spans);
  expect(traces.size).toBe(trades.length);
  for (const { id, status, failure } of trades) {
    expect(traces.get(id)?.root.attributes[attribute.tradeStatus]).toBe(status);
    expect(failure === null).toBe(status === "success");
  }
});

test("ends by itself after its duration", async () => {
  const simulation = await startSimulation({ ...quick, endpoint: receiver.url, durationSeconds: 0.5 });
  const { trades, inFlight, seconds } = await simulation.done;
  expect(trades).toBeGreaterThan(0);
  expect(inFlight).toBe(0);
  expect(seconds).toBeGreaterThanOrEqual(0.5);
});

describe("an endpoint that is away", () => {
  /** Takes connections and never answers. */
  let hole: Server;
  beforeAll(async () => {
    hole = createServer();
    await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => hole.close());

  test("changes neither the number of trades nor their latency", async () => {
    const gone = await startOtlpReceiver();
    await gone.close();
    const endpoints = [receiver.url, gone.url, `http://127.0.0.1:${(hole.address() as AddressInfo).port}`];
    const errors: string[] = [];
    const simulations: Simulation[] = [];
    const latencies: number[][] = [];
    for (const endpoint of endpoints) {
      const own: number[] = [];
      latencies.push(own);
      simulations.push(
        await startSimulation({
          ...quick,
          rate: 20,
          seed: 11,
          endpoint,
          durationSeconds: 2.5,
          onTrade: ({ latencyMs }) => void own.push(latencyMs),
          onError: (message) => void errors.push(message),
        }),
      );
    }
    const [healthy, refused, silent] = await Promise.all(simulations.map(({ done }) => done));
    if (healthy === undefined || refused === undefined || silent === undefined) throw new Error("three runs");
    expect(healthy.trades).toBeGreaterThan(20);
    // The last decision may fall on either side of the end.
    expect(Math.abs(refused.trades - healthy.trades)).toBeLessThanOrEqual(3);
    expect(Math.abs(silent.trades - healthy.trades)).toBeLessThanOrEqual(3);
    const [usual = 0, ...others] = latencies.map((list) => percentile(list, 0.5));
    for (const median of others) expect(median / usual).toBeLessThan(1.5);
    expect(refused.telemetry.droppedSpans).toBeGreaterThan(0);
    expect(refused.telemetry.lastError).toBeDefined();
    expect(errors.length).toBeGreaterThan(0);
  });
});

describe("options", () => {
  test.each([
    [{ rate: 0 }, "rate"],
    [{ rate: "fast" }, "rate"],
    [{ seed: 1.5 }, "seed"],
    [{ endpoint: "localhost" }, "endpoint"],
    [{ durationSeconds: -1 }, "durationSeconds"],
    [{ maxInFlight: 0 }, "maxInFlight"],
    [{ weather: {} }, "weather"],
    [{ breaker: { failures: 0, openMs: 1, probes: 1 } }, "breaker.failures"],
    [{ speed: 4 }, "speed"],
  ])("%j is refused by name", async (options, field) => {
    await expect(startSimulation(options as SimulationOptions)).rejects.toMatchObject({
      code: "SIMULATION_OPTION",
      field,
      message: expect.stringContaining(field),
    });
  });

  test("a ground truth that can't be written is refused before anything starts", async () => {
    await expect(startSimulation({ groundTruthFile: directory })).rejects.toMatchObject({ code: "EISDIR" });
  });
});
