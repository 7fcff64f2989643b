import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { EncodableSpan } from "@slipstream/otlp/encode";
import { afterEach, expect, test, vi } from "vitest";
import { WallClock } from "../spans/wall-clock.ts";
import { DeliveryReports } from "./delivery-reports.ts";
import { HealthCounter } from "./health.ts";
import { SpanSource } from "./span-source.ts";

const FLUSH_MS = 1_000;
const scope = { name: "test" };
const span: EncodableSpan = {
  name: "span",
  kind: SpanKind.INTERNAL,
  spanContext: () => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: TraceFlags.SAMPLED }),
  startTime: [1, 0],
  endTime: [2, 0],
  status: { code: SpanStatusCode.UNSET },
  attributes: {},
  links: [],
  events: [],
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
  instrumentationScope: scope,
};

afterEach(() => {
  vi.useRealTimers();
});

test("one batch an interval, also if spans end while many are being encoded", () => {
  vi.useFakeTimers();
  const sentMs: number[] = [];
  const health = new HealthCounter(
    new DeliveryReports({
      subject: "spans",
      queueBytes: 2 ** 20,
      onProblem: () => {},
      onRecovery: () => {},
    }),
  );
  const source = new SpanSource({
    resource: {},
    queueBytes: 2 ** 20,
    flushIntervalMs: FLUSH_MS,
    health,
    clock: new WallClock(),
    scope,
    sendsTraces: true,
    sending: () => undefined,
    onReady: () => {
      for (let batch = source.next(); batch !== undefined; batch = source.next()) {
        sentMs.push(Date.now());
        source.settled(batch, { kind: "delivered", rejected: 0, message: "" });
      }
    },
  });
  // Each interval many wait, and one more ends whenever a timer has run.
  const timers = 60;
  for (let i = 0; i < timers; i += 1) {
    if (source.queuedSpans < 600) for (let n = 0; n < 600; n += 1) source.add(span);
    vi.advanceTimersToNextTimer();
    source.add(span);
  }
  expect(sentMs.length).toBeGreaterThan(5);
  const waits = sentMs.slice(1).map((ms, i) => ms - (sentMs[i] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(FLUSH_MS);
});
