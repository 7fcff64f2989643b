import { decodeTraces, type TracesBatch } from "@slipstream/otlp/decode";
import { scrub } from "@slipstream/otlp/scrub";
import { messageType } from "@slipstream/testing/otlp-schema";
import { exportRequest, SPANS, type TestSpan, trades } from "./decode/spans.ts";
import { compare } from "./lib/compare.ts";
import type { Variant } from "./lib/paired.ts";
import type { BenchmarkResult } from "./lib/result.ts";

const exportTraceServiceRequest = messageType("TracesRequest");

const BODIES = 16;

/** Decoding an OTLP body of 512 spans: our selective reader beside protobufjs and JSON.parse. */
export async function decodeBenchmark(quick: boolean): Promise<BenchmarkResult> {
  const batches = Array.from({ length: BODIES }, (_, i) => trades(i));
  const protobufs = batches.map(protobufBody);
  const texts = batches.map((spans) => JSON.stringify(exportRequest(spans)));
  const jsons = texts.map((text) => Buffer.from(text));
  checkEqual(protobufs, jsons);
  const comparisons = await compare({
    ours: [
      each("decodeTraces, protobuf", protobufs, (body) => decodeTraces(body, "protobuf")),
      each("protobuf, every attribute read", protobufs, (body) => readAll(decodeTraces(body, "protobuf"))),
      // As intake does it, where no body holds a secret.
      each("search for secrets, then decodeTraces, protobuf", protobufs, (body) => {
        scrub("traces", body, "protobuf");
        return decodeTraces(body, "protobuf");
      }),
      each("search for secrets, then decodeTraces, JSON", jsons, (body) => {
        scrub("traces", body, "json");
        return decodeTraces(body, "json");
      }),
      each("decodeTraces, JSON", jsons, (body) => decodeTraces(body, "json")),
      each("JSON, every attribute read", jsons, (body) => readAll(decodeTraces(body, "json"))),
    ],
    theirs: [
      each("protobufjs decode", protobufs, (body) => exportTraceServiceRequest.decode(body)),
      each("JSON.parse", texts, (text) => JSON.parse(text)),
    ],
    rounds: { rounds: quick ? 12 : 40, roundMs: quick ? 10 : 40 },
    unit: "us",
    goal: { theirs: "JSON.parse", below: 1 },
  });
  const first = protobufs[0];
  return {
    name: "decode",
    title: `Decoding OTLP: ${SPANS} spans of 12 attributes`,
    comparisons,
    figures: [],
    notes: [
      `${first === undefined ? 0 : Math.round(first.length / SPANS)} bytes a span as protobuf; ${BODIES} bodies in turn, no two spans alike.`,
      "decodeTraces leaves texts that do not repeat (ids, signatures, amounts) in the body until they are asked for.",
      "JSON.parse is given text, not bytes, and gives no spans: what comes after it is not counted against it.",
    ],
  };
}

/** Trades as an OTLP/HTTP protobuf body. */
export function protobufBody(spans: readonly TestSpan[]): Buffer {
  const withBytes = spans.map((span) => ({
    ...span,
    traceId: Buffer.from(span.traceId, "hex"),
    spanId: Buffer.from(span.spanId, "hex"),
  }));
  const message = exportTraceServiceRequest.fromObject(exportRequest(withBytes));
  return Buffer.from(exportTraceServiceRequest.encode(message).finish());
}

function checkEqual(protobufs: readonly Buffer[], jsons: readonly Buffer[]): void {
  for (const [i, body] of protobufs.entries()) {
    const json = jsons[i];
    const batch = decodeTraces(body, "protobuf");
    if (json === undefined || readAll(batch) !== SPANS * names.length)
      throw new Error("not everything was decoded");
    if (JSON.stringify(batch.spans) !== JSON.stringify(decodeTraces(json, "json").spans)) {
      throw new Error("the protobuf and the JSON body decode to different spans");
    }
  }
}

const names = trades(0)[0]?.attributes.map(({ key }) => key) ?? [];

function readAll({ spans }: TracesBatch): number {
  let known = 0;
  for (const { attributes } of spans) {
    for (const name of names) if (attributes[name] !== undefined) known += 1;
  }
  return known;
}

function each<T>(name: string, bodies: readonly T[], decode: (body: T) => unknown): Variant {
  let next = 0;
  return {
    name,
    run: (times) => {
      for (let i = 0; i < times; i += 1) {
        decode(bodies[next % bodies.length] as T);
        next += 1;
      }
    },
  };
}
