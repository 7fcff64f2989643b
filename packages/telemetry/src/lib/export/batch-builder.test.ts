import { type Attributes, type Link, SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { NodeTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { decodeTracesRequest } from "@slipstream/testing/otlp-requests";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";

const resource = { "service.name": "überservice", desk: "a" };
const ended: ReadableSpan[] = [];
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes(resource),
  spanProcessors: [
    {
      onStart() {},
      onEnd: (span) => ended.push(span),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
});

const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ minLength: 100, maxLength: 300 }),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 63), 2 ** 63, 1e300, 127, 128, 16_383, 16_384),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.string({ minLength: 1 }),
  fc.oneof(scalar, fc.array(fc.string()), fc.array(fc.double()), fc.array(fc.boolean())),
) as fc.Arbitrary<Attributes>;
const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .filter((id) => id.some((byte) => byte > 0))
    .map((id) => Buffer.from(id).toString("hex"));
const link: fc.Arbitrary<Link> = fc.record({
  context: fc.record({
    traceId: hex(16),
    spanId: hex(8),
    traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
    isRemote: fc.boolean(),
  }),
  attributes,
});
const time = fc.tuple(fc.nat(4_000_000_000), fc.nat(999_999_999));
const span = fc.record({
  scope: fc.constantFrom("a", "b", "c"),
  name: fc.string({ unit: "binary" }),
  kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.SERVER),
  attributes,
  links: fc.array(link, { maxLength: 3 }),
  events: fc.array(fc.record({ name: fc.string(), attributes, time }), { maxLength: 3 }),
  error: fc.option(fc.string()),
  startTime: time,
  endTime: time,
});

test("the encoding equals that of OpenTelemetry's own serializer", () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (list) => {
      ended.length = 0;
      for (const { scope, name, kind, links, events, error, startTime, endTime, ...rest } of list) {
        const tracer = provider.getTracer(scope, "1.0", {
          schemaUrl: scope === "b" ? "https://example.org/é" : "",
        });
        const made = tracer.startSpan(name, { kind, links, startTime, attributes: rest.attributes });
        for (const event of events) made.addEvent(event.name, event.attributes, event.time);
        if (error !== null) made.setStatus({ code: SpanStatusCode.ERROR, message: error });
        made.end(endTime);
      }
      const builder = new BatchBuilder(resource);
      for (const each of ended) builder.add(each);
      const { body, spans } = builder.seal();
      expect(spans).toBe(list.length);
      const theirs = ProtobufTraceSerializer.serializeRequest(ended) ?? new Uint8Array();
      expect(comparable(body)).toEqual(comparable(theirs));
    }),
    { numRuns: 150 },
  );
});

test("a sealed builder starts again", () => {
  const builder = new BatchBuilder(resource);
  ended.length = 0;
  provider.getTracer("a").startSpan("first").end();
  provider.getTracer("a").startSpan("second").end();
  const [first, second] = ended;
  if (first === undefined || second === undefined) throw new Error("no spans");
  builder.add(first);
  const one = builder.seal();
  expect(builder.spans).toBe(0);
  expect(builder.bytes).toBe(0);
  builder.add(second);
  const names = [one, builder.seal()].map(({ body }) =>
    decodeTracesRequest(body).resourceSpans.flatMap((r) =>
      r.scopeSpans.flatMap((s) => s.spans.map((x) => x.name)),
    ),
  );
  expect(names).toEqual([["first"], ["second"]]);
});

/** Decoded. A status of "unset" equals none, and scopes may be in any order. */
function comparable(body: Uint8Array): unknown {
  return decodeTracesRequest(body).resourceSpans.map(({ resource: { attributes: list }, scopeSpans }) => ({
    resource: list,
    scopeSpans: [...scopeSpans]
      .sort((a, b) => a.scope.name.localeCompare(b.scope.name))
      .map((scope) => ({
        ...scope,
        spans: scope.spans.map((each) => ({
          status: undefined,
          ...each,
          ...(each.status?.code ? {} : { status: undefined }),
        })),
      })),
  }));
}
