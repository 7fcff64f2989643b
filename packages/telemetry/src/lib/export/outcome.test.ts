import { expect, test } from "vitest";
import { isUnauthorized, isUnavailable, retryAfterMs } from "./outcome.ts";

test("which failures are retried", () => {
  expect([408, 429, 500, 502, 503, 504].every(isUnavailable)).toBe(true);
  expect([301, 400, 401, 403, 404, 413, 415].some(isUnavailable)).toBe(false);
  expect([401, 403, 407].every(isUnauthorized)).toBe(true);
});

test("Retry-After: seconds or a date, never more than 5 minutes", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfterMs("2", now)).toBe(2_000);
  expect(retryAfterMs("Thu, 01 Jan 2026 00:00:03 GMT", now)).toBe(3_000);
  expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
  expect(retryAfterMs("86400", now)).toBe(300_000);
  expect(retryAfterMs("soon", now)).toBeUndefined();
  expect(retryAfterMs(undefined, now)).toBeUndefined();
});
