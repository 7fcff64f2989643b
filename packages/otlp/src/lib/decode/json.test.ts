import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMetrics, decodeTraces } from "./decode.ts";
import { OtlpError } from "./errors.ts";
import { metricsJson, tracesJson } from "./testing/as-json.ts";
import { metricsRequest, tracesRequest } from "./testing/messages.ts";
import { readable } from "./testing/readable.ts";
import { expectedMetrics, expectedTraces } from "./testing/reference.ts";

const style = fc.record({
  snakeCase: fc.boolean(),
  integersAsNumbers: fc.boolean(),
  enumsByName: fc.boolean(),
});

const traces = (value: unknown): ReturnType<typeof decodeTraces> =>
  decodeTraces(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), "json");

const errorOf = (value: unknown): OtlpError => {
  try {
    traces(value);
  } catch (error) {
    if (error instanceof OtlpError) return error;
    throw error;
  }
  throw new Error("accepted");
};

describe("any spelling gives what the protobuf form gives", () => {
  test("traces", () => {
    fc.assert(
      fc.property(tracesRequest, style, (request, how) => {
        expect(readable(decodeTraces(tracesJson(request, how), "json"))).toEqual(expectedTraces(request));
      }),
      { numRuns: 300 },
    );
  });

  test("metrics", () => {
    fc.assert(
      fc.property(metricsRequest, style, (request, how) => {
        const { points, resources, refusals } = decodeMetrics(metricsJson(request, how), "json");
        const refused = refusals.reduce((sum, { count }) => sum + count, 0);
        expect({ points, resources, refused }).toEqual(expectedMetrics(request));
      }),
      { numRuns: 300 },
    );
  });
});

describe("bodies that are no OTLP", () => {
  test("any JSON at all gives OtlpError or a batch, nothing else", () => {
    const key = fc.constantFrom(
      ...[
        "resourceSpans",
        "scopeSpans",
        "spans",
        "resource",
        "attributes",
        "key",
        "value",
        "stringValue",
        "intValue",
      ],
      ...["traceId", "spanId", "startTimeUnixNano", "endTimeUnixNano", "status", "code", "name", "kind", "x"],
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 0, -1, 1e300, "", "x", "00".repeat(16), "1760000000000000000"),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(key, tie("json"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        for (const body of [
          value,
          { resourceSpans: value },
          { resourceSpans: [{ scopeSpans: [{ spans: value }] }] },
        ]) {
          try {
            traces(body);
          } catch (error) {
            expect(error).toBeInstanceOf(OtlpError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("what is no JSON, cut short, or no object", () => {
    expect(errorOf("").code).toBe("malformed");
    expect(errorOf("nonsense").code).toBe("malformed");
    expect(errorOf('{"resourceSpans": [').code).toBe("malformed");
    expect(errorOf("[]").code).toBe("wrong_type");
    expect(errorOf("null").code).toBe("wrong_type");
  });

  test("a wrong type says where it stands", () => {
    expect(errorOf({ resourceSpans: 1 })).toMatchObject({ code: "wrong_type", field: "resourceSpans" });
    expect(errorOf({ resourceSpans: [{}, 1] }).field).toBe("resourceSpans[1]");
    expect(errorOf({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 5 }] }] }] }).message).toContain(
      "spans.name",
    );
    expect(
      errorOf({ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{}] }] }] }] }).message,
    ).toContain("key");
  });

  test("what is not read may nest as deep as it likes", () => {
    expect(errorOf(`{"x":${"[".repeat(200_000)}`).code).toBe("malformed");
    const deep = `${'{"a":['.repeat(50_000)}1${"]}".repeat(50_000)}`;
    expect(errorOf(`{"x":${deep.slice(0, -1)}]}`).code).toBe("malformed");
    expect(traces(`{"x":${deep}}`).spans).toEqual([]);
  });
});

test("an empty batch is a good batch", () => {
  expect(traces({})).toEqual({ kind: "traces", spans: [], refusals: [] });
  expect(traces({ resourceSpans: [] }).spans).toEqual([]);
  expect(decodeTraces(new Uint8Array(0), "protobuf").spans).toEqual([]);
  expect(decodeMetrics(new Uint8Array(0), "protobuf").resources).toEqual([]);
});

test("a span that ends before it starts is kept, with a negative duration", () => {
  const times = { startTimeUnixNano: "1760000000000000000", endTimeUnixNano: "1759999999999999999" };
  const span = { traceId: "5b8aa5a2d2c872e8321cf37308d69df2", spanId: "051581bf3cb55c13", ...times };
  const batch = traces({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  expect(batch.spans).toMatchObject([{ durationSeconds: -1e-9 }]);
  expect(batch.refusals).toEqual([]);
});

test("items that cannot be are refused one by one, with the first reason", () => {
  const good = {
    traceId: "5b8aa5a2d2c872e8321cf37308d69df2",
    spanId: "051581bf3cb55c13",
    startTimeUnixNano: "1760000000000000000",
    endTimeUnixNano: "1760000000000000001",
  };
  const spans = [
    good,
    { ...good, traceId: "not hex" },
    { ...good, spanId: "" },
    { ...good, endTimeUnixNano: "0" },
    { ...good, endTimeUnixNano: "99999999999999999999999" },
    { ...good, startTimeUnixNano: -5 },
  ];
  const batch = traces({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  expect(batch.spans).toHaveLength(1);
  expect(batch.spans[0]).toMatchObject({ durationSeconds: 1e-9, resource: { service: "unknown_service" } });
  expect(batch.refusals).toMatchObject([{ count: 5, reason: "trace id is not 16 bytes" }]);
});
