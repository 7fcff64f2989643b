import { encode } from "@slipstream/testing/otlp-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPartialSuccess } from "./partial-success.ts";

test("reads what protobufjs writes", () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), (rejected, message) => {
      const body = encode("ExportResponse", { partialSuccess: { rejected, errorMessage: message } });
      expect(readPartialSuccess(body)).toEqual({ rejected, message });
    }),
  );
});

test("an empty answer says nothing, and no bytes make it throw", () => {
  expect(readPartialSuccess(new Uint8Array())).toEqual({ rejected: 0, message: "" });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(Number.isSafeInteger(readPartialSuccess(bytes).rejected)).toBe(true);
    }),
  );
});
