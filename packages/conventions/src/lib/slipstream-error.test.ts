import { expect, test } from "vitest";
import { errorCodes } from "./error-codes.ts";
import { hasCode, SlipstreamError } from "./slipstream-error.ts";

test("an error is told by its code", () => {
  const error = new SlipstreamError("log_busy", "later", { field: "data", cause: 1 });
  expect(error).toMatchObject({ name: "SlipstreamError", code: "log_busy", field: "data", cause: 1 });
  expect(hasCode(error, "log_closed", "log_busy")).toBe(true);
  expect(hasCode(error, "log_closed")).toBe(false);
  expect(hasCode(Object.assign(new Error("x"), { code: "log_busy" }), "log_busy")).toBe(false);
});

test("codes have one form, no code stands twice, and each is explained in a sentence", () => {
  const entries = Object.values(errorCodes).flatMap((group) => Object.entries(group));
  expect(entries.filter(([code]) => !/^[a-z]+(_[a-z]+)*$/.test(code))).toEqual([]);
  expect(entries.filter(([, meaning]) => !/^[A-Z].*\.$/.test(meaning))).toEqual([]);
  expect(new Set(entries.map(([code]) => code)).size).toBe(entries.length);
});
