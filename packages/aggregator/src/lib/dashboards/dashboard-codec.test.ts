import fc from "fast-check";
import { expect, test } from "vitest";
import { currentEntries, decodePoint, encodePoint, formatDecimal } from "./dashboard-codec.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [5, "5"],
  [100, "100"],
  [1e21, "1000000000000000000000"],
  [245.1234567, "245.123"],
  [200 / 3, "66.6667"],
  [12345.6789, "12345.679"],
  [99.99999999, "100"],
  [0.00000001234567, "0.0000000123457"],
  [-3.5, "-3.5"],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
])("%d is written as %s", (value, text) => {
  expect(formatDecimal(value)).toBe(text);
});

test("any number is a plain decimal within 0.001 % of itself", () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      fc.pre(value === 0 || Math.abs(value) > 1e-90);
      const text = formatDecimal(value);
      expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value));
    }),
  );
});

test("an unknown value has no text, a known 0 has", () => {
  const entries = Object.fromEntries(
    currentEntries({ trades_per_minute: 0, circuit_breaker_state: "half_open" }),
  );
  expect(Object.keys(entries)).toHaveLength(9);
  expect(entries["dashboard:trades_per_minute"]).toBe("0");
  expect(entries["dashboard:circuit_breaker_state"]).toBe("half_open");
  expect(entries["dashboard:total_pnl"]).toBeUndefined();
});

test("a member of the series is JSON with the instant's time and what is known", () => {
  const member = encodePoint({
    timeMs: 1_700_000_000_000,
    values: { success_rate: 200 / 3, circuit_breaker_state: "open", total_pnl: Number.NaN },
  });
  expect(JSON.parse(member)).toEqual({
    time: "2023-11-14T22:13:20.000Z",
    success_rate: 66.6667,
    circuit_breaker_state: "open",
  });
  expect(decodePoint(member)).toEqual({
    timeMs: 1_700_000_000_000,
    values: { success_rate: 66.6667, circuit_breaker_state: "open" },
  });
});

const noTimes = ["yesterday", "2023-13-01T00:00:00Z", "2023-02-30T00:00:00Z", "2023-01-01T24:00:00.000Z"];

test.each(["", "{", "[]", "null", ...noTimes.map((time) => JSON.stringify({ time }))])(
  "%j is no member",
  (text) => {
    expect(decodePoint(text)).toBeUndefined();
  },
);
