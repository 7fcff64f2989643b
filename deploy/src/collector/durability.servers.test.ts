import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { describe, expect, it } from "vitest";
import { startedCollector } from "../testing/collector.ts";
import { sendPoints, sendSpans, spanId } from "../testing/sending.ts";

const BATCH = 100;
const ARRIVE_MS = 60_000;
const MIB = 1_048_576;
/** Pages of the file, and what is where in their heads. */
const PAGE = 4_096;
const FLAGS_AT = 8;
const COUNT_AT = 10;
const LEAF = 2;
/** The file of the queue of traces. */
const TRACES = "exporter_otlp_http_aggregator_traces";

/** Sends batches of spans. @returns the ids of those that the Collector acknowledged, and how many it refused */
async function send(url: string, batches: number): Promise<{ acknowledged: string[]; statuses: number[] }> {
  const acknowledged: string[] = [];
  const statuses: number[] = [];
  for (let at = 0; at < batches; at++) {
    const ids = Array.from({ length: BATCH }, spanId);
    const status = await sendSpans(
      url,
      ids.map((id) => ({ name: "solana.rpc", spanId: id, kind: 3 })),
    );
    statuses.push(status);
    if (status === 200) acknowledged.push(...ids);
  }
  return { acknowledged, statuses };
}

function missing(ids: readonly string[], { spanIds }: Receiver): readonly string[] {
  const there = new Set(spanIds);
  return ids.filter((id) => !there.has(id));
}

function arrive(ids: readonly string[], at: Receiver): Promise<boolean> {
  return eventually("all spans arrive", () => missing(ids, at).length === 0, ARRIVE_MS);
}

describe("The queue to the aggregator", () => {
  it.each([["terminate"], ["kill"]] as const)(
    "loses nothing if the Collector gets a %s while the aggregator is away",
    async (end) => {
      await using aggregator = await Receiver.reserved();
      const collector = await startedCollector({ aggregator: aggregator.url });
      const { acknowledged } = await send(collector.url, 10);
      for (let round = 0; round < 3; round++) {
        await collector[end]();
        await collector.restart();
        acknowledged.push(...(await send(collector.url, 10)).acknowledged);
      }
      await sendPoints(collector.url, [{ name: "circuit_breaker_state", value: 1 }]);
      await collector[end]();
      await collector.restart();
      expect(acknowledged).toHaveLength(4 * 10 * BATCH);
      await aggregator.listen();
      await arrive(acknowledged, aggregator);
      const metrics = () => aggregator.metricsSoFar.flat().map(({ name }) => name);
      await eventually("the point arrives", () => metrics().includes("circuit_breaker_state"));
      expect(missing(acknowledged, aggregator)).toEqual([]);
    },
  );

  it("loses nothing if the Collector is asked to end while the aggregator does not answer", async () => {
    await using aggregator = await Receiver.start();
    aggregator.answer = () => ({ hang: true });
    const collector = await startedCollector({ aggregator: aggregator.url });
    const { acknowledged } = await send(collector.url, 5);
    await eventually("it sends", () => aggregator.requests.length > 0);
    const ended = collector.terminate();
    // A drain that waits for an answer would last the exporter's timeout for each request.
    aggregator.dropConnections();
    aggregator.answer = () => ({ reset: true });
    await ended;
    aggregator.answer = () => ({});
    await collector.restart();
    await arrive(acknowledged, aggregator);
    expect(missing(acknowledged, aggregator)).toEqual([]);
  });

  it("loses nothing if the Collector is killed while it sends", async () => {
    await using aggregator = await Receiver.start();
    // Half of the requests get no answer that the Collector could see.
    aggregator.answer = (_, nth) => (nth % 2 === 0 ? { reset: true } : {});
    const collector = await startedCollector({ aggregator: aggregator.url });
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      acknowledged.push(...(await send(collector.url, 5)).acknowledged);
      await collector.kill();
      await collector.restart();
    }
    await arrive(acknowledged, aggregator);
    expect(acknowledged).toHaveLength(5 * 5 * BATCH);
  });

  it.each([429, 502, 503, 504])("tries again after %i, in order", async (status) => {
    await using aggregator = await Receiver.start();
    aggregator.answer = (_, nth) => (nth <= 3 ? { status, headers: { "retry-after": "1" } } : {});
    const collector = await startedCollector({ aggregator: aggregator.url });
    const { acknowledged } = await send(collector.url, 3);
    await arrive(acknowledged, aggregator);
    expect((await collector.metrics()).otelcol_exporter_send_failed_spans ?? 0).toBe(0);
    expect(aggregator.spanIds).toEqual(acknowledged);
  });

  it.each([400, 413, 500])("drops what is answered %i, counts it and continues", async (status) => {
    await using aggregator = await Receiver.start();
    aggregator.answer = (_, nth) => (nth === 1 ? { status } : {});
    const collector = await startedCollector({ aggregator: aggregator.url });
    await send(collector.url, 1);
    await eventually("it is dropped", async () => {
      return (await collector.metrics()).otelcol_exporter_send_failed_spans === BATCH;
    });
    const { acknowledged } = await send(collector.url, 1);
    await arrive(acknowledged, aggregator);
    expect(aggregator.spans).toHaveLength(BATCH);
  });

  it("refuses senders while it is full, in a way that they try again after, and loses nothing", async () => {
    await using aggregator = await Receiver.reserved();
    const collector = await startedCollector({
      aggregator: aggregator.url,
      env: { SLIPSTREAM_COLLECTOR_QUEUE_ITEMS: `${5 * BATCH}` },
    });
    const first = await send(collector.url, 10);
    expect(first.statuses).toEqual([200, 200, 200, 200, 200, 503, 503, 503, 503, 503]);
    expect((await collector.metrics()).otelcol_exporter_enqueue_failed_spans).toBe(5 * BATCH);
    await aggregator.listen();
    await arrive(first.acknowledged, aggregator);
    const second = await eventually("it takes spans again", async () => {
      const sent = await send(collector.url, 1);
      return sent.statuses[0] === 200 && sent;
    });
    await arrive(second.acknowledged, aggregator);
    expect(missing([...first.acknowledged, ...second.acknowledged], aggregator)).toEqual([]);
  });

  it("sends requests that the aggregator takes however well they compress, whatever the spans hold", async () => {
    await using aggregator = await Receiver.reserved();
    const collector = await startedCollector({ aggregator: aggregator.url });
    const text = "x".repeat(10_000);
    const spans = Array.from({ length: 500 }, () => ({
      name: "db.write",
      attributes: { "db.query.text": text },
    }));
    expect(await sendSpans(collector.url, spans)).toBe(200);
    await aggregator.listen();
    await eventually("all spans arrive", () => aggregator.spans.length === spans.length, ARRIVE_MS);
    const most = Math.max(...aggregator.batches);
    expect(most * text.length).toBeGreaterThan(MIB / 2);
    expect(most * text.length).toBeLessThan(MIB);
  });

  it("shortens what would make a span larger than a request, and loses nothing of what comes with it", async () => {
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({ aggregator: aggregator.url });
    const large = { name: "db.write", attributes: { "db.query.text": "x".repeat(9 * MIB) } };
    const trade = { name: "trade.execute" };
    expect(await sendSpans(collector.url, [trade, large, trade, trade])).toBe(200);
    await eventually("all spans arrive", () => aggregator.spans.length === 4, ARRIVE_MS);
    const text = aggregator.spans.map(({ attributes }) => plain(attributes ?? [])["db.query.text"]);
    expect(text.map((value) => String(value ?? "").length)).toEqual([0, 16_384, 0, 0]);
  });

  it("does not lose spans of a service because the aggregator refuses another's", async () => {
    await using aggregator = await Receiver.reserved();
    // In order: each second one is refused.
    aggregator.answer = (_, nth) => (nth % 2 === 1 ? { status: 400 } : {});
    const collector = await startedCollector({ aggregator: aggregator.url });
    for (let at = 0; at < 5; at++) {
      await sendSpans(collector.url, [{ name: "refused" }], { "service.name": "stock" });
      await sendSpans(collector.url, [{ name: "trade.execute" }]);
    }
    await aggregator.listen();
    await eventually("the trades arrive", () => aggregator.spans.length >= 5, ARRIVE_MS);
    expect(aggregator.spans.map(({ name }) => name)).toEqual(Array(5).fill("trade.execute"));
    await eventually("the others are counted", async () => {
      return (await collector.metrics()).otelcol_exporter_send_failed_spans === 5;
    });
  });

  it("begins again beside a backup if it finds damage as it opens its file", async () => {
    await using aggregator = await Receiver.reserved();
    const collector = await startedCollector({ aggregator: aggregator.url });
    await send(collector.url, 5);
    await collector.kill();
    const whole = readFileSync(join(collector.data, TRACES));
    const backups = () => readdirSync(collector.data).filter((name) => name.endsWith(".backup"));
    for (let page = 2; page < whole.length / PAGE && backups().length === 0; page++) {
      if (whole.readUInt16LE(page * PAGE + FLAGS_AT) !== LEAF) continue;
      await collector.kill();
      const damaged = Buffer.from(whole).fill(7, page * PAGE + COUNT_AT, (page + 1) * PAGE);
      writeFileSync(join(collector.data, TRACES), damaged);
      // With other damage it does not start, or starts and misses what it cannot read.
      await collector.restart().catch(() => {});
    }
    expect(backups()).toHaveLength(1);
    const { acknowledged } = await send(collector.url, 1);
    await aggregator.listen();
    await arrive(acknowledged, aggregator);
  });

  it("says so and does not start if the head of its file is damaged", async () => {
    const collector = await startedCollector();
    await collector.kill();
    writeFileSync(join(collector.data, TRACES), Buffer.alloc(16 * PAGE, 7));
    await expect(collector.restart()).rejects.toThrow("invalid database");
  });

  it("has the token, and reads it again when it changes", async () => {
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({ aggregator: aggregator.url });
    await arrive((await send(collector.url, 1)).acknowledged, aggregator);
    expect(aggregator.requests.at(-1)?.headers.authorization).toBe(`Bearer ${collector.token}`);
    writeFileSync(collector.tokenFile, "another\n");
    await eventually("the new token is sent", async () => {
      await send(collector.url, 1);
      return aggregator.requests.at(-1)?.headers.authorization === "Bearer another";
    });
  });
});

describe("What the aggregator gets", () => {
  it("is not what it sent itself", async () => {
    await using aggregator = await Receiver.start();
    const collector = await startedCollector({ aggregator: aggregator.url });
    await sendSpans(collector.url, [{ name: "mev.verdict" }], { "service.name": "slipstream-aggregator" });
    await sendSpans(collector.url, [{ name: "trade.execute", attributes: { "trade.id": "1" } }]);
    await eventually("the trade arrives", () => aggregator.spans.length > 0);
    expect(aggregator.spans.map(({ name }) => name)).toEqual(["trade.execute"]);
    expect(plain(aggregator.spans[0]?.attributes ?? [])).toEqual({ "trade.id": "1" });
  });
});
