import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { encode } from "@slipstream/testing/otlp-schema";
import { describe, expect, test } from "vitest";
import { endSpans, sequence, start, tracesOnly } from "../testing/started.ts";

describe("trouble", () => {
  test("an endpoint that is down, then up: nothing is lost, and the problem is reported once", async () => {
    await using receiver = await Receiver.reserved();
    const reports: string[] = [];
    const telemetry = start(receiver, { onError: (message) => reports.push(message) });
    endSpans(telemetry, 1_000);
    await eventually("requests fail", () => telemetry.health().failedRequests >= 3);
    endSpans(telemetry, 500);
    expect(telemetry.health()).toMatchObject({ queuedSpans: 1_500, droppedSpans: 0 });
    expect(telemetry.health().lastError).toContain("ECONNREFUSED");
    await receiver.listen();
    await eventually("all arrive", () => receiver.spans.length >= 1_500);
    await eventually("all are acknowledged", () => telemetry.health().exportedSpans === 1_500);
    expect(receiver.seqs).toEqual(sequence(1_500));
    expect(reports.filter((report) => report.startsWith("traces: cannot send"))).toHaveLength(1);
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

  test.each([400, 401, 404, 413])("%d is counted as rejected, and not retried", async (status) => {
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
    expect(reports[0]?.includes("check the token")).toBe(status === 401);
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
