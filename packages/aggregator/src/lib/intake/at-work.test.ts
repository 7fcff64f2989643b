import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { AtWork } from "./at-work.ts";

const MIB = 1024 * 1024;

test("large bodies are worked on one after the other, small ones at once", async () => {
  const atWork = new AtWork();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string, bytes: number): Promise<void> =>
    atWork.do(bytes, () => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    });
  const all = [
    work("large", 20 * MIB),
    work("next", 5 * MIB),
    work("third", 3 * MIB),
    work("fourth", MIB),
    work("small", 1_000),
  ];
  await nextTurn();
  expect(begun).toEqual(["small", "large"]);
  ends.get("large")?.();
  await nextTurn();
  expect(begun).toEqual(["small", "large", "next", "third"]);
  ends.get("third")?.();
  await nextTurn();
  expect(begun).toEqual(["small", "large", "next", "third", "fourth"]);
  for (const end of ends.values()) end();
  await Promise.all(all);
});

test("work that fails makes room too", async () => {
  const atWork = new AtWork();
  const failing = atWork.do(20 * MIB, () => Promise.reject(new Error("no")));
  const next = atWork.do(20 * MIB, async () => "done");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("done");
});
