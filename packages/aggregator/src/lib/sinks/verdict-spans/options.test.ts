import { expect, test } from "vitest";
import { TRACES, tracesTarget, verdictSpansOptions } from "./options.ts";

test("an endpoint gets OTLP's path unless it has it", () => {
  const urlOf = (tracesEndpoint: string): string | undefined => tracesTarget({ tracesEndpoint })?.url;
  expect(urlOf("http://127.0.0.1:4318")).toBe("http://127.0.0.1:4318/v1/traces");
  expect(urlOf("https://otlp.example/otlp/")).toBe("https://otlp.example/otlp/v1/traces");
  expect(urlOf("http://c:4318/v1/traces")).toBe("http://c:4318/v1/traces");
  expect(urlOf("https://user:pass@c/x?key=1#y")).toBe("https://user:pass@c/x/v1/traces?key=1");
  expect(tracesTarget({})).toBeUndefined();
  expect(TRACES).toBe("traces");
});

test("headers are read as OpenTelemetry's variables are", () => {
  const { pattern } = verdictSpansOptions.options.tracesHeaders;
  const text = "Authorization=Bearer%20a%2Cb, x-tenant = 7";
  expect(pattern.test(text)).toBe(true);
  expect(tracesTarget({ tracesEndpoint: "http://c", tracesHeaders: text })?.headers).toEqual({
    authorization: "Bearer a,b",
    "x-tenant": "7",
  });
  for (const wrong of ["", "authorization", "a b=c", "a=b\r\nc: d", "a=%zz", "=x", "a=b,,c=d"])
    expect([wrong, pattern.test(wrong)]).toEqual([wrong, false]);
});
