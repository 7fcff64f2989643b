import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { encode } from "@slipstream/testing/otlp-schema";
import { describe, expect, test } from "vitest";
import { endSpans, sequence, start, tracesOnly } from "../testing/started.ts";

describe("trouble", () => {
  test("an endpoint that is down, then up: nothing is lost, and the problem is reported once", async () => {
    await using receiver = await Receiver.reserved();
    const reports: string[] = [];
    const telemetry = start(receiver, {
      onError: (message) => reports.push(message),
      onRecovery: (message) => reports.push(message),
    });
    endSpans(telemetry, 1_000);
    await eventually("requests fail", () => telemetry.health().failedRequests >= 3);
    endSpans(telemetry, 500);
    expect(telemetry.health()).toMatchObject({ queuedSpans: 1_500, droppedSpans: 0 });
    expect(telemetry.health().lastError).toContain("ECONNREFUSED");
    await receiver.listen();
    await eventually("all arrive", () => receiver.spans.length >= 1_500);
    await eventually("all are acknowledged", () => telemetry.health().exportedSpans === 1_500);
    expect(receiver.seqs).toEqual(sequence(1_500));
    await eventually("the metrics arrive too", () => telemetry.health().lastError === undefined);
    expect(reports).toEqual([
      expect.stringMatching(/^Cannot send telemetry of test to .*ECONNREFUSED/),
      expect.stringMatching(/works again$/),
    ]);
  });

  test.each([401, 403])("%d is kept, and sent when the token is right again", async (status) => {
    let token = "old";
    await using receiver = await Receiver.start(() => (token === "old" ? { status } : {}));
    const reports: string[] = [];
    const telemetry = start(receiver, {
      onError: (message) => reports.push(message),
      onRecovery: (message) => reports.push(message),
    });
    endSpans(telemetry, 7);
    await eventually("it is tried again", () => telemetry.health().failedRequests >= 4);
    expect(telemetry.health()).toMatchObject({ queuedSpans: 7, rejectedSpans: 0, droppedSpans: 0 });
    token = "new";
    await eventually("all arrive", () => telemetry.health().exportedSpans === 7);
    await eventually("nothing is wrong", () => telemetry.health().lastError === undefined);
    expect(receiver.seqs).toEqual(sequence(7));
    expect(reports).toEqual([
      expect.stringContaining(`${status} ${status === 401 ? "Unauthorized" : "Forbidden"}: check the token`),
      expect.stringContaining("works again"),
    ]);
  });

  test("401 for long: the queue keeps its limit", async () => {
    await using receiver = await Receiver.start(() => ({ status: 401 }));
    const queueBytes = 2 ** 20;
    const telemetry = start(receiver, { queueBytes, exitTimeoutMs: 50 });
    for (let round = 0; round < 60; round += 1) endSpans(telemetry, 100, "x".repeat(400));
    const { queuedBytes, queuedSpans, droppedSpans } = telemetry.health();
    expect(queuedBytes).toBeLessThanOrEqual(queueBytes);
    expect(droppedSpans).toBeGreaterThan(1_000);
    expect(queuedSpans + droppedSpans).toBe(6_000);
  });

  test("404 says that the endpoint may be wrong", async () => {
    await using receiver = await Receiver.start(() => ({ status: 404 }));
    const reports: string[] = [];
    const endpoint = `${receiver.url}/v1/traces`;
    const telemetry = start(receiver, { endpoint, onError: (message) => reports.push(message) });
    endSpans(telemetry, 1);
    await telemetry.flush();
    endSpans(telemetry, 1);
    await telemetry.flush();
    expect(reports).toEqual([
      expect.stringMatching(/404 Not Found: it takes nothing at \/v1\/traces\/v1\/.*What it refuses is lost/),
    ]);
  });

  test("429 with Retry-After is reported at once, and once", async () => {
    await using receiver = await Receiver.start(
      tracesOnly((_, nth) => (nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : {})),
    );
    const reports: string[] = [];
    const telemetry = start(receiver, { onError: (message) => reports.push(message) });
    endSpans(telemetry, 1);
    await eventually("the span arrives", () => telemetry.health().exportedSpans === 1);
    expect(reports).toEqual([expect.stringContaining("429 Too Many Requests")]);
    expect(telemetry.health().lastError).toBeUndefined();
  });

  test.each([429, 500, 502, 503, 504])("%d is retried", async (status) => {
    await using receiver = await Receiver.start(tracesOnly((_, nth) => (nth <= 2 ? { status } : {})));
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await eventually("the batch arrives", () => receiver.spans.length === 10);
    await eventually("it is acknowledged", () => telemetry.health().exportedSpans === 10);
    expect(telemetry.health()).toMatchObject({ failedRequests: 2, rejectedSpans: 0 });
    expect(receiver.seqs).toEqual(sequence(10));
  });

  test("a connection that breaks midway", async () => {
    await using receiver = await Receiver.start(tracesOnly((_, nth) => ({ reset: nth <= 2 })));
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await eventually("the batch arrives", () => receiver.spans.length === 10);
    expect(receiver.seqs).toEqual(sequence(10));
  });

  test("Retry-After is respected", async () => {
    const times: number[] = [];
    await using receiver = await Receiver.start(
      tracesOnly((_, nth) => {
        times.push(performance.now());
        return nth === 1 ? { status: 503, headers: { "retry-after": "1" } } : {};
      }),
    );
    endSpans(start(receiver), 1);
    await eventually("the span arrives", () => receiver.spans.length === 1);
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(950);
  });

  test.each([400, 404, 413])("%d is counted as rejected, and not retried", async (status) => {
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
      tracesOnly(() => ({
        body: encode("ExportResponse", {
          partialSuccess: { rejected: 3, errorMessage: "3 spans without an id" },
        }),
      })),
    );
    const telemetry = start(receiver);
    endSpans(telemetry, 10);
    await telemetry.flush();
    expect(telemetry.health()).toMatchObject({ rejectedSpans: 3, exportedSpans: 7 });
    expect(telemetry.health().lastError).toContain("3 spans without an id");
    receiver.answer = () => ({});
    endSpans(telemetry, 1);
    await telemetry.flush();
    expect(telemetry.health().lastError).toBeUndefined();
  });

  test("an endpoint that hangs: the queue keeps its limit, the oldest are dropped, the event loop stays free", async () => {
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
    // Back again: the newest batches arrive, and the one being sent.
    receiver.answer = () => ({});
    receiver.dropConnections();
    await eventually("the queue drains", () => telemetry.health().queuedSpans === 0);
    expect(receiver.spans.length).toBe(queuedSpans);
    expect(receiver.seqs.at(-1)).toBe(6_000);
  });

  test("flush and shutdown keep their deadline if nobody answers", async () => {
    await using receiver = await Receiver.start(() => ({ hang: true }));
    const telemetry = start(receiver, { exitTimeoutMs: 100 });
    endSpans(telemetry, 5);
    await telemetry.flush();
    expect(telemetry.health().queuedSpans).toBe(5);
    await telemetry.shutdown();
    expect(telemetry.health()).toMatchObject({ queuedSpans: 0, droppedSpans: 5 });
  });

  test("an answer that is too large is not kept", async () => {
    await using receiver = await Receiver.start(() => ({ body: new Uint8Array(2 ** 20) }));
    const telemetry = start(receiver);
    endSpans(telemetry, 5);
    await telemetry.flush();
    expect(telemetry.health().exportedSpans).toBe(5);
  });
});
