import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attribute, semconv, serviceMetrics, spanName } from "@slipstream/conventions";
import { eventually } from "@slipstream/testing/eventually";
import { sharedFolder } from "@slipstream/testing/folders";
import { groupBy } from "@slipstream/testing/group-by";
import { beforeAll, describe, expect, test } from "vitest";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../testing/otlp-receiver.ts";
import { percentile } from "../testing/percentile.ts";
import { fast, quick } from "../testing/quick.ts";
import { byTrade } from "../testing/traces.ts";
import { steadyWeather } from "./market/weather.ts";
import { type Summary, startSimulation } from "./simulation.ts";
import type { TradeTruth, VerdictTruth } from "./truth/model.ts";

const directory = sharedFolder();

function readTruth(file: string): { trades: TradeTruth[]; verdicts: VerdictTruth[]; totals: Summary } {
  const lines = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const totals = lines.pop();
  expect(totals.type).toBe("totals");
  const trades = lines.filter(({ type }) => type === "trade");
  const verdicts = lines.filter(({ type }) => type === "verdict");
  expect(trades.length + verdicts.length).toBe(lines.length);
  return { trades, verdicts, totals };
}

describe("a run against a receiver", () => {
  const file = join(directory, "truth.ndjson");
  let summary: Summary;
  let trades: TradeTruth[];
  let verdicts: VerdictTruth[];
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
    await eventually("150 trades", () => simulation.summary().trades >= 150, 60_000);
    summary = await simulation.stop();
    ({ trades, verdicts, totals } = readTruth(file));
    ({ spans, points } = own);
    await own.close();
  });

  test("loses nothing at a clean stop", () => {
    expect(summary.inFlight).toBe(0);
    expect(trades.length).toBe(summary.trades);
    expect(totals).toEqual({ type: "totals", ...summary });
    const calls = trades.reduce((sum, trade) => sum + trade.calls.length, 0);
    expect(spans.length).toBe(trades.length + calls);
    expect(summary.spans).toBe(spans.length);
    for (const [pair, sides] of Object.entries(summary.pairs)) {
      for (const side of ["buy", "sell"] as const) {
        const made = trades.filter((trade) => trade.pair === pair && trade.side === side);
        const success = made.filter(({ status }) => status === "success").length;
        expect(sides[side]).toEqual({ success, failed: made.length - success });
      }
    }
    expect(summary.telemetry).toMatchObject({
      exportedSpans: spans.length,
      queuedSpans: 0,
      droppedSpans: 0,
      rejectedSpans: 0,
    });
    const numbers = spans.map(({ attributes }) => Number(attributes[attribute.slipstreamSeq]));
    expect(numbers.sort((a, b) => a - b)).toEqual(spans.map((_, index) => index + 1));
  });

  test("reports what attackers did to each trade that landed", () => {
    const landed = trades.filter(({ slot }) => slot !== null);
    const byId = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    expect(byId.size).toBe(verdicts.length);
    for (const { id, signature, slot, sizeUsd } of landed) {
      const verdict = byId.get(id);
      expect(verdict).toMatchObject({ signature, slot });
      if (verdict?.verdict === "impacted")
        expect(verdict.lossUsd).toBeCloseTo(verdict.lossRatio * sizeUsd, 9);
      else expect(verdict?.lossUsd).toBe(0);
    }
    const { impacted, avoided, clean } = summary.mev;
    expect(impacted + avoided + clean).toBe(verdicts.length);
  });

  test("each trade's span describes what happened", () => {
    const traces = byTrade(spans);
    expect(traces.size).toBe(trades.length);
    for (const trade of trades) {
      const { root } = traces.get(trade.id) ?? {};
      if (root === undefined) throw new Error(`no span for ${trade.id}`);
      // OpenTelemetry for JavaScript sends integers as integers, even if other values are doubles.
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
      // The latency attribute exists only if the network accepted the transaction. Otherwise the span's
      // duration is used.
      expect(attributes[attribute.tradeLatencyMs] !== undefined).toBe(trade.accepted);
      if (!trade.accepted) expect(trade.latencyMs).toBeCloseTo(root.durationMs, 3);
      expect(trade.durationMs).toBeCloseTo(root.durationMs, 3);
      // How the two clocks stand to each other is known to within a millisecond.
      expect(Math.abs(trade.endedAtMs - root.endMs)).toBeLessThan(1.5);
    }
  });

  test("the spans of its steps say what each of them did", () => {
    const traces = byTrade(spans);
    const fee = (lamports: number | null): bigint | undefined =>
      lamports === null ? undefined : BigInt(lamports);
    for (const trade of trades.filter(
      ({ slot, calls }) => slot !== null && calls.every((one) => !one.failed),
    )) {
      const { children = [] } = traces.get(trade.id) ?? {};
      const of = (name: string, method?: string): ReceivedSpan["attributes"] | undefined =>
        children.find((span) => span.name === name && span.attributes[semconv.rpcMethod] === method)
          ?.attributes;
      const { signature, quotedOut, minOut } = trade;
      expect(of(spanName.jupiterQuote)).toMatchObject({
        [attribute.tradePair]: trade.pair,
        [attribute.tradeQuotedOut]: quotedOut,
        [attribute.tradeMinOut]: minOut,
      });
      expect(of(spanName.solanaSign)?.[attribute.solanaSignature]).toBe(signature);
      expect(of(spanName.solanaSubmit)).toMatchObject({
        [attribute.solanaSignature]: signature,
        [attribute.mevProtection]: trade.protection,
      });
      expect(of(spanName.solanaSubmit)?.[attribute.jitoBundleId] ?? null).toBe(trade.jitoBundleId);
      expect(of(spanName.solanaConfirm)).toMatchObject({
        [attribute.solanaSignature]: signature,
        [attribute.solanaSlot]: BigInt(trade.slot ?? 0),
      });
      const paid = of(spanName.solanaRpc, "getTransaction")?.[attribute.solanaPriorityFeeLamports];
      expect(paid).toBe(fee(trade.priorityFeeLamports));
    }
  });

  test("a failed trade says why, in the words that are counted", () => {
    const traces = byTrade(spans);
    const words: Readonly<Record<string, readonly string[]>> = {
      slippage: ["slippage"],
      blockhash_expired: ["expired"],
      refused: ["simulation", "rejected"],
    };
    for (const { id, failure } of trades) {
      const reason = traces.get(id)?.root?.attributes[attribute.tradeFailureReason];
      if (failure === null) expect(reason).toBeUndefined();
      else expect(words[failure] ?? ["other"]).toContain(reason);
    }
    expect(summary.failed).toBeGreaterThan(0);
  });

  test("what the desk says of itself and of its store is among the metrics", () => {
    const { circuitBreakerState, openPositions, activeConnections, dependencyUp } = serviceMetrics;
    expect(points.has(circuitBreakerState.name)).toBe(true);
    expect(points.has(openPositions.name)).toBe(true);
    expect(points.has(`${activeConnections.name}{type=questdb}`)).toBe(true);
    expect(points.has(`${dependencyUp.name}{type=questdb}`)).toBe(true);
  });

  test("money adds up, to the micro-dollar and the lamport", () => {
    const micro = (list: readonly (number | null)[]): bigint =>
      list.reduce((sum, usd) => sum + BigInt(Math.round((usd ?? 0) * 1e6)), 0n);
    expect(Number(micro(trades.map(({ pnlUsd }) => pnlUsd))) / 1e6).toBe(summary.pnlUsd);
    for (const { pnlUsd } of trades) expect(Number((pnlUsd ?? 0).toFixed(6))).toBe(pnlUsd ?? 0);
    const roots = spans.filter(({ name }) => name === spanName.tradeExecute);
    const fees = roots.map(({ attributes }) => Number(attributes[attribute.solanaPriorityFeeLamports] ?? 0));
    expect(fees.reduce((sum, fee) => sum + fee, 0)).toBe(summary.priorityFeesLamports);
    expect(points.get(serviceMetrics.priorityFeesPaid.name)).toBe(summary.priorityFeesLamports);
    expect(points.get(`${serviceMetrics.trades.name}{status=success}`)).toBe(summary.success);
    expect(points.get(`${serviceMetrics.trades.name}{status=failed}`) ?? 0).toBe(summary.failed);
    for (const trade of trades.filter(({ actualOut }) => actualOut !== null)) {
      expect(BigInt(trade.actualOut ?? 0) >= BigInt(trade.minOut ?? 0)).toBe(true);
    }
  });

  test("each call is a span of its trade, with the same duration", () => {
    const traces = byTrade(spans);
    for (const trade of trades) {
      const { children = [] } = traces.get(trade.id) ?? {};
      const seen = children.map((span) => ({
        operation: span.name,
        method: span.attributes[semconv.rpcMethod] ?? null,
        store: span.attributes[semconv.dbSystem] ?? null,
        failed: span.failed,
        durationMs: span.durationMs,
      }));
      const order = (a: { durationMs: number }, b: { durationMs: number }): number =>
        a.durationMs - b.durationMs;
      const told = trade.calls.toSorted(order);
      expect(seen.sort(order)).toEqual(
        told.map((call) => ({ ...call, durationMs: expect.closeTo(call.durationMs, 3) })),
      );
    }
  });

  test("percentiles agree within 0.5 %", () => {
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

  test("latency, confirmation and span are in ascending order", () => {
    for (const trade of trades.filter(({ confirmMs }) => confirmMs !== null)) {
      expect(trade.latencyMs).toBeLessThan(trade.confirmMs ?? 0);
      expect(trade.confirmMs).toBeLessThan(trade.durationMs);
      // A slot alone takes 400 ms.
      expect(trade.confirmMs).toBeGreaterThan(400);
    }
  });
});
