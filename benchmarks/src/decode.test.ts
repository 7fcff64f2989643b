import { decodeTraces, type TracesBatch } from "@slipstream/otlp/decode";
import { messageType } from "@slipstream/testing/otlp-schema";
import { expect, test } from "vitest";
import { exportRequest, SPANS, trades } from "./decode/spans.ts";
import { protobufBody } from "./decode.ts";

const exportTraceServiceRequest = messageType("TracesRequest");

test("the protobuf and the JSON body hold the same spans of 12 attributes", () => {
  const spans = trades(0);
  const fromProtobuf = plain(decodeTraces(protobufBody(spans), "protobuf"));
  const fromJson = plain(decodeTraces(Buffer.from(JSON.stringify(exportRequest(spans))), "json"));
  expect(fromProtobuf).toHaveLength(SPANS);
  expect(fromProtobuf).toEqual(fromJson);
  for (const { attributes } of fromProtobuf) expect(Object.keys(attributes)).toHaveLength(12);
});

test("no two spans have the same id, so that nothing is decoded twice", () => {
  const ids = [...trades(0), ...trades(1)].map(({ traceId, spanId }) => traceId + spanId);
  expect(new Set(ids).size).toBe(2 * SPANS);
});

test("protobufjs reads what it is measured on", () => {
  const message = exportTraceServiceRequest.decode(protobufBody(trades(0)));
  expect(exportTraceServiceRequest.toObject(message).resourceSpans[0].scopeSpans[0].spans).toHaveLength(
    SPANS,
  );
});

/** Without the body that the spans' attributes are read from. */
function plain({ spans }: TracesBatch): { attributes: object }[] {
  return JSON.parse(JSON.stringify(spans));
}
