import { SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { recordingTracer } from "../testing/recording.ts";
import { recordFailure } from "./failure.ts";

const { tracer, spans } = recordingTracer();

function recorded(error: unknown) {
  const span = tracer.startSpan("x");
  recordFailure(span, error);
  span.end();
  const { status, attributes, events } = spans.at(-1) ?? {};
  return { status, type: attributes?.["error.type"], exception: events?.[0]?.attributes };
}

test("an error's class, message and stack", () => {
  const { status, type, exception } = recorded(new TypeError("wrong"));
  expect(status).toEqual({ code: SpanStatusCode.ERROR, message: "wrong" });
  expect(type).toBe("TypeError");
  expect(exception).toMatchObject({ "exception.type": "TypeError", "exception.message": "wrong" });
  expect(exception?.["exception.stacktrace"]).toContain("failure.test.ts");
});

test("a code is more specific than a class", () => {
  expect(recorded(Object.assign(new Error("connect"), { code: "ECONNREFUSED" })).type).toBe("ECONNREFUSED");
});

test.each<[unknown, string, string]>([
  ["text", "_OTHER", "text"],
  [undefined, "undefined", "undefined"],
  [null, "object", "null"],
  [7n, "bigint", "7"],
  [{ message: "plain" }, "Object", "plain"],
  [Object.create(null), "_OTHER", ""],
])("anything may be thrown: %o", (thrown, type, message) => {
  expect(recorded(thrown)).toMatchObject({ type, status: { code: SpanStatusCode.ERROR, message } });
});

test("an error that throws when it is read", () => {
  const hostile = new Proxy(new Error("x"), {
    get() {
      throw new Error("hands off");
    },
  });
  expect(recorded(hostile).status).toEqual({ code: SpanStatusCode.ERROR });
});

test("no key from a URL, and only a limited length of text", () => {
  const secret = recorded(new Error(`POST https://rpc.example/?api-key=SECRET ${"x".repeat(5_000)}`));
  expect(JSON.stringify(secret)).not.toContain("SECRET");
  expect(secret.status?.message?.length).toBe(1_024);
});
