import { Random } from "@slipstream/testing/random";
import { expect, test } from "vitest";
import { judge, type Sample } from "./judge.ts";

/** Forty samples over eight hours or as many as given, with the noise that collections leave. */
function samples(heapPerHour: number, rssPerHour: number, noiseMiB = 0.2, over = 8): Sample[] {
  const random = new Random(3);
  return Array.from({ length: 40 }, (_, i) => {
    const hours = 1 + (over * i) / 39;
    const noise = (): number => (random.next() - 0.5) * 2 * noiseMiB;
    return { hours, heapMiB: 40 + heapPerHour * hours + noise(), rssMiB: 150 + rssPerHour * hours + noise() };
  });
}

test("flat memory passes, and a little slope within the limit", () => {
  expect(judge(samples(0, 0)).problems).toEqual([]);
  expect(judge(samples(0.3, 0)).problems).toEqual([]);
  expect(judge(samples(-0.6, -3)).problems).toEqual([]);
});

test("a leak is found in heap and in resident memory", () => {
  expect(judge(samples(0.6, 0)).problems).toHaveLength(1);
  expect(judge(samples(0, 20)).problems).toHaveLength(1);
  expect(judge(samples(20, 20)).problems).toHaveLength(2);
});

test("resident memory needs hours to settle before it is judged", () => {
  expect(judge(samples(0, 20, 0.2, 2)).problems).toEqual([]);
  expect(judge(samples(0.6, 20, 0.2, 2)).problems).toHaveLength(1);
});

test("where the noise hides the slope, it is not said to be within the limit", () => {
  expect(judge(samples(0, 0, 48)).problems).not.toEqual([]);
});
