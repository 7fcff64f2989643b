import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

/** Keeps the thread busy. */
function spin(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

function* work(steps: number, ms: number, name = ""): Generator<void, string> {
  for (let step = 0; step < steps; step++) {
    spin(ms);
    yield;
  }
  return name;
}

test("short work is done at once", async () => {
  const turns = new Turns(5);
  let done = "";
  const result = turns.do(() => {
    done = "now";
    return 7;
  });
  expect(done).toBe("now");
  expect(await result).toBe(7);
});

test("what it throws rejects, and the rest goes on", async () => {
  const turns = new Turns(2);
  const long = turns.run(work(10, 1, "long"));
  const bad = turns.do(() => {
    throw new Error("bad");
  });
  await expect(bad).rejects.toThrow("bad");
  expect(await long).toBe("long");
});

test("long work leaves every turn to others, however much of it there is", async () => {
  const turns = new Turns(4);
  let over = false;
  const all = Promise.all(Array.from({ length: 10 }, () => turns.run(work(20, 0.5)))).finally(() => {
    over = true;
  });
  let passed = 0;
  while (!over) {
    await nextTurn();
    passed++;
  }
  await all;
  // 100 ms of work, 4 ms and a step of it in a turn.
  expect(passed).toBeGreaterThan(15);
});

test("short work does not wait for all the long work before it", async () => {
  const turns = new Turns(4);
  const order: string[] = [];
  const note = (name: string): void => void order.push(name);
  await Promise.all([
    turns.run(work(80, 0.5, "a")).then(note),
    turns.run(work(80, 0.5, "b")).then(note),
    turns.run(work(1, 0.5, "short")).then(note),
  ]);
  expect(order[0]).toBe("short");
});
