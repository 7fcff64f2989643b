import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { TraceState } from "@opentelemetry/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { comparable, ownRecording, sdkRecording } from "../../testing/both-kinds.ts";
import type { OwnSpan } from "./own-span.ts";

// Both read these clocks, which agree.
const WALL_MS = Date.UTC(2026, 0, 1);
let ms = 5_000_000;
beforeEach(() => {
  ms = 5_000_000;
  vi.spyOn(performance, "now").mockImplementation(() => ms);
  vi.spyOn(performance, "timeOrigin", "get").mockReturnValue(WALL_MS);
  vi.spyOn(Date, "now").mockImplementation(() => WALL_MS + ms);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const key = fc.oneof(
  fc.constantFrom("a", "b", "rpc.method", ""),
  fc.string({ unit: "binary" }).filter((text) => text !== "__proto__"),
);
const text = fc.oneof(
  { weight: 40, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(16_384), "é".repeat(20_000)) },
);
const scalar = fc.oneof(text, fc.boolean(), fc.integer(), fc.double(), fc.constantFrom(null, undefined));
const notAValue = fc.constantFrom<unknown>({ an: "object" }, () => 1, 1n, Symbol("s"), [[1]], [{}], [1, "a"]);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.array(fc.option(text)),
  fc.array(fc.option(fc.double())),
  fc.array(fc.oneof(fc.boolean(), fc.constant(undefined))),
  notAValue,
) as fc.Arbitrary<AttributeValue>;
const attributes = fc.dictionary(key, value, { noNullPrototype: true }) as fc.Arbitrary<Attributes>;
const time: fc.Arbitrary<TimeInput | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.integer({ min: 4_999_000, max: 5_000_100 }),
  fc.integer({ min: -10_000, max: 10_000 }).map((offset) => WALL_MS + 5_000_000 + offset),
  fc.integer({ min: 0, max: 10_000 }).map((offset) => new Date(WALL_MS + 5_000_000 + offset)),
  fc.tuple(fc.nat(4_000_000_000), fc.nat(999_999_999)),
);
/** What spans of the SDK tell of their times. */
const timesOf = (span: Span) => {
  const { ended, startTime, endTime, duration } = span as OwnSpan;
  // The SDK has more than one form for some times.
  const inNanoseconds = ([seconds, rest]: HrTime) => BigInt(seconds) * 1_000_000_000n + BigInt(rest);
  return { ended, times: [startTime, endTime, duration].map(inNanoseconds) };
};
const hex = (digits: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-fA-F]{${digits}}$`)).filter((id) => /[^0]/.test(id));
const spanContext = fc.record(
  {
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
    isRemote: fc.boolean(),
    traceState: fc.constantFrom(new TraceState("vendor=1"), new TraceState()),
  },
  { requiredKeys: ["traceId", "spanId", "traceFlags"] },
);
const link: fc.Arbitrary<Link> = fc.record(
  { context: spanContext, attributes },
  { requiredKeys: ["context"] },
);
const status = fc.record(
  {
    code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
    message: fc.oneof(text, fc.constantFrom<unknown>(5, null, {})),
  },
  { requiredKeys: ["code"] },
) as fc.Arbitrary<SpanStatus>;
const exception = fc.oneof(
  text,
  fc.record(
    { code: fc.constantFrom("E", 5, ""), name: text, message: text, stack: text },
    // The SDK turns an exception without a type and a message into text.
    { requiredKeys: [], noNullPrototype: true },
  ),
  fc.constantFrom(undefined, null, new TypeError("wrong")),
) as fc.Arbitrary<Exception>;

interface Step {
  readonly name: string;
  apply(span: Span): unknown;
}
const step = <T>(name: string, given: fc.Arbitrary<T>, apply: (span: Span, given: T) => unknown) =>
  given.map(
    (input): Step => ({ name: `${name} ${fc.stringify(input)}`, apply: (span) => apply(span, input) }),
  );
const nothing = fc.constant(undefined);
const many = <T>(item: (i: number) => T): T[] => Array.from({ length: 200 }, (_, i) => item(i));
const steps: fc.Arbitrary<Step> = fc.oneof(
  step("setAttribute", fc.tuple(key, value), (span, given) => span.setAttribute(...given) === span),
  step("setAttributes", attributes, (span, given) => span.setAttributes(given) === span),
  step("many attributes", fc.nat(10), (span, from) =>
    span.setAttributes(Object.fromEntries(many((i) => [`${from}.${i}`, i]))),
  ),
  step("addEvent", fc.tuple(text, fc.oneof(attributes, time), time), (span, [name, more, at]) => {
    return span.addEvent(name, more, at) === span;
  }),
  step("many events", nothing, (span) => many((i) => span.addEvent(`event ${i}`))),
  step("a full event", nothing, (span) =>
    span.addEvent("full", Object.fromEntries(many((i) => [String(i), i]))),
  ),
  step("addLink", link, (span, given) => span.addLink(given) === span),
  step("addLinks", fc.array(link), (span, given) => span.addLinks(given) === span),
  step("many links", spanContext, (span, context) =>
    span.addLinks(many((i) => ({ context, attributes: { i } }))),
  ),
  step("setStatus", status, (span, given) => span.setStatus(given) === span),
  step("updateName", text, (span, given) => span.updateName(given) === span),
  step("recordException", fc.tuple(exception, time), (span, given) => span.recordException(...given)),
  step("isRecording", nothing, (span) => span.isRecording()),
  step("wait", fc.nat(5_000), (_, given) => {
    ms += given;
  }),
  step("end", time, (span, given) => span.end(given)),
);
const options: fc.Arbitrary<SpanOptions> = fc.record(
  {
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.SERVER),
    attributes,
    links: fc.array(link, { maxLength: 3 }),
    startTime: time,
    root: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<SpanOptions>;

describe("a span of ours is exported as the SDK's is", () => {
  test("after any sequence of calls, with any parent", () => {
    fc.assert(
      fc.property(
        text,
        options,
        fc.option(spanContext, { nil: undefined }),
        fc.array(steps, { maxLength: 12 }),
        (name, given, parent, sequence) => {
          const within = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
          const [ours, theirs] = [ownRecording(), sdkRecording()].map(({ tracer, exported }) => {
            ms = 5_000_000;
            const span = tracer.startSpan(name, given, within);
            const answers = sequence.map(({ apply }) => {
              const answer = apply(span);
              return typeof answer === "boolean" ? answer : undefined;
            });
            const running = timesOf(span);
            span.end();
            const { traceId, traceState, traceFlags } = span.spanContext();
            const inherited = parent !== undefined && given.root !== true;
            const sent = exported();
            return {
              answers,
              recording: span.isRecording(),
              times: [running, timesOf(span)],
              context: { traceId: inherited ? traceId : traceId.length, traceState, traceFlags },
              parents: sent.map(({ parentSpanId }) => parentSpanId),
              sent: sent.map(comparable),
            };
          });
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("what its owner changes later is not exported", () => {
    const [ours, theirs] = [ownRecording(), sdkRecording()].map(({ tracer, exported }) => {
      const list = ["a"];
      const values: Attributes = { list, word: "a" };
      const span = tracer.startSpan("x", { attributes: values, links: [] });
      span.setAttributes({ other: list });
      span.addEvent("event", values);
      list.push("b");
      values.word = "b";
      span.end();
      span.setAttribute("late", true);
      return exported().map(comparable);
    });
    expect(ours).toEqual(theirs);
    expect(JSON.stringify(ours)).not.toContain('"b"');
  });
});

describe("its context", () => {
  test("is valid, unique, and stays the same", () => {
    const { tracer } = ownRecording();
    const spans = Array.from({ length: 10_000 }, () => tracer.startSpan("x", {}, ROOT_CONTEXT));
    const contexts = spans.map((span) => span.spanContext());
    expect(contexts.every(trace.isSpanContextValid)).toBe(true);
    expect(new Set(contexts.map(({ traceId }) => traceId)).size).toBe(10_000);
    expect(new Set(contexts.map(({ spanId }) => spanId)).size).toBe(10_000);
    expect(spans.every((span, i) => span.spanContext() === contexts[i])).toBe(true);
  });

  test("is what is exported", () => {
    const { tracer, exported } = ownRecording();
    const spans = Array.from({ length: 100 }, () => tracer.startSpan("x", {}, ROOT_CONTEXT));
    for (const span of spans) span.end();
    const text = (base64: string) => Buffer.from(base64, "base64").toString("hex");
    const sent = exported().map(({ traceId, spanId }) => ({ traceId: text(traceId), spanId: text(spanId) }));
    expect(sent).toEqual(
      spans.map((span) => {
        const { traceId, spanId } = span.spanContext();
        return { traceId, spanId };
      }),
    );
  });
});

test("a wrapped span works as the span", () => {
  const { tracer, exported } = ownRecording();
  const span = new Proxy(tracer.startSpan("x"), {});
  span.setAttribute("a", 1).addEvent("e").end();
  expect(exported().map(({ name, events }) => [name, events.length])).toEqual([["x", 1]]);
});
