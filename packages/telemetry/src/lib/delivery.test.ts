import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { describe, expect, test } from "vitest";
import { endSpans, sequence, start } from "../testing/started.ts";

describe("delivery", () => {
  test("spans, numbered without gaps, with the resource, in batches of at most 1,024", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, {
      desk: "alpha",
      serviceVersion: "1.2",
      resourceAttributes: { region: "eu" },
      exitTimeoutMs: 60_000,
    });
    endSpans(telemetry, 5_000);
    await telemetry.flush();
    expect(receiver.seqs).toEqual(sequence(5_000));
    expect(Math.max(...receiver.batches)).toBe(1_024);
    expect(receiver.resource).toMatchObject({
      "service.name": "test",
      "service.version": "1.2",
      "slipstream.desk": "alpha",
      region: "eu",
      "service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(telemetry.health()).toEqual({
      queuedBytes: 0,
      queuedSpans: 0,
      exportedSpans: 5_000,
      droppedSpans: 0,
      rejectedSpans: 0,
      failedRequests: 0,
    });
  });

  test("a span is sent after the flush interval, without further spans", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    endSpans(telemetry, 1);
    await eventually("the span has arrived", () => receiver.spans.length === 1);
    endSpans(telemetry, 1);
    await eventually("the second span has arrived", () => receiver.spans.length === 2);
    expect(receiver.seqs).toEqual([1, 2]);
  });

  test("token, headers, path and compression", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, {
      endpoint: `${receiver.url}/otlp/`,
      token: "secret",
      headers: { "X-Desk": "alpha" },
      compression: "gzip",
    });
    endSpans(telemetry, 3);
    await telemetry.flush();
    expect(receiver.spans).toHaveLength(3);
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(["/otlp/v1/metrics", "/otlp/v1/traces"]);
    for (const { headers } of receiver.requests) {
      expect(headers).toMatchObject({
        authorization: "Bearer secret",
        "x-desk": "alpha",
        "content-encoding": "gzip",
        "content-type": "application/x-protobuf",
      });
    }
  });

  test("one request at a time, on one connection", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    endSpans(telemetry, 2_000);
    await telemetry.flush();
    const sockets = new Set(
      receiver.requests.filter(({ path }) => path.endsWith("traces")).map(({ port }) => port),
    );
    expect(sockets.size).toBe(1);
    expect(receiver.mostAtOnce.get("/v1/traces")).toBe(1);
  });

  test("a span at its attribute limit is numbered too", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    const span = telemetry.tracer.startSpan("full");
    for (let i = 0; i < 200; i += 1) span.setAttribute(`a${i}`, i);
    span.end();
    await telemetry.flush();
    expect(receiver.seqs).toEqual([1]);
  });
});

describe("shutdown", () => {
  test("delivers, and a second call does nothing more", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, { flushIntervalMs: 60_000 });
    endSpans(telemetry, 5);
    await Promise.all([telemetry.shutdown(), telemetry.shutdown()]);
    await telemetry.shutdown();
    expect(receiver.seqs).toEqual(sequence(5));
    expect(receiver.metric("memory_usage_bytes")).toBeDefined();
  });

  test("spans that end afterwards are counted as dropped", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    await telemetry.shutdown();
    endSpans(telemetry, 2);
    await telemetry.flush();
    expect(telemetry.health().droppedSpans).toBe(2);
    expect(receiver.spans).toEqual([]);
  });

  test("one set-up may follow another", async () => {
    await using receiver = await Receiver.start();
    for (const instanceId of ["first", "second"]) {
      const reports: string[] = [];
      const telemetry = start(receiver, {
        global: true,
        instanceId,
        onError: (report) => reports.push(report),
      });
      telemetry.latencyTracker.track("outer", () => telemetry.latencyTracker.track("inner", () => 1));
      await telemetry.shutdown();
      expect(receiver.resource["service.instance.id"]).toBe(instanceId);
      expect(reports).toEqual([]);
    }
    const parents = receiver.spans.map(({ name, parentSpanId }) => [name, Boolean(parentSpanId)]);
    expect(parents).toEqual([
      ["inner", true],
      ["outer", false],
      ["inner", true],
      ["outer", false],
    ]);
    expect(plain(receiver.spans[0]?.attributes ?? [])).toEqual({ "slipstream.seq": "1" });
  });
});

test("spans know their parents if nothing is registered globally", async () => {
  await using receiver = await Receiver.start();
  const telemetry = start(receiver, { global: false });
  await telemetry.trades.execute({}, async () => {
    await Promise.resolve();
    await telemetry.latencyTracker.track("solana.rpc", async () => 1);
  });
  await telemetry.flush();
  const [child, root] = receiver.spans;
  expect(child?.parentSpanId).toBe(root?.spanId);
  expect(child?.traceId).toBe(root?.traceId);
});

test("telemetry's own requests create no spans", async () => {
  await using receiver = await Receiver.start();
  const telemetry = start(receiver);
  // What an instrumentation of node:http would do.
  const { request } = http;
  let requests = 0;
  http.request = ((...args: Parameters<typeof request>) => {
    requests += 1;
    telemetry.tracer.startSpan("http").end();
    return request(...args);
  }) as typeof request;
  syncBuiltinESMExports();
  try {
    endSpans(telemetry, 1);
    await telemetry.flush();
    await telemetry.flush();
  } finally {
    http.request = request;
    syncBuiltinESMExports();
  }
  expect(requests).toBeGreaterThan(0);
  expect(receiver.spans.map(({ name }) => name)).toEqual(["span 0"]);
});
