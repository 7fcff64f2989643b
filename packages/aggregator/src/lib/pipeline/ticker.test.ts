import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BEGINNING } from "../log/position.ts";
import { startTicker } from "./ticker.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Seconds in which a tick was appended, of 20. */
async function ticksWhile(
  isBehind: (nowMs: number) => boolean,
  commit: () => Promise<typeof BEGINNING> = async () => BEGINNING,
  isAlertDue: (nowMs: number) => boolean = () => false,
): Promise<readonly number[]> {
  const seconds: number[] = [];
  const journal = {
    commit: () => {
      seconds.push(Date.now() / 1_000);
      return commit();
    },
  };
  const ticker = startTicker({ journal, isBehind, isAlertDue, now: Date.now });
  await vi.advanceTimersByTimeAsync(20_000);
  ticker.stop();
  await vi.advanceTimersByTimeAsync(20_000);
  return seconds;
}

test("a tick every second while a statistic is behind the clock", async () => {
  expect(await ticksWhile(() => true)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
});

test("every fifth one while records move the time themselves, and each again from the first second that they do not", async () => {
  expect(await ticksWhile(() => false)).toEqual([5, 10, 15, 20]);
  const behindFromMs = Date.now() + 12_000;
  const fromSecond = Date.now() / 1_000;
  const seconds = await ticksWhile((nowMs) => nowMs >= behindFromMs);
  expect(seconds.map((second) => second - fromSecond)).toEqual([5, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});

test("one comes within 250 ms when alerts wait for it, and the others come as before", async () => {
  const due = new Set([2_100, 2_200, 7_000].map((ms) => Date.now() + ms));
  const fromSecond = Date.now() / 1_000;
  const isAlertDue = (nowMs: number): boolean => {
    const passed = [...due].filter((ms) => ms <= nowMs);
    for (const ms of passed) due.delete(ms);
    return passed.length > 0;
  };
  const seconds = await ticksWhile(() => false, undefined, isAlertDue);
  expect(seconds.map((second) => second - fromSecond)).toEqual([2.25, 7, 12, 17]);
});

test("none is added while one waits, and one that cannot be committed stops nothing", async () => {
  let waits = 0;
  const never = await ticksWhile(
    () => true,
    () => {
      waits += 1;
      return new Promise(() => {});
    },
  );
  expect([never.length, waits]).toEqual([1, 1]);
  const failing = await ticksWhile(
    () => true,
    () => Promise.reject(new Error("The disk is full.")),
  );
  expect(failing).toHaveLength(20);
});
