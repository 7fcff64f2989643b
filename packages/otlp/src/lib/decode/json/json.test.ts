import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMetrics, decodeTraces } from "../decode.ts";
import { OtlpError } from "../errors.ts";
import { looseJson } from "../testing/loose-json.ts";
import { readMetricsJson } from "../testing/plain-metrics.ts";
import { readTracesJson } from "../testing/plain-traces.ts";
import { readable } from "../testing/readable.ts";

// The decoder that parses all of a body first, and then looks at the values: what it gives is what ours must give.

type Outcome = { readonly refused: string } | object;

const outcome = (decode: () => object): Outcome => {
  try {
    return decode();
  } catch (error) {
    if (error instanceof OtlpError) return { refused: error.code };
    throw error;
  }
};

function both(body: Buffer): void {
  const ours = outcome(() => readable(decodeTraces(body, "json")));
  expect(ours).toEqual(outcome(() => readable(readTracesJson(body))));
  const points = outcome(() => decodeMetrics(body, "json"));
  expect(points).toEqual(outcome(() => readMetricsJson(body)));
}

test("it gives what JSON.parse would give, whatever was sent", () => {
  fc.assert(
    fc.property(looseJson, (text) => both(Buffer.from(text))),
    { numRuns: 700 },
  );
});

test("also of what is no JSON, or no UTF-8", () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(looseJson, damage, fc.nat(400), (text, bytes, cut) => {
      const body = Buffer.from(text);
      for (const [at, byte] of bytes) if (body.length > 0) body[at % body.length] = byte;
      both(body);
      both(body.subarray(0, body.length - cut));
    }),
    { numRuns: 700 },
  );
});

test.each([
  '{"intValue":null}',
  '{"doubleValue": null}',
  '{"stringValue":null}',
  '{"intValue":null,"stringValue":"x"}',
  '{"intValue":7,"doubleValue":null}',
])("null counts as no value, also if the rest is written as usual: %s", (value) => {
  const attributes = `[{"key":"solana.signature","value":${value}},{"key":"server.port","value":${value}}]`;
  both(
    Buffer.from(
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${"5b".repeat(16)}","spanId":"${"5b".repeat(8)}",` +
        `"startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000009","name":"a","attributes":${attributes}}]}]}]}`,
    ),
  );
});
