import { attribute, spanName } from "@slipstream/conventions";
import { decodeTraces, type Span, type TracesBatch } from "@slipstream/otlp/decode";
import { expect, test } from "vitest";
import { Bodies } from "./bodies.ts";
import { SERVICE, SPANS } from "./template.ts";
import { FIRST_SEQ, SPANS_PER_TRADE } from "./trade-spans.ts";

const NOW_MS = 1_767_225_600_123;
/** More than there are templates, so that some are used twice. */
const REQUESTS = 30;

function requests(run: number): { batch: TracesBatch; trades: number; bytes: number }[] {
  const bodies = new Bodies(run);
  return Array.from({ length: REQUESTS }, (_, i) => {
    const target = Buffer.alloc(bodies.longest + 10);
    const { bytes, trades } = bodies.writeNext(NOW_MS + i * 1_000, target, 10);
    return { batch: decodeTraces(target.subarray(10, 10 + bytes), "protobuf"), trades, bytes };
  });
}

test("no two spans of a stream, nor of two, have the same id; seq and trade ids go up one by one", () => {
  const spans = requests(1).flatMap(({ batch }) => batch.spans);
  const ids = [...spans, ...requests(2).flatMap(({ batch }) => batch.spans)].map(
    ({ trace0, trace1, trace2, trace3, span0, span1 }) =>
      [trace0, trace1, trace2, trace3, span0, span1].join(),
  );
  expect(new Set(ids).size).toBe(2 * REQUESTS * SPANS);
  expect(spans.map(({ attributes }) => attributes[attribute.slipstreamSeq])).toEqual(
    spans.map((_, i) => FIRST_SEQ + i),
  );
  const trades = spans.filter(({ name }) => name === spanName.tradeExecute);
  expect(trades.map(({ attributes }) => attributes[attribute.tradeId])).toEqual(
    trades.map((_, i) => `trade-${String(i).padStart(10, "0")}`),
  );
  expect(new Set(trades.map(({ attributes }) => attributes[attribute.solanaSignature])).size).toBe(
    trades.length,
  );
});

test("a body holds 512 spans that ended just now, of about 457 bytes and 12 attributes, and tells its trades", () => {
  for (const [i, { batch, trades, bytes }] of requests(3).entries()) {
    expect(batch.refusals).toEqual([]);
    expect(batch.spans).toHaveLength(SPANS);
    expect(Math.abs(bytes / SPANS - 457)).toBeLessThan(10);
    expect(batch.spans.filter(({ name }) => name === spanName.tradeExecute)).toHaveLength(trades);
    const nowMs = NOW_MS + i * 1_000;
    const isRight = ({ endMs, resource, durationSeconds }: Span): boolean =>
      nowMs - 1 < endMs &&
      endMs < nowMs &&
      0.0001 < durationSeconds &&
      durationSeconds < 2 &&
      resource.service === SERVICE;
    expect(batch.spans.filter((span) => !isRight(span))).toEqual([]);
  }
});

test("the spans of a trade are in one trace, and their parents are spans of it", () => {
  const spans = requests(4).flatMap(({ batch }) => batch.spans);
  const whole = spans.length - (spans.length % SPANS_PER_TRADE);
  for (let first = 0; first < whole; first += SPANS_PER_TRADE) {
    const trade = spans.slice(first, first + SPANS_PER_TRADE);
    const ids = new Set(trade.map(({ span0, span1 }) => `${span0} ${span1}`));
    expect(ids.size).toBe(SPANS_PER_TRADE);
    expect(new Set(trade.map(({ trace0, trace3 }) => `${trace0} ${trace3}`)).size).toBe(1);
    const isChild = ({ parent0, parent1 }: Span): boolean => ids.has(`${parent0} ${parent1}`);
    expect(trade.filter(({ hasParent }) => !hasParent).map(({ name }) => name)).toEqual([
      spanName.tradeExecute,
    ]);
    expect(trade.filter((span) => span.hasParent && !isChild(span))).toEqual([]);
  }
});
