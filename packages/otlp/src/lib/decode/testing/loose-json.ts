import { attribute, semconv, serviceMetrics } from "@slipstream/conventions";
import fc from "fast-check";

// JSON as a hostile or careless sender may write it: names repeated, in both spellings, with escapes, values of any type.

const names = [
  ...["resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "spans", "resource", "attributes"],
  ...[
    "resourceMetrics",
    "scopeMetrics",
    "scope_metrics",
    "metrics",
    "gauge",
    "sum",
    "dataPoints",
    "data_points",
  ],
  ...["key", "value", "stringValue", "string_value", "intValue", "int_value", "boolValue", "doubleValue"],
  ...[
    "double_value",
    "arrayValue",
    "traceId",
    "trace_id",
    "spanId",
    "parentSpanId",
    "parent_span_id",
    "name",
  ],
  ...[
    "kind",
    "startTimeUnixNano",
    "endTimeUnixNano",
    "end_time_unix_nano",
    "status",
    "code",
    "asInt",
    "asDouble",
  ],
  ...["timeUnixNano", "time_unix_nano", "flags", "__proto__", "constructor", "x", "", 'a"b', "\\", "é🚀"],
];

const keys = [
  ...Object.values(attribute),
  ...Object.values(semconv),
  ...Object.values(serviceMetrics).map(({ name }) => name),
  ...["SPAN_KIND_CLIENT", "STATUS_CODE_ERROR", "1760000000000000000", "5b8aa5a2d2c872e8321cf37308d69df2"],
  ...["051581bf3cb55c13", "0000000000000000", "5B8AA5A2", "-7", "9223372036854775807", "0x10", " 1 ", "NaN"],
  ...["x".repeat(400), "é".repeat(700), "🚀".repeat(300), "trade.id\u0000", "12", "1e3", "007", "-0", ""],
];

const escaped = (text: string): string =>
  [...text]
    .flatMap((character) => Array.from({ length: character.length }, (_, at) => character.charCodeAt(at)))
    .map((code) => `\\u${code.toString(16).padStart(4, "0")}`)
    .join("");

const stringOf = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat(9))
    .map(([value, how]) => (how === 0 ? `"${escaped(value)}"` : JSON.stringify(value)));

const text = fc.oneof(
  { weight: 6, arbitrary: stringOf(fc.constantFrom(...keys)) },
  { weight: 1, arbitrary: stringOf(fc.string({ unit: "binary", maxLength: 8 })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '"\\ud800"',
        '"\\ud83d\\ude80"',
        '"\\ude80\\ud83d"',
        '"\\ud800x"',
        '"\\n\\/\\b"',
        '"\\ud83d\\ud83d\\ude80"',
      ],
    ),
  },
);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, min: -1_000, max: 1_000 }).map(String),
  fc.integer().map(String),
  fc.constantFrom(
    ...["0", "-0", "1e400", "-1.5E-3", "1760000000000000000", "18446744073709551616", "3", "1.0", "0.1"],
    ...["0.30000000000000004", "123456789012345678", "1e3", "1234567890.12345", "2147483648", "999999999"],
  ),
);

const space = fc.constantFrom("", "", "", "", " ", "\n", "\t\r ");

const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: number },
    {
      weight: 1,
      arbitrary: fc.constantFrom("null", "true", "false", "{}", "[]", '{"a":[{"b":null},[1,"x"]]}'),
    },
    { weight: 2, arbitrary: fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`) },
    { weight: 3, arbitrary: object(tie("json")) },
  ),
}));

function object(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(space, stringOf(fc.constantFrom(...names)), space, value, space), { maxLength: 6 })
    .map(
      (members) => `{${members.map(([a, name, b, inner, c]) => `${a}${name}${b}:${inner}${c}`).join(",")}}`,
    );
}

/** An object with some of these members, each mostly of the right type, in any order, some of them twice. */
function message(fields: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const members = Object.entries(fields).map(([name, value]) => {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const spelt = stringOf(fc.constantFrom(name, name, name, name, snake));
    const any = fc.oneof(
      { weight: 30, arbitrary: value },
      { weight: 1, arbitrary: json },
      { weight: 1, arbitrary: fc.constant("null") },
    );
    return fc.tuple(spelt, any).map(([key, inner]) => `${key}:${inner}`);
  });
  const member = fc.oneof(...members);
  return fc
    .tuple(
      fc.tuple(...members),
      fc.array(member, { maxLength: 1 }),
      fc.nat(20),
      fc.array(fc.nat(), { maxLength: 3 }),
      space,
    )
    .map(([all, extra, how, dropped, gap]) => {
      const some = all.filter((_, index) => !dropped.some((drop) => how < 8 && drop % all.length === index));
      const list = how < 4 ? [...some, ...extra] : some;
      if (how === 1) list.reverse();
      return `{${gap}${list.join(`${gap},${gap}`)}}`;
    });
}

const list = (item: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(item, { maxLength }).map((items) => `[${items.join(",")}]`);

const anyValue = fc.oneof(
  message({ stringValue: text }),
  message({ intValue: fc.oneof(number, text) }),
  message({ doubleValue: fc.oneof(number, text) }),
  message({ boolValue: fc.constantFrom("true", "false") }),
  message({ stringValue: text, intValue: number, doubleValue: number, boolValue: fc.constant("true") }),
);
const attributes = list(message({ key: stringOf(fc.constantFrom(...keys)), value: anyValue }), 4);
const resource = message({ attributes });
const time = fc.constantFrom('"1760000000000000000"', '"1760000000000000009"', "1760000000000000000", '"5"');
const span = message({
  traceId: fc.constant('"5b8aa5a2d2c872e8321cf37308d69df2"'),
  spanId: fc.constant('"051581bf3cb55c13"'),
  parentSpanId: fc.constantFrom('""', '"051581bf3cb55c13"', '"0000000000000000"', '"00"', '"zz"'),
  name: text,
  kind: fc.constantFrom("1", "3", '"SPAN_KIND_CLIENT"', '"?"', "9"),
  startTimeUnixNano: fc.constant('"1760000000000000000"'),
  endTimeUnixNano: time,
  attributes,
  status: message({ code: fc.constantFrom("2", '"STATUS_CODE_OK"') }),
});
const point = message({
  timeUnixNano: time,
  asInt: fc.oneof(number, text),
  asDouble: fc.oneof(number, text),
  flags: fc.constantFrom("0", "1", '"1"'),
  attributes,
});
const data = message({ dataPoints: list(point, 2) });
const sum = message({
  aggregationTemporality: fc.constantFrom("1", "2", '"AGGREGATION_TEMPORALITY_DELTA"', '"?"'),
  dataPoints: list(point, 2),
  isMonotonic: fc.constantFrom("true", "false", '"true"', "1"),
});
const metric = message({
  name: stringOf(fc.constantFrom(...Object.values(serviceMetrics).map(({ name }) => name))),
  gauge: data,
});
const sumMetric = message({
  name: stringOf(fc.constantFrom(...Object.values(serviceMetrics).map(({ name }) => name))),
  sum,
});

/** The text of a request, or of something like one. */
export const looseJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: json },
  {
    weight: 6,
    arbitrary: message({
      resourceSpans: list(message({ resource, scopeSpans: list(message({ spans: list(span, 2) }), 2) }), 2),
    }),
  },
  {
    weight: 4,
    arbitrary: message({
      resourceMetrics: list(
        message({
          resource,
          scopeMetrics: list(message({ metrics: list(fc.oneof(metric, sumMetric), 2) }), 2),
        }),
        2,
      ),
    }),
  },
);
