import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, describe, expect, test } from "vitest";
import { encodePartialSuccess, plain } from "../testing/otlp-schema.ts";
import { Receiver } from "../testing/receiver.ts";
import { until } from "../testing/until.ts";
import type { TelemetryOptions } from "./options/options.ts";
import { setUp } from "./set-up.ts";
import type { Telemetry } from "./telemetry.ts";

const running: Telemetry[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((telemetry) => telemetry.shutdown()));
});

function start(receiver: Receiver, options: Partial<TelemetryOptions> = {}): Telemetry {
  const telemetry = setUp({
    serviceName: "test",
    endpoint: receiver.url,
    shutdownOnExit: false,
    global: false,
    flushIntervalMs: 20,
    ...options,
  });
  running.push(telemetry);
  return telemetry;
}

function endSpans(telemetry: Telemetry, count: number, text = ""): void {
  for (let i = 0; i < count; i += 1) {
    const span = telemetry.tracer.startSpan(`span ${i}`);
    if (text !== "") span.setAttribute("text", text);
    span.end();
  }
}

const sequence = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const tracesOnly = (answer: Receiver["answer"]): Receiver["answer"] => {
  let nth = 0;
  return (path) => (path.endsWith("traces") ? answer(path, ++nth) : {});
};

describe("delivery", () => {
  test("spans, numbered without gaps, with the resource, in batches of at most 512", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, {
      desk: "alpha",
      serviceVersion: "1.2",
      resourceAttributes: { region: "eu" },
    });
    endSpans(telemetry, 5_000);
    await telemetry.flush();
    expect(receiver.seqs).toEqual(sequence(5_000));
    expect(Math.max(...receiver.batches)).toBe(512);
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

  test("a span is sent after the flush interval, without more", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    endSpans(telemetry, 1);
    await until(() => receiver.spans.length === 1, "the span is there");
    endSpans(telemetry, 1);
    await until(() => receiver.spans.length === 2, "the second is there");
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

  test("a span with as many attributes as it may have is numbered too", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver);
    const span = telemetry.tracer.startSpan("full");
    for (let i = 0; i < 200; i += 1) span.setAttribute(`a${i}`, i);
    span.end();
    await telemetry.flush();
    expect(receiver.seqs).toEqual([1]);
  });
});

describe("trouble", () => {
  test("an endpoint that is down, then up: nothing is lost, and it is reported once", async () => {
    await using receiver = await Receiver.reserved();
    const reports: string[] = [];
    const telemetry = start(receiver, { onError: (message) => reports.push(message) });
    endSpans(telemetry, 1_000);
    await until(() => telemetry.health().failedRequests >= 3, "requests fail");
    endSpans(telemetry, 500);
    expect(telemetry.health()).toMatchObject({ queuedSpans: 1_500, droppedSpans: 0 });
    expect(telemetry.health().lastError).toContain("ECONNREFUSED");
    await receiver.listen();
    await until(() => receiver.spans.length >= 1_500, "all arrive");
    await until(() => telemetry.health().exportedSpans === 1_500, "all are acknowledged");
    expect(receiver.seqs).toEqual(sequence(1_500));
    expect(reports.filter((report) => report.startsWith("traces: cannot send"))).toHaveLength(1);
  });

  test.each([429, 500, 502, 503, 504])("%d is tried again", async (status) => {
    await using receiver = await Receiver.start(tracesOnly((_, nth) => (nth <= 2 ? { status } : {})));
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await until(() => receiver.spans.length === 10, "the batch arrives");
    await until(() => telemetry.health().exportedSpans === 10, "it is acknowledged");
    expect(telemetry.health()).toMatchObject({ failedRequests: 2, rejectedSpans: 0 });
    expect(receiver.seqs).toEqual(sequence(10));
  });

  test("a connection that breaks midway", async () => {
    await using receiver = await Receiver.start(tracesOnly((_, nth) => ({ reset: nth <= 2 })));
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await until(() => receiver.spans.length === 10, "the batch arrives");
    expect(receiver.seqs).toEqual(sequence(10));
  });

  test("Retry-After is waited for", async () => {
    const times: number[] = [];
    await using receiver = await Receiver.start(
      tracesOnly((_, nth) => {
        times.push(performance.now());
        return nth === 1 ? { status: 503, headers: { "retry-after": "1" } } : {};
      }),
    );
    endSpans(start(receiver), 1);
    await until(() => receiver.spans.length === 1, "the span arrives");
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(950);
  });

  test.each([400, 401, 404, 413])("%d is counted as rejected, and not tried again", async (status) => {
    await using receiver = await Receiver.start(tracesOnly((_, nth) => (nth === 1 ? { status } : {})));
    const reports: string[] = [];
    const telemetry = start(receiver, { onError: (message) => reports.push(message) });
    endSpans(telemetry, 7);
    await telemetry.flush();
    endSpans(telemetry, 2);
    await telemetry.flush();
    expect(receiver.seqs).toEqual([8, 9]);
    expect(telemetry.health()).toMatchObject({ rejectedSpans: 7, exportedSpans: 2, failedRequests: 0 });
    expect(reports).toEqual([expect.stringContaining(String(status))]);
  });

  test("a partial success is counted", async () => {
    await using receiver = await Receiver.start(
      tracesOnly(() => ({ body: encodePartialSuccess(3, "3 spans without an id") })),
    );
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await telemetry.flush();
    expect(telemetry.health()).toMatchObject({ rejectedSpans: 3, exportedSpans: 7 });
    expect(telemetry.health().lastError).toContain("3 spans without an id");
  });

  test("an endpoint that hangs: the queue keeps its limit, the oldest go, the loop stays free", async () => {
    await using receiver = await Receiver.start(() => ({ hang: true }));
    const queueBytes = 2 ** 20;
    const telemetry = start(receiver, { queueBytes, requestTimeoutMs: 600_000, exitTimeoutMs: 50 });
    let most = 0;
    for (let round = 0; round < 60; round += 1) {
      endSpans(telemetry, 100, "x".repeat(400));
      most = Math.max(most, telemetry.health().queuedBytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { queuedSpans, droppedSpans, lastError } = telemetry.health();
    expect(most).toBeLessThanOrEqual(queueBytes);
    expect(queuedSpans + droppedSpans).toBe(6_000);
    expect(droppedSpans).toBeGreaterThan(1_000);
    expect(lastError).toContain("limit");
    // Back again: what arrives is the newest, and what was being sent.
    receiver.answer = () => ({});
    receiver.dropConnections();
    await until(() => telemetry.health().queuedSpans === 0, "the queue drains");
    expect(receiver.spans.length).toBe(queuedSpans);
    expect(receiver.seqs.at(-1)).toBe(6_000);
  });

  test("flush and shutdown keep their deadline when nobody answers", async () => {
    await using receiver = await Receiver.start(() => ({ hang: true }));
    const telemetry = start(receiver, { exitTimeoutMs: 100 });
    endSpans(telemetry, 5);
    await telemetry.flush();
    expect(telemetry.health().queuedSpans).toBe(5);
    await telemetry.shutdown();
    expect(telemetry.health()).toMatchObject({ queuedSpans: 0, droppedSpans: 5 });
  });

  test("an answer too large to be one is not kept", async () => {
    await using receiver = await Receiver.start(() => ({ body: new Uint8Array(2 ** 20) }));
    const telemetry = start(receiver);
    endSpans(telemetry, 5);
    await telemetry.flush();
    expect(telemetry.health().exportedSpans).toBe(5);
  });
});

describe("shutdown", () => {
  test("delivers, and twice is once", async () => {
    await using receiver = await Receiver.start();
    const telemetry = start(receiver, { flushIntervalMs: 60_000 });
    endSpans(telemetry, 5);
    await Promise.all([telemetry.shutdown(), telemetry.shutdown()]);
    await telemetry.shutdown();
    expect(receiver.seqs).toEqual(sequence(5));
    expect(receiver.metric("memory_usage_bytes")).toBeDefined();
  });

  test("what ends afterwards is counted as dropped", async () => {
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

test("spans know their parents where nothing is registered globally", async () => {
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

test("telemetry's own requests make no spans", async () => {
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
