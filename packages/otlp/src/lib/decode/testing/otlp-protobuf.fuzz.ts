import { inspect, isDeepStrictEqual } from "node:util";
import { crc32 } from "node:zlib";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import {
  encode,
  type MetricsRequest,
  messageType,
  type TracesRequest,
} from "@slipstream/testing/otlp-schema";
import fc from "fast-check";
import { decodeBatch, decodeMetrics, decodeTraces } from "../decode.ts";
import { OtlpError } from "../errors.ts";
import { metricsRequest, tracesRequest } from "./messages.ts";
import { readable } from "./readable.ts";
import { expectedMetrics, expectedTraces } from "./reference.ts";

// Whatever protobufjs can read of the bytes by OpenTelemetry's schema comes out of our decoder as it should, if it is written
// as an encoder writes it. And no bytes at all make our decoder fail in another way than it says.

/** One in so many executions checks generated messages, beside its input. */
const GENERATED_EVERY = 16;

function read(type: string, input: Uint8Array): unknown {
  const schema = messageType(type);
  try {
    const message = schema.decode(input);
    return schema.toObject(message, { longs: String, defaults: true });
  } catch {
    return undefined;
  }
}

function check(given: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(given, wanted))
    throw new Error(`${inspect(given, { depth: 9 })} instead of ${inspect(wanted, { depth: 9 })}`);
}

export const target: FuzzTarget = {
  seeds: () => [
    ...fc.sample(tracesRequest, { numRuns: 50, seed: 1 }).map((request) => encode("TracesRequest", request)),
    ...fc
      .sample(metricsRequest, { numRuns: 50, seed: 1 })
      .map((request) => encode("MetricsRequest", request)),
  ],
  tokens: [
    Buffer.of(0x0a, 0),
    Buffer.of(0x12, 0),
    Buffer.of(0x4a, 4, 0x0a, 0, 0x12, 0),
    Buffer.of(0x2a, 2, 0x0a, 0),
  ],
  run: (input) => {
    for (const kind of ["traces", "metrics"] as const) {
      try {
        decodeBatch(kind, input, "protobuf");
      } catch (error) {
        if (!(error instanceof OtlpError)) throw error;
      }
    }
    checkTraces(read("TracesRequest", input) as TracesRequest | undefined);
    checkMetrics(read("MetricsRequest", input) as MetricsRequest | undefined);
    // To make one takes several times as long as to check one.
    const seed = crc32(input);
    if (seed % GENERATED_EVERY !== 0) return;
    checkTraces(fc.sample(tracesRequest, { numRuns: 1, seed })[0]);
    checkMetrics(fc.sample(metricsRequest, { numRuns: 1, seed })[0]);
  },
};

function checkTraces(request: TracesRequest | undefined): void {
  if (request === undefined) return;
  check(readable(decodeTraces(encode("TracesRequest", request), "protobuf")), expectedTraces(request));
}

function checkMetrics(request: MetricsRequest | undefined): void {
  if (request === undefined) return;
  const { points, resources, refusals } = decodeMetrics(encode("MetricsRequest", request), "protobuf");
  const refused = refusals.reduce((sum, { count }) => sum + count, 0);
  check({ points, resources, refused }, expectedMetrics(request));
}
