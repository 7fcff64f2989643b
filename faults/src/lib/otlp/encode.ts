import { messageType } from "@slipstream/testing/otlp-schema";
import type { MetricsRequest, TracesRequest } from "./messages.ts";

/** The request as a sender's protobuf library writes it. */
export function encodeProtobuf(request: TracesRequest | MetricsRequest): Uint8Array {
  const type = messageType("resourceSpans" in request ? "TracesRequest" : "MetricsRequest");
  return type.encode(type.fromObject("resourceSpans" in request ? withBytes(request) : request)).finish();
}

/** The request as OTLP/JSON. */
export function encodeJson(request: TracesRequest | MetricsRequest): Uint8Array {
  return Buffer.from(JSON.stringify(request));
}

/** protobufjs takes text for base64, ours are hex. */
function withBytes({ resourceSpans }: TracesRequest): object {
  return {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ spans }) => ({
        spans: spans.map(({ traceId, spanId, parentSpanId = "", ...span }) => ({
          ...span,
          traceId: Buffer.from(traceId, "hex"),
          spanId: Buffer.from(spanId, "hex"),
          parentSpanId: Buffer.from(parentSpanId, "hex"),
        })),
      })),
    })),
  };
}
