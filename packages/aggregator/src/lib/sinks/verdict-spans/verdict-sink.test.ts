import { DatabaseSync } from "node:sqlite";
import { rowOfDesk } from "@slipstream/engine/storage";
import { eventually } from "@slipstream/testing/eventually";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { plain } from "@slipstream/testing/otlp-requests";
import { encode } from "@slipstream/testing/otlp-schema";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSender } from "../../alerts/http/sender.ts";
import { EmbeddedHistory } from "../../history/embedded-history.ts";
import { START_MS, verdictRow } from "../../history/testing/rows.ts";
import type { SinkStateChange } from "../sink.ts";
import { TRACES } from "./options.ts";
import { VerdictSink, type VerdictSinkOptions } from "./verdict-sink.ts";

let history: EmbeddedHistory;
let receiver: Receiver;
let told: SinkStateChange[];
let sinks: VerdictSink[];

beforeEach(async () => {
  history = new EmbeddedHistory(new DatabaseSync(":memory:"));
  history.finalVerdictsFor(TRACES);
  receiver = await Receiver.start();
  told = [];
  sinks = [];
});
afterEach(async () => {
  await Promise.all(sinks.map((sink) => sink.close()));
  await receiver.close();
});

function start(options: Partial<VerdictSinkOptions> = {}): VerdictSink {
  const sink = new VerdictSink({
    source: history.finalVerdictsFor(TRACES),
    target: { url: `${receiver.url}/v1/traces`, headers: { authorization: "Bearer secret-token" } },
    from: { instance: "i-1", desk: "alpha" },
    http: createSender({ env: {}, limits: { answerMs: 200 } }),
    flushMs: 5,
    retry: { backoff: { firstMs: 5, longestMs: 10 } },
    onStateChange: (change) => told.push(change),
    ...options,
  });
  sinks.push(sink);
  return sink;
}

function record(count: number, from = 0): void {
  history.write(Array.from({ length: count }, (_, i) => verdictRow(from + i)));
}

const sent = (): unknown[] => receiver.spans.map(({ attributes }) => plain(attributes)["trade.id"]);
const hex = (base64: string): string => Buffer.from(base64, "base64").toString("hex");
const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `t${from + i}`);

test("a verdict becomes a child of its trade's span, linked to it, just before the trade's end", async () => {
  history.write([
    verdictRow(7, {
      confidence: "high",
      label: "intentional",
      size_usd: 1_000,
      slot: 42,
      attacker: "A",
      attackers: '["A","B"]',
      front_signature: "F",
      back_signature: "K",
      loss_ratio: 0.0125,
      loss_usd: 12.5,
      residual: 1e-3,
      evidence: "[]",
      decided_ms: START_MS + 30_000,
    }),
  ]);
  const sink = start();
  await eventually("sent", () => receiver.spans.length === 1);
  const [span] = receiver.spans;
  const trade = { trace: "7".padStart(32, "a"), span: "7".padStart(16, "b") };
  expect(hex(span?.traceId ?? "")).toBe(trade.trace);
  expect(hex(span?.parentSpanId ?? "")).toBe(trade.span);
  expect(span?.links?.map((link) => [hex(link.traceId), hex(link.spanId)])).toEqual([
    [trade.trace, trade.span],
  ]);
  expect(span?.name).toBe("mev.verdict");
  const before = START_MS + 7_000 - 1;
  expect([span?.startTimeUnixNano, span?.endTimeUnixNano]).toEqual([`${before}998000`, `${before}999000`]);
  expect(plain(span?.attributes ?? [])).toEqual({
    "mev.verdict": "impacted",
    "mev.confidence": "high",
    "mev.label": "intentional",
    "mev.loss_usd": 12.5,
    "mev.loss_usd_low": 11.5,
    "mev.loss_usd_high": 13.5,
    "mev.loss_bps": "125",
    "mev.attackers": ["A", "B"],
    "mev.front_signature": "F",
    "mev.back_signature": "K",
    "mev.decided_at": "2025-01-01T00:00:30.000Z",
    "trade.id": "t7",
    "trade.pair": "JUP/USDC",
    "trade.size_usd": "1000",
    "solana.slot": "42",
  });
  expect(receiver.resource).toMatchObject({
    "service.name": "slipstream-aggregator",
    "service.instance.id": "i-1",
    "slipstream.desk": "alpha",
  });
  expect(receiver.requests[0]).toMatchObject({
    path: "/v1/traces",
    headers: { authorization: "Bearer secret-token", "content-type": "application/x-protobuf" },
  });
  await eventually("counted", () => sink.status().queueItems === 0);
  expect(sink.status()).toEqual({
    up: true,
    queueItems: 0,
    dropped: 0,
    writtenTimeMs: START_MS + 7_000,
    lagMs: 0,
  });
});

test("a verdict of another desk has that desk's name", async () => {
  history.write([rowOfDesk(verdictRow(1), "beta")]);
  start();
  await eventually("sent", () => receiver.spans.length === 1);
  expect(receiver.resource).toMatchObject({ "slipstream.desk": "beta" });
});

test("many are sent in requests of some hundred, in order, one at a time", async () => {
  record(1_000);
  start();
  await eventually("sent", () => receiver.spans.length === 1_000);
  expect(sent()).toEqual(names(0, 1_000));
  expect(receiver.batches).toEqual([256, 256, 256, 232]);
  expect(receiver.mostAtOnce.get("/v1/traces")).toBe(1);
});

test("what fails is sent again until it is taken: nothing is lost or dropped", async () => {
  const failures = [
    { status: 503 },
    { status: 500 },
    { status: 401 },
    { hang: true },
    { reset: true },
  ] as const;
  receiver.answer = (_, nth) => failures[nth - 1] ?? {};
  record(3);
  const sink = start();
  await eventually("down", () => sink.status().up === false);
  expect(sink.status()).toMatchObject({
    queueItems: 3,
    lastError: expect.stringMatching(/503|500|401|no answer|closed/),
  });
  await eventually("sent", () => receiver.spans.length === 3);
  await eventually("counted", () => sink.status().queueItems === 0);
  expect(sink.status()).toMatchObject({ up: true, dropped: 0 });
  expect(told.map(({ sink: name, up }) => [name, up])).toEqual([
    ["traces", false],
    ["traces", true],
  ]);
  expect(JSON.stringify(told)).not.toContain("secret-token");
});

test("the receiver's Retry-After is kept", async () => {
  let since = 0;
  receiver.answer = (_, nth) => {
    if (nth > 1) return {};
    since = performance.now();
    return { status: 429, headers: { "retry-after": "1" } };
  };
  record(1);
  start();
  await eventually("sent", () => receiver.spans.length === 1);
  expect(performance.now() - since).toBeGreaterThan(990);
});

test("what is refused for good is counted as dropped, and a later one is sent", async () => {
  receiver.answer = (_, nth) => (nth === 1 ? { status: 400, body: Buffer.from("no") } : {});
  record(2);
  const sink = start();
  await eventually("dropped", () => sink.status().dropped === 2);
  await eventually("works again", () => sink.status().up === true);
  record(1, 2);
  await eventually("sent", () => receiver.spans.length === 1);
  expect(sent()).toEqual(["t2"]);
  expect(told[0]).toMatchObject({ up: false, reason: "it answered 400: no; dropped: 2" });
});

test("a request that is too large is cut, down to single spans; one that is too large alone is dropped", async () => {
  receiver.answer = () => {
    const length = Number(receiver.requests.at(-1)?.headers["content-length"]);
    return length > 1_500 ? { status: 413 } : {};
  };
  record(40);
  const sink = start();
  await eventually("sent", () => receiver.spans.length === 40);
  expect(sent()).toEqual(names(0, 40));
  expect(sink.status().dropped).toBe(0);
  history.write([verdictRow(100, { evidence: JSON.stringify(["x".repeat(3_000)]) }), verdictRow(101)]);
  await eventually("the other is sent", () => receiver.spans.length === 41);
  expect([sent().at(-1), sink.status().dropped]).toEqual(["t101", 1]);
});

test("spans that a receiver rejects of a request count as dropped", async () => {
  const body = encode("ExportResponse", { partialSuccess: { rejected: 2, errorMessage: "too old" } });
  receiver.answer = (_, nth) => (nth === 1 ? { body } : {});
  record(5);
  const sink = start();
  await eventually("counted", () => sink.status().dropped === 2);
  expect(sink.status()).toMatchObject({ up: true, queueItems: 0 });
  receiver.answer = () => ({ body });
  record(2, 5);
  await eventually("none taken", () => sink.status().dropped === 4);
  expect(told).toContainEqual({ sink: "traces", up: false, reason: "it took none of 2 spans: too old" });
});

test("a web page is no receiver: nothing is taken for sent", async () => {
  receiver.answer = () => ({ headers: { "content-type": "text/html" }, body: Buffer.from("<html>") });
  record(1);
  const sink = start();
  await eventually("down", () => sink.status().up === false);
  expect(sink.status()).toMatchObject({ queueItems: 1, lastError: expect.stringContaining("web page") });
});

test("a verdict whose trade's span is not known is dropped, and counted", async () => {
  history.write([verdictRow(1, { trace_id: null, span_id: null }), verdictRow(2)]);
  const sink = start();
  await eventually("sent", () => sink.status().queueItems === 0);
  expect([sent(), sink.status().dropped]).toEqual([["t2"], 1]);
});

test("closing sends what waits, and the next one goes on behind it with the same ids", async () => {
  record(2);
  await start({ flushMs: 3_600_000 }).close();
  expect(sent()).toEqual(["t0", "t1"]);
  record(1, 2);
  start();
  await eventually("sent", () => receiver.spans.length === 3);
  expect(sent()).toEqual(["t0", "t1", "t2"]);

  // The same verdicts elsewhere, as after a crash between answer and position.
  const first = receiver.spans.map(({ spanId }) => spanId);
  history = new EmbeddedHistory(new DatabaseSync(":memory:"));
  history.finalVerdictsFor(TRACES);
  record(3);
  start();
  await eventually("sent again", () => receiver.spans.length === 6);
  expect(receiver.spans.slice(3).map(({ spanId }) => spanId)).toEqual(first);
  expect(new Set(first).size).toBe(3);
});

test("closing does not wait for a receiver that is away", async () => {
  await receiver.close();
  record(2);
  const sink = start({ retry: { backoff: { firstMs: 3_600_000, longestMs: 3_600_000 } } });
  await eventually("down", () => sink.status().up === false);
  await sink.close();
  expect(sink.status()).toMatchObject({ up: false, queueItems: 2, dropped: 0 });
});
