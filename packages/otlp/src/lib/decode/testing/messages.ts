import { attribute, semconv, serviceMetrics } from "@slipstream/conventions";
import type {
  AnyValue,
  KeyValue,
  MetricMessage,
  MetricsRequest,
  SpanMessage,
  TracesRequest,
} from "@slipstream/testing/otlp-schema";
import fc from "fast-check";

const NOW = 1_760_000_000_000_000_000n;

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constant("é".repeat(900)),
);

const scalar: fc.Arbitrary<AnyValue> = fc.oneof(
  text.map((stringValue) => ({ stringValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ intValue: String(value) })),
  fc.integer().map((value) => ({ intValue: String(value) })),
  fc.double().map((doubleValue) => ({ doubleValue })),
);

const { value: nested } = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
    fc
      .array(fc.record({ key: text, value: tie("value") }), { maxLength: 3 })
      .map((values) => ({ kvlistValue: { values } })),
    fc.constantFrom({ bytesValue: "" }, { bytesValue: "AAEC" }),
  ),
}));

const key = fc.oneof(
  fc.constantFrom(...Object.values(attribute), ...Object.values(semconv)),
  fc.string({ maxLength: 30 }),
  fc.constantFrom("trade.i", "trade.idx", "trade.ib", "__proto__", "constructor", ""),
);

const digits = fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String);

const keyValue: fc.Arbitrary<KeyValue> = fc.oneof(
  fc.record({ key, value: nested }, { requiredKeys: ["key"] }),
  fc.record({
    key: fc.constantFrom(attribute.tradeQuotedOut, attribute.tradeActualOut),
    value: digits.map((stringValue) => ({ stringValue })),
  }),
);

const attributes = fc.uniqueArray(keyValue, { maxLength: 12, selector: (pair) => pair.key });

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

const idOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 20, arbitrary: bytes(length) },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(length)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  );

const nanos: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 20, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 13n }).map((offset) => NOW + offset) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, NOW / 1000n, 2n ** 64n - 1n) },
);

const span: fc.Arbitrary<SpanMessage> = fc
  .record(
    {
      traceId: idOf(16),
      spanId: idOf(8),
      parentSpanId: idOf(8),
      traceState: fc.string({ maxLength: 10 }),
      flags: fc.nat(255),
      name: text,
      kind: fc.integer({ min: -1, max: 7 }),
      startTimeUnixNano: nanos,
      durationNanos: fc.bigInt({ min: -10n, max: 10n ** 12n }),
      attributes,
      events: fc.array(fc.record({ timeUnixNano: nanos.map(String), name: text, attributes }), {
        maxLength: 1,
      }),
      status: fc.record({ code: fc.integer({ min: 0, max: 3 }), message: text }),
    },
    { requiredKeys: ["traceId", "spanId", "name", "startTimeUnixNano", "durationNanos"] },
  )
  .map(({ startTimeUnixNano, durationNanos, ...rest }) => {
    const end = BigInt.asUintN(64, startTimeUnixNano + durationNanos);
    return { ...rest, startTimeUnixNano: String(startTimeUnixNano), endTimeUnixNano: String(end) };
  });

const resource = fc.record({ attributes });

export const tracesRequest: fc.Arbitrary<TracesRequest> = fc.record({
  resourceSpans: fc.array(
    fc.record(
      {
        resource,
        scopeSpans: fc.array(fc.record({ spans: fc.array(span, { maxLength: 4 }) }), { maxLength: 2 }),
      },
      { requiredKeys: ["scopeSpans"] },
    ),
    { maxLength: 3 },
  ),
});

const point = fc
  .record(
    {
      attributes: fc.oneof(
        attributes,
        fc.constantFrom("redis", "questdb").map((type) => [{ key: "type", value: { stringValue: type } }]),
      ),
      timeUnixNano: nanos.map(String),
      value: fc.oneof(
        fc.double().map((asDouble) => ({ asDouble })),
        fc.integer().map((value) => ({ asInt: String(value) })),
        fc.constant({}),
      ),
      flags: fc.constantFrom(0, 0, 0, 1, 2, 3),
    },
    { requiredKeys: ["timeUnixNano", "value"] },
  )
  .map(({ value, ...rest }) => ({ ...rest, ...value }));

const dataPoints = fc.array(point, { maxLength: 4 });

const metric: fc.Arbitrary<MetricMessage> = fc
  .tuple(
    fc.constantFrom(...Object.values(serviceMetrics).map(({ name }) => name), "other", ""),
    fc.oneof(
      dataPoints.map((points) => ({ gauge: { dataPoints: points } })),
      fc
        .record({
          dataPoints,
          isMonotonic: fc.boolean(),
          aggregationTemporality: fc.constantFrom(0, 1, 2),
        })
        .map((sum) => ({ sum })),
      fc
        .record({
          kind: fc.constantFrom("histogram", "exponentialHistogram", "summary"),
          timeUnixNano: nanos.map(String),
          sum: fc.nat(9),
        })
        .map(({ kind, ...rest }) => ({ [kind]: { dataPoints: [{ ...rest, count: "3" }] } })),
    ),
  )
  .map(([name, data]) => ({ name, ...data }));

export const metricsRequest: fc.Arbitrary<MetricsRequest> = fc.record({
  resourceMetrics: fc.array(
    fc.record(
      {
        resource,
        scopeMetrics: fc.array(fc.record({ metrics: fc.array(metric, { maxLength: 4 }) }), { maxLength: 2 }),
      },
      { requiredKeys: ["scopeMetrics"] },
    ),
    { maxLength: 3 },
  ),
});
