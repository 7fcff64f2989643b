import { attribute, semconv, spanName } from "@slipstream/conventions";
import { decodeTraces } from "@slipstream/otlp/decode";
import { expect, test } from "vitest";
import { PatchableRequest } from "./patchable.ts";

test("what is written over an encoded request is what is decoded", () => {
  const request = new PatchableRequest({
    resource: { [semconv.serviceName]: "service-00", [semconv.serviceInstanceId]: "instance-0000" },
    shapes: Array.from({ length: 3 }, (_, i) => ({
      name: i === 2 ? "operation-000" : spanName.tradeExecute,
      kind: 1,
      attributes: { [attribute.tradePair]: "PAIR000/USDC", [attribute.tradePnlUsd]: 1.5 },
    })),
    numberKey: attribute.slipstreamSeq,
    texts: ["service-00", "instance-0000", "PAIR000/USDC", "operation-000"],
  });
  request.setText("service-00", "service-17");
  request.setText("instance-0000", "instance-0042");
  request.setText("PAIR000/USDC", "PAIR123/USDC");
  request.setText("operation-000", "operation-777");
  for (const index of [0, 1, 2]) {
    const endMs = 1_767_225_600_000.25 + index;
    request.setSpan(index, {
      ordinal: 1_000_000 + index,
      number: 5 + index * 1_000_000,
      endMs,
      durationMs: 40,
    });
  }
  const { spans, refusals } = decodeTraces(request.bytes(), "protobuf");
  expect(refusals).toEqual([]);
  const { tradePair, tradePnlUsd, slipstreamSeq } = attribute;
  const read = spans.map(({ name, endMs, durationSeconds, attributes }) => [
    name,
    endMs,
    durationSeconds,
    attributes[tradePair],
    attributes[tradePnlUsd],
    attributes[slipstreamSeq],
  ]);
  const endMs = 1_767_225_600_000.25;
  expect(read).toEqual([
    [spanName.tradeExecute, endMs, 0.04, "PAIR123/USDC", 1.5, 5],
    [spanName.tradeExecute, endMs + 1, 0.04, "PAIR123/USDC", 1.5, 1_000_005],
    ["operation-777", endMs + 2, 0.04, "PAIR123/USDC", 1.5, 2_000_005],
  ]);
  expect(spans[0]?.resource).toMatchObject({ service: "service-17", instance: "instance-0042" });
  const ids = spans.map(({ trace2, trace3, span0, span1 }) => [trace2, trace3, span0, span1].join());
  expect(new Set(ids).size).toBe(3);
});
