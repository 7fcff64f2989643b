import { describe, expect, it } from "vitest";
import { timeArgument } from "./time-argument.ts";

describe("a time", () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);

  it.each([
    ["2026-03-01", Date.UTC(2026, 2, 1)],
    ["2026-03-01T10:30", Date.UTC(2026, 2, 1, 10, 30)],
    ["2026-03-01 10:30:15.5", Date.UTC(2026, 2, 1, 10, 30, 15, 500)],
    ["2026-03-01T10:30:00+02:00", Date.UTC(2026, 2, 1, 8, 30)],
    ["90s", nowMs - 90_000],
    ["1.5h", nowMs - 5_400_000],
    ["7d", nowMs - 7 * 86_400_000],
  ])("%s is understood", (text, timeMs) => {
    expect(timeArgument("--from", text, nowMs)).toBe(timeMs);
  });

  it.each(["", "12", "2026-13-01", "2026-03-01T25:00", "1w", "-2h", "2026-03-01T10:30Zz"])(
    "%j is none",
    (text) => {
      expect(() => timeArgument("--to", text, nowMs)).toThrow(/--to = .* is not a time/);
    },
  );
});
