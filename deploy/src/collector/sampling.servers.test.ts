import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { describe, expect, it } from "vitest";
import { type Collector, startedCollector } from "../testing/collector.ts";
import { type SpanToSend, sendSpans, spanId, traceId } from "../testing/sending.ts";
import { type Store, startedStore } from "../testing/store.ts";

const MIB = 1_048_576;
const ARRIVE_MS = 60_000;
const NOT_FOUND = spanId();

function names({ kept }: Store): readonly string[] {
  return kept.spans.map(({ name }) => name);
}

/** Waits until everything that was sent before is decided on and has arrived, by a trade that is sent last. */
async function settled(collector: Collector, store: Store): Promise<void> {
  const last = spanId();
  await sendSpans(collector.url, [{ name: "trade.execute", spanId: last }]);
  await eventually("the last trade arrives", () => store.kept.spanIds.includes(last), ARRIVE_MS);
  // Two requests may be on their way at once: the one before may come after the last.
  const empty = /queue_size\{data_type="traces",exporter="otlp_grpc\/store"\} 0$/m;
  await eventually("nothing waits", async () => empty.test(await collector.exposition()), ARRIVE_MS);
}

async function started(env: Readonly<Record<string, string>> = {}) {
  const store = await startedStore();
  const collector = await startedCollector({
    store: store.grpc,
    env: { SLIPSTREAM_SAMPLING_PERCENT: "0", ...env },
  });
  return { store, collector };
}

describe("The trace store", () => {
  it("gets trades and their steps, errors, slow calls and verdicts; no probes, and none of the rest", async () => {
    const { store, collector } = await started();
    const trade = traceId();
    const stepsOnly = traceId();
    const services: readonly SpanToSend[] = [
      { name: "trade.execute", traceId: trade },
      { name: "POST", traceId: trade, parentSpanId: NOT_FOUND },
      { name: "solana.confirm", traceId: stepsOnly, parentSpanId: NOT_FOUND },
      { name: "error", status: 2 },
      { name: "slow", durationMs: 1_500 },
      { name: "fast", durationMs: 10 },
      { name: "probe", kind: 2, durationMs: 3_000, attributes: { "url.path": "/healthz" } },
      { name: "old probe", kind: 2, durationMs: 3_000, attributes: { "http.target": "/metrics?name=x" } },
      { name: "failed probe", kind: 2, status: 2, attributes: { "url.path": "/readyz" } },
      { name: "page", kind: 2, durationMs: 3_000, attributes: { "url.path": "/metrics/old" } },
    ];
    await sendSpans(collector.url, services);
    await sendSpans(collector.url, [{ name: "mev.verdict" }], { "service.name": "slipstream-aggregator" });
    await settled(collector, store);
    expect([...names(store)].sort()).toEqual(
      [
        "trade.execute",
        "POST",
        "solana.confirm",
        "error",
        "slow",
        "failed probe",
        "page",
        "mev.verdict",
        "trade.execute",
      ].sort(),
    );
  });

  it("gets a share of the rest, whole traces", async () => {
    const { store, collector } = await started({ SLIPSTREAM_SAMPLING_PERCENT: "30" });
    const pairs = Array.from({ length: 300 }, traceId).map((id): readonly SpanToSend[] => [
      { name: "first", traceId: id },
      { name: "second", traceId: id, parentSpanId: NOT_FOUND },
    ]);
    await sendSpans(collector.url, pairs.flat());
    await settled(collector, store);
    const [first, second] = ["first", "second"].map((wanted) =>
      store.kept.spans.filter(({ name }) => name === wanted).map((span) => span.traceId),
    );
    expect(first?.length).toBeGreaterThan(30);
    expect(first?.length).toBeLessThan(200);
    expect(first?.sort()).toEqual(second?.sort());
  });

  it("gets what comes after the decision: of a trace that it has, and of others what a rule keeps", async () => {
    const { store, collector } = await started();
    const [kept, late, lateError, left] = [traceId(), traceId(), traceId(), traceId()];
    await sendSpans(collector.url, [
      { name: "trade.execute", traceId: kept },
      { name: "early", traceId: late, parentSpanId: NOT_FOUND },
      { name: "early", traceId: lateError, parentSpanId: NOT_FOUND },
    ]);
    await settled(collector, store);
    // The last trace that was not kept is not judged again, so one comes after those that are to be.
    await sendSpans(collector.url, [{ name: "early", traceId: left, parentSpanId: NOT_FOUND }]);
    await settled(collector, store);
    await sendSpans(collector.url, [
      { name: "cleanup", traceId: kept, parentSpanId: NOT_FOUND },
      { name: "trade.execute", traceId: late },
      { name: "late error", traceId: lateError, status: 2 },
      { name: "late", traceId: left },
    ]);
    const verdict: SpanToSend = { name: "mev.verdict", traceId: kept, parentSpanId: NOT_FOUND };
    await sendSpans(collector.url, [verdict], { "service.name": "slipstream-aggregator" });
    await settled(collector, store);
    const trades = names(store).filter((name) => name === "trade.execute");
    expect(trades).toHaveLength(5);
    const others = names(store).filter((name) => name !== "trade.execute");
    expect(others.toSorted()).toEqual(["cleanup", "late error", "mev.verdict"]);
  });

  it("gets no spans of no trace, which it would refuse with what comes with them", async () => {
    const { store, collector } = await started();
    await sendSpans(collector.url, [{ name: "solana.sign", traceId: "0".repeat(32) }]);
    await settled(collector, store);
    expect(names(store)).toEqual(["trade.execute"]);
  });

  it("gets batches that it takes, however large the spans are", async () => {
    const { store, collector } = await started();
    const text = "x".repeat(16_000);
    const id = traceId();
    const span = { name: "trade.execute", traceId: id, attributes: { note: text } };
    const spans = Array.from({ length: 900 }, () => span);
    await sendSpans(collector.url, spans);
    await eventually("all spans arrive", () => store.kept.spans.length === spans.length, ARRIVE_MS);
    const most = Math.max(...store.kept.batches);
    expect(most * text.length).toBeGreaterThan(2 * MIB);
    expect(most * text.length).toBeLessThan(4 * MIB);
    expect((await collector.metrics()).otelcol_exporter_send_failed_spans ?? 0).toBe(0);
  });

  it("gets what was decided on while it was away, even if the Collector is killed meanwhile", async () => {
    const store = await startedStore();
    await store.stop();
    const collector = await startedCollector({ store: store.grpc });
    const ids = Array.from({ length: 200 }, spanId);
    await sendSpans(
      collector.url,
      ids.map((id) => ({ name: "trade.execute", spanId: id })),
    );
    await eventually("all wait on the disk", async () => {
      const { otelcol_processor_tail_sampling_global_count_traces_sampled: sampled } =
        await collector.metrics();
      return sampled === ids.length;
    });
    await eventually("the queue has them", async () =>
      (await collector.exposition()).match(
        /queue_size\{data_type="traces",exporter="otlp_grpc\/store"\} [1-9]/,
      ),
    );
    await collector.kill();
    await collector.restart();
    await store.start();
    await eventually("all arrive", () => store.kept.spans.length >= ids.length, ARRIVE_MS);
    const there = new Set(store.kept.spanIds);
    expect(ids.filter((id) => !there.has(id))).toEqual([]);
  });

  it("gets what waited for its decision when the Collector was asked to end", async () => {
    const { store, collector } = await started({ SLIPSTREAM_SAMPLING_WAIT: "10m" });
    await sendSpans(collector.url, [{ name: "trade.execute" }]);
    await collector.terminate();
    await collector.restart();
    await eventually("the trade arrives", () => store.kept.spans.length > 0, ARRIVE_MS);
    expect(names(store)).toEqual(["trade.execute"]);
  });

  it("does not keep the aggregator from its spans while it is away", async () => {
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({
      aggregator: aggregator.url,
      env: { SLIPSTREAM_COLLECTOR_STORE_QUEUE_BYTES: "600000" },
    });
    const text = "x".repeat(16_000);
    const spans = Array.from({ length: 120 }, () => ({ name: "trade.execute", attributes: { note: text } }));
    expect(await sendSpans(collector.url, spans)).toBe(200);
    await eventually("the aggregator has all", () => aggregator.spans.length === spans.length);
    await eventually("the store's queue is full, and what did not fit is counted", async () => {
      return ((await collector.metrics()).otelcol_exporter_enqueue_failed_spans ?? 0) > 0;
    });
    expect(await sendSpans(collector.url, [{ name: "trade.execute" }])).toBe(200);
  });
});
