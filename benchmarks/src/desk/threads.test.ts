import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { canReadThreads, readThreads, type ThreadTime, takenBetween } from "./threads.ts";

function thread(name: string, cpuNs: number, runs: number): ThreadTime {
  return { name, cpuNs, runs };
}

test("threads of one name are summed; one that is new counts from its start, one that ended does not count", () => {
  const before = new Map([
    ["1", thread("node", 100, 5)],
    ["2", thread("V8Worker", 10, 1)],
    ["3", thread("V8Worker", 20, 2)],
    ["4", thread("gone", 70, 7)],
  ]);
  const after = new Map([
    ["1", thread("node", 150, 9)],
    ["2", thread("V8Worker", 13, 2)],
    ["3", thread("V8Worker", 24, 4)],
    ["5", thread("new", 8, 3)],
  ]);
  expect(takenBetween(before, after)).toEqual([
    thread("node", 50, 4),
    thread("V8Worker", 7, 3),
    thread("new", 8, 3),
  ]);
});

test.runIf(canReadThreads())(
  "a process that works takes time, and it is not more than has passed",
  async () => {
    const before = readThreads(process.pid);
    const fromMs = performance.now();
    while (performance.now() - fromMs < 30);
    // The kernel counts a run at its end.
    await sleep(5);
    const passedNs = 1e6 * (performance.now() - fromMs);
    const [main] = takenBetween(before, readThreads(process.pid)).toSorted((a, b) => b.cpuNs - a.cpuNs);
    expect(main?.cpuNs).toBeGreaterThan(0);
    expect(main?.cpuNs).toBeLessThan(1.5 * passedNs);
  },
);
