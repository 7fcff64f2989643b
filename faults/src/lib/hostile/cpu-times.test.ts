import { expect, test } from "vitest";
import { readCpuTimes, takenByOthers } from "./cpu-times.ts";

test("others took what was not idle and not taken by the processes themselves", () => {
  const from = { all: 1_000, busy: 500, own: 100 };
  expect(takenByOthers(from, { all: 1_200, busy: 650, own: 150 })).toBe(0.5);
  expect(takenByOthers(from, { all: 1_200, busy: 540, own: 150 })).toBe(0);
});

test("what a process takes is its own, or others took it", () => {
  const read = () => ({ with: readCpuTimes([process.pid]), without: readCpuTimes([]) });
  const from = read();
  const usedMicros = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
  const until = usedMicros() + 200_000;
  while (usedMicros() < until);
  const to = read();
  expect(to.with.own - from.with.own).toBeGreaterThan(10);
  expect(takenByOthers(from.with, to.with)).toBeLessThan(takenByOthers(from.without, to.without));
});
