import { inspect, isDeepStrictEqual } from "node:util";
import { crc32 } from "node:zlib";
import { attribute, semconv, serviceMetrics } from "@slipstream/conventions";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import fc from "fast-check";
import { decodeBatch } from "../decode.ts";
import { OtlpError } from "../errors.ts";
import type { Batch } from "../model.ts";
import { looseJson } from "./loose-json.ts";
import { readMetricsJson } from "./plain-metrics.ts";
import { readTracesJson } from "./plain-traces.ts";
import { readable } from "./readable.ts";

// What the decoder makes of any bytes is what JSON.parse and a look at the values would: the same items, the same refusals.

/** One in so many executions checks a document that is generated, beside its input. */
const GENERATED_EVERY = 16;

const outcome = (decode: () => Batch): object => {
  try {
    const batch = decode();
    return batch.kind === "traces" ? readable(batch) : batch;
  } catch (error) {
    if (error instanceof OtlpError) return { refused: error.code };
    throw error;
  }
};

export const target: FuzzTarget = {
  seeds: () => fc.sample(looseJson, { numRuns: 100, seed: 1 }).map((text) => Buffer.from(text)),
  tokens: [
    ...[
      '"resourceSpans":',
      '"scopeSpans":',
      '"spans":',
      '"resource":',
      '"attributes":',
      '"key":',
      '"value":',
    ],
    ...[
      '"stringValue":',
      '"intValue":',
      '"doubleValue":',
      '"boolValue":',
      '"traceId":',
      '"name":',
      '"status":',
    ],
    ...[
      '"resourceMetrics":',
      '"scopeMetrics":',
      '"metrics":',
      '"gauge":',
      '"sum":',
      '"dataPoints":',
      '"asInt":',
    ],
    ...['"resource_spans":', '"scope_spans":', '"string_value":', '"time_unix_nano":', '"isMonotonic":true'],
    ...[
      "\\u0061",
      "\\ud83d",
      "\\ude00",
      '\\"',
      "null",
      "true",
      "false",
      "{}",
      "[]",
      "1e5",
      "-0.5",
      "[[[[[[[[",
    ],
    ...[attribute.tradeId, semconv.serviceName, serviceMetrics.openPositions.name].map((name) => `"${name}"`),
  ],
  run: (input) => {
    check(input);
    // Changed bytes mostly are no JSON: these are. To make one takes several times as long as to check one.
    const seed = crc32(input);
    if (seed % GENERATED_EVERY !== 0) return;
    const [text = ""] = fc.sample(looseJson, { numRuns: 1, seed });
    check(Buffer.from(text));
  },
};

function check(input: Uint8Array): void {
  const pairs: [() => Batch, () => Batch][] = [
    [() => decodeBatch("traces", input, "json"), () => readTracesJson(input)],
    [() => decodeBatch("metrics", input, "json"), () => readMetricsJson(input)],
  ];
  for (const [ours, plain] of pairs) {
    const [given, wanted] = [outcome(ours), outcome(plain)];
    if (!isDeepStrictEqual(given, wanted))
      throw new Error(`${inspect(given, { depth: 9 })} instead of ${inspect(wanted, { depth: 9 })}`);
  }
}
