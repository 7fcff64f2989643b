import { attribute, serviceMetrics } from "@slipstream/conventions";
import { expect, test } from "vitest";
import { decodeSteps } from "./decode.ts";
import { OtlpError } from "./errors.ts";
import type { DecodeLimits } from "./limits.ts";
import type { Batch, OtlpFormat } from "./model.ts";
import { STEP_BYTES } from "./steps.ts";

const limits: DecodeLimits = { maxItems: 1_000, maxItemValues: 500, maxItemBytes: 200_000 };

interface Outcome {
  readonly steps: number;
  readonly code: string;
  readonly batch: Batch | undefined;
}

function decode(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): Outcome {
  let count = 0;
  try {
    const steps = decodeSteps(kind, body, format, limits);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return { steps: count, code: "accepted", batch: step.value };
      count++;
    }
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    expect(error.message).toMatch(/\d+.*; (send|set)|deeper than \d+|more than \d+ levels|repeated; send/);
    return { steps: count, code: error.code, batch: undefined };
  }
}

const json = (kind: Batch["kind"], text: string): Outcome => decode(kind, Buffer.from(text), "json");
const many = (text: string, count: number): string => new Array<string>(count).fill(text).join(",");

const span = (fields: string): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${fields}]}]}]}`;
const metric = (fields: string): string => `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${fields}]}]}]}`;
const points = (fields: string): string =>
  metric(`{"name":"${serviceMetrics.openPositions.name}","gauge":{"dataPoints":[${fields}]}}`);

test.each<[string, Batch["kind"], string]>([
  ["resources", "traces", `{"resourceSpans":[${many("{}", 1_001)}]}`],
  ["resources", "metrics", `{"resourceMetrics":[${many("{}", 1_001)}]}`],
  ["scopes", "traces", `{"resourceSpans":[{"scopeSpans":[${many("{}", 1_000)}]}]}`],
  ["scopes", "metrics", `{"resourceMetrics":[{"scopeMetrics":[${many("{}", 1_000)}]}]}`],
  ["spans", "traces", span(many("{}", 1_000))],
  ["metrics", "metrics", metric(many("{}", 1_000))],
  ["attributes", "traces", span(`{"attributes":[${many('{"key":"a"}', 501)}]}`)],
  ["attributes without a key", "traces", span(`{"attributes":[${many("{}", 501)}]}`)],
  [
    "attributes that are kept",
    "traces",
    span(`{"attributes":[${many(`{"key":"${attribute.tradeId}","value":{"stringValue":"x"}}`, 501)}]}`),
  ],
  [
    "attributes of a resource",
    "metrics",
    `{"resourceMetrics":[{"resource":{"attributes":[${many("{}", 501)}]}}]}`,
  ],
  ["events", "traces", span(`{"events":[${many("{}", 501)}]}`)],
  ["links", "traces", span(`{"links":[${many("[]", 501)}]}`)],
  [
    "values of an array",
    "traces",
    span(`{"attributes":[{"key":"a","value":{"arrayValue":{"values":[${many("1", 501)}]}}}]}`),
  ],
  ["unknown names", "traces", span(`{${many('"x":0', 501)}}`)],
  ["one name again and again", "traces", span(`{${many('"name":"x"', 501)}}`)],
])("too many %s of %s in JSON", (_, kind, text) => {
  expect(json(kind, text).code).toBe("too_many");
});

test.each<[string, Batch["kind"], string]>([
  [
    "an attribute",
    "traces",
    span(`{"attributes":[{"key":"a","value":{"stringValue":"${"x".repeat(200_000)}"}}]}`),
  ],
  ["escapes", "traces", span(`{"name":"${"\\u0041".repeat(40_000)}"}`)],
  ["digits", "traces", span(`{"kind":${"1".repeat(200_001)}}`)],
  ["spaces", "traces", span(`{"kind":${" ".repeat(200_001)}1}`)],
  ["something that is not known", "traces", `{"x":"${"x".repeat(200_001)}"}`],
  ["spaces between items", "metrics", `{"resourceMetrics":[${" ".repeat(200_001)}]}`],
])("too large for what is read at once: %s", (_, kind, text) => {
  expect(json(kind, text).code).toBe("too_large");
});

test("a name that is repeated makes a body be read again, but not often", () => {
  const inner = `{"resource":{"attributes":[]},"scopeSpans":[${many('{"spans":[]}', 300)}],"resource":{}}`;
  expect(json("traces", `{"resourceSpans":[${inner}]}`).code).toBe("accepted");
  const twice = (name: string, text: string): string => `{"${name}":${text},"${name}":${text}}`;
  const scopes = twice("scopeSpans", `[${twice("spans", `[{"x":"${"x".repeat(100_000)}"}]`)}]`);
  expect(json("traces", twice("resourceSpans", `[${scopes}]`)).code).toBe("too_many");
});

test("what is not known may be of any length, if it is no single text, and the decoder pauses in it", () => {
  const text = `{"x":[${many("{}", 300_000)}],${'"y":null,'.repeat(100_000)}"resourceSpans":[]}   `;
  const { code, steps } = json("traces", text);
  expect(code).toBe("accepted");
  expect(steps).toBeGreaterThan(text.length / STEP_BYTES / 2);
});

const field = (number: number, inner: Uint8Array): Buffer => {
  const length: number[] = [];
  let rest = inner.length;
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.of(number * 8 + 2, ...length, rest), inner]);
};
const times = (bytes: Uint8Array, count: number): Buffer =>
  Buffer.concat(new Array<Uint8Array>(count).fill(bytes));
const empty = (number: number): Buffer => field(number, new Uint8Array(0));
const inSpan = (inner: Uint8Array): Buffer => field(1, field(2, field(2, inner)));

test.each<[string, Batch["kind"], Buffer]>([
  ["resources", "traces", times(empty(1), 1_001)],
  ["resources", "metrics", times(empty(1), 1_001)],
  ["scopes", "traces", field(1, times(empty(2), 1_000))],
  ["scopes", "metrics", field(1, times(empty(2), 1_000))],
  ["spans", "traces", field(1, field(2, times(empty(2), 1_000)))],
  ["metrics", "metrics", field(1, field(2, times(empty(2), 1_000)))],
  ["attributes", "traces", inSpan(times(empty(9), 501))],
  ["attributes of a resource", "metrics", field(1, field(1, times(empty(1), 501)))],
  ["events", "traces", inSpan(times(empty(11), 501))],
  ["fields that are not known", "traces", inSpan(times(Buffer.of(0xf8, 0x01, 0), 501))],
])("too many %s of %s in protobuf", (_, kind, body) => {
  expect(decode(kind, body, "protobuf").code).toBe("too_many");
});

test("a text or an array of any length costs nothing in protobuf", () => {
  const text = field(1, Buffer.alloc(3_000_000, "x"));
  const array = field(5, times(empty(1), 100_000));
  for (const value of [text, array])
    expect(decode("traces", inSpan(field(9, field(2, value))), "protobuf").code).toBe("accepted");
});

test("in protobuf too the decoder pauses in what is not known", () => {
  const body = times(Buffer.of(0x78, 0), 300_000);
  const { code, steps } = decode("traces", body, "protobuf");
  expect(code).toBe("accepted");
  expect(steps).toBeGreaterThan(body.length / STEP_BYTES / 2);
});

test("points are items", () => {
  expect(json("metrics", points(many("{}", 1_000))).code).toBe("too_many");
  const few = json("metrics", points(many('{"timeUnixNano":"1760000000000000000","asInt":1}', 990)));
  expect(few).toMatchObject({ code: "accepted" });
});
