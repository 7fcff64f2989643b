import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WallClock } from "./wall-clock.ts";

const WALL_MS = Date.UTC(2026, 0, 1);

/** Clocks as a machine has them: the wall clock shows whole ms, and can jump. */
function machine(partMs = 0) {
  const state = { monotonicMs: 1_000.123456, offsetMs: WALL_MS + partMs };
  const clocks = {
    monotonicNow: () => state.monotonicMs,
    now: () => Math.floor(state.offsetMs + state.monotonicMs),
  };
  return { state, clock: new WallClock(clocks) };
}

const nanoseconds = (clock: WallClock, ms: number): bigint =>
  BigInt(clock.wholeMsOf(ms)) * 1_000_000n + BigInt(clock.nanosecondsOf(ms));

test("a time is right within the millisecond that the wall clock shows, and differences are exact", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.nat(1e9),
      fc.nat(5e9),
      (partMs, afterNs, lengthNs) => {
        const { state, clock } = machine(partMs);
        const startMs = state.monotonicMs + afterNs / 1e6;
        const endMs = startMs + lengthNs / 1e6;
        const [start, end] = [nanoseconds(clock, startMs), nanoseconds(clock, endMs)];
        expect(Math.abs(Number(end - start) - lengthNs)).toBeLessThanOrEqual(1);
        const errorMs = state.offsetMs + endMs - clock.unixMs(endMs);
        expect(errorMs).toBeGreaterThanOrEqual(-0.01);
        expect(errorMs).toBeLessThan(1.01);
        expect(Math.abs(Number(end) / 1e6 - clock.unixMs(endMs))).toBeLessThan(0.001);
      },
    ),
  );
});

describe("a jump of the wall clock", () => {
  test.each([
    ["set forward", 60_000],
    ["set back", -60_000],
    ["a machine that slept", 8 * 3_600_000],
    ["a small correction", 3],
  ])("%s is noticed, and times from then on are right", (_, jumpMs) => {
    const { state, clock } = machine();
    const beforeMs = state.monotonicMs;
    state.monotonicMs += 100;
    expect(clock.holds(state.monotonicMs)).toBe(true);
    state.offsetMs += jumpMs;
    expect(clock.holds(state.monotonicMs)).toBe(false);
    // What was measured before keeps its time until somebody says that it is settled.
    expect(clock.unixMs(beforeMs)).toBeCloseTo(WALL_MS + beforeMs, -1);
    clock.refresh();
    expect(clock.holds(state.monotonicMs)).toBe(true);
    expect(Math.abs(clock.unixMs(state.monotonicMs) - (state.offsetMs + state.monotonicMs))).toBeLessThan(
      1.01,
    );
  });

  test("is not the same as a process that was interrupted between two readings", () => {
    const { state, clock } = machine();
    const readMs = state.monotonicMs;
    state.monotonicMs += 40;
    expect(clock.holds(readMs)).toBe(true);
  });
});

test("as long as nothing jumps, the offset stays: refreshing changes no order", () => {
  const { state, clock } = machine(0.7);
  const ms = state.monotonicMs;
  for (let i = 0; i < 5_000; i += 1) {
    state.monotonicMs += 0.37;
    clock.refresh();
  }
  const settled = clock.unixMs(ms);
  for (let i = 0; i < 5_000; i += 1) {
    state.monotonicMs += 0.37;
    clock.refresh();
    expect(clock.unixMs(ms)).toBe(settled);
  }
});
