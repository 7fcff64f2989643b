import { expect, test } from "vitest";
import { standardVariables, withoutEffect } from "./standard-variables.ts";

test("each variable is there once, and is either honoured or has none of the fields of those that are", () => {
  const names = standardVariables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^OTEL_[A-Z_]+$/.test(name))).toBe(true);
});

test("what is set and would matter is told, without its value; what is honoured, empty or harmless is not", () => {
  const told = withoutEffect({
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: "authorization=secret",
    OTEL_PROPAGATORS: "tracecontext,baggage",
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "HTTP/protobuf",
    OTEL_BSP_MAX_QUEUE_SIZE: " ",
    OTEL_SDK_DISABLED: "true",
    PATH: "x",
  });
  expect(told).toEqual([
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_LOGS_HEADERS has no effect here: no logs/),
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_PROTOCOL has no effect here: .*gRPC/),
  ]);
  expect(told.join()).not.toContain("secret");
});
