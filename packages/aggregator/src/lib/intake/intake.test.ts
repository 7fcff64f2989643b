import { gzipSync, zstdCompressSync } from "node:zlib";
import { attribute } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { decodeAnswer } from "@slipstream/testing/otlp-schema";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BEGINNING } from "../log/position.ts";
import { decodeRecord } from "../log/records/decode-record.ts";
import { tick } from "../log/testing/folder.ts";
import type { Journal } from "../pipeline/journal.ts";
import { mediaType } from "./media.ts";
import { gaugeBody, tracesBody, tracesJsonBody, tradeSpan } from "./testing/bodies.ts";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

describe("good requests", () => {
  test("protobuf: an empty answer in protobuf, the body in the log as it came, the batch with the engine", async () => {
    const body = tracesBody(tradeSpan(), tradeSpan());
    const answer = await receiver.send(body);
    expect([answer.status, answer.headers.get("content-type"), answer.body.length]).toEqual([
      200,
      mediaType.protobuf,
      0,
    ]);
    expect(receiver.spans()).toHaveLength(2);
    for await (const record of receiver.log.read(BEGINNING)) {
      expect(record).toMatchObject({ kind: "traces", format: "protobuf", compression: "none", position: 1 });
      if (record.kind === "traces") expect(Buffer.from(record.body).equals(body)).toBe(true);
    }
  });

  test("the memory of a large body is given back when it is in the log and applied, and not before", async () => {
    const sizeUsd = { key: attribute.tradeSizeUsd, value: { doubleValue: 12.5 } };
    const large = Array.from({ length: 2_000 }, () => ({ ...tradeSpan(), attributes: [sizeUsd] }));
    const body = tracesBody(...large);
    expect(body.length).toBeGreaterThan(128 * 1024);
    const sizes = (spans: readonly Span[]): unknown[] =>
      spans.map(({ attributes }) => attributes[attribute.tradeSizeUsd]);
    const applied: Span[] = [];
    const commit: Journal["commit"] = async (record, batch) => {
      const position = await receiver.journal.commit(record, batch);
      if (batch?.kind === "traces") applied.push(...batch.spans);
      expect(sizes(applied)).toEqual(large.map(() => 12.5));
      return position;
    };
    const other = await startReceiver({ journal: { commit } });
    expect((await other.send(body)).status).toBe(200);
    expect(() => sizes(applied)).toThrow(TypeError);
    expect(sizes(receiver.spans())).toEqual(large.map(() => 12.5));
    // The log has a copy.
    for await (const record of receiver.log.read(BEGINNING)) expect(record.body.byteLength).toBe(body.length);
    await other.close();
  });

  test("JSON: an empty message in JSON", async () => {
    const answer = await receiver.send(tracesJsonBody(tradeSpan()), {
      "content-type": "Application/JSON; charset=utf-8",
    });
    expect([answer.status, answer.headers.get("content-type"), String(answer.body)]).toEqual([
      200,
      mediaType.json,
      "{}",
    ]);
    expect(receiver.spans()).toMatchObject([{ resource: { service: "bot" }, durationSeconds: 0.005 }]);
  });

  test("gzip, small and large, is logged as it came and decoded again to the same", async () => {
    const bodies = [tracesBody(tradeSpan()), tracesBody(...Array.from({ length: 600 }, () => tradeSpan()))];
    receiver.close();
    receiver = await startReceiver();
    for (const body of bodies)
      expect((await receiver.send(gzipSync(body), { "content-encoding": "gzip" })).status).toBe(200);
    expect(receiver.spans()).toHaveLength(601);
    const live = receiver.committed.map(({ record }) => record);
    const replayed = [];
    for await (const record of receiver.log.read(BEGINNING)) replayed.push(decodeRecord(record));
    expect(JSON.stringify(replayed)).toBe(JSON.stringify(live));
  });

  test("zstd is logged as it came, in a layout that programs before it do not take for theirs", async () => {
    const body = tracesBody(tradeSpan(), tradeSpan());
    const half = zstdCompressSync(body);
    expect((await receiver.send(half, { "content-encoding": "zstd" })).status).toBe(200);
    expect(receiver.spans()).toHaveLength(2);
    for await (const record of receiver.log.read(BEGINNING)) {
      expect(record).toMatchObject({ kind: "traces@2", compression: "zstd" });
      expect(JSON.stringify(decodeRecord(record))).toBe(JSON.stringify(receiver.committed[0]?.record));
    }
  });

  test("names with half a surrogate pair are one name", async () => {
    const names = ["x\\ud800", "x\\ud801", "x\ufffd"];
    const spans = names.map((name) =>
      tracesJsonBody({ ...tradeSpan(), name: "?" }).replace('"?"', `"${name}"`),
    );
    for (const body of spans)
      expect((await receiver.send(body.replace('"bot"', `"${names.shift()}"`))).status).toBe(200);
    expect(new Set(receiver.spans().map(({ name, resource }) => `${name} ${resource.service}`))).toEqual(
      new Set(["x\ufffd x\ufffd"]),
    );
  });

  test("metrics", async () => {
    expect((await receiver.send(gaugeBody(3), {}, "/v1/metrics")).status).toBe(200);
    expect(receiver.points()).toMatchObject([{ value: 3, resource: { service: "bot" } }]);
  });

  test("empty batches and duplicate batches are taken: to tell duplicates is the engine's work", async () => {
    expect((await receiver.send(new Uint8Array(0))).status).toBe(200);
    expect((await receiver.send("{}")).status).toBe(200);
    expect((await receiver.send('{"resourceSpans":[]}')).status).toBe(200);
    const body = tracesBody(tradeSpan());
    await receiver.send(body);
    await receiver.send(body);
    expect(receiver.spans()).toHaveLength(2);
    await receiver.servesOn();
  });

  test("a clock an hour ahead or a day late is the engine's to judge", async () => {
    const hour = 3_600_000;
    const [now, ahead, late] = [Date.now(), Date.now() + hour, Date.now() - 24 * hour];
    const answer = await receiver.send(tracesBody(tradeSpan(now), tradeSpan(ahead), tradeSpan(late)));
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(receiver.spans().map(({ endMs }) => endMs)).toEqual([now, ahead, late]);
  });

  test("records reach the engine in log order, each once, stamped with the time of receipt", async () => {
    let clock = 1000;
    await receiver.close();
    receiver = await startReceiver({ now: () => clock++ });
    const sent = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0 ? receiver.journal.commit(tick(index)) : receiver.send(tracesBody(tradeSpan())),
    );
    await Promise.all(sent);
    expect(receiver.committed.map(({ position }) => position)).toEqual(sent.map((_, index) => index + 1));
    let position = 0;
    for await (const record of receiver.log.read(BEGINNING)) {
      expect(receiver.committed[position++]?.record.receivedMs).toBe(record.receivedMs);
    }
  });
});

describe("partial success", () => {
  const bad = { ...tradeSpan(), traceId: new Uint8Array(16) };

  test("protobuf", async () => {
    const { status, body } = await receiver.send(
      tracesBody(tradeSpan(), bad, { ...tradeSpan(), endTimeUnixNano: "0" }),
    );
    expect(status).toBe(200);
    expect(decodeAnswer("ExportResponse", body)).toMatchObject({
      partialSuccess: { rejected: 2, errorMessage: expect.stringContaining("trace id is zero") },
    });
    expect(receiver.spans()).toHaveLength(1);
    await receiver.servesOn();
  });

  test("JSON", async () => {
    const { status, body } = await receiver.send(tracesJsonBody(bad, tradeSpan()));
    expect(status).toBe(200);
    expect(JSON.parse(String(body))).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("trace id is zero") },
    });
    expect(receiver.committed[0]?.record.batch).toMatchObject({
      refusals: [{ count: 1, resource: { service: "bot" } }],
    });
  });

  test("metrics", async () => {
    const { body } = await receiver.send(gaugeBody(1, 0), {}, "/v1/metrics");
    expect(decodeAnswer("ExportResponse", body)).toMatchObject({ partialSuccess: { rejected: 1 } });
    await receiver.send(gaugeBody(Number.NaN), {}, "/v1/metrics");
    await receiver.send(gaugeBody(Number.POSITIVE_INFINITY), {}, "/v1/metrics");
    // The engine refuses these, and says which service sent them.
    expect(receiver.points().map(({ value }) => value)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });
});
