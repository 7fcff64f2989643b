import { expect, it } from "vitest";
import { otlpHeaders } from "./otlp-headers.ts";

it("reads pairs, with names in lower case and values percent-encoded or not", () => {
  expect(otlpHeaders(" Authorization = Bearer%20a=b , x-desk=100%")).toEqual({
    authorization: "Bearer a=b",
    "x-desk": "100%",
  });
});

it.each([undefined, "", "secret", "=secret", " , "])("finds none in %j", (text) => {
  expect(otlpHeaders(text)).toEqual({});
});
