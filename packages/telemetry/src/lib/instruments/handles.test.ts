import { expect, test } from "vitest";
import { startChild } from "../../testing/child.ts";

// A young generation so large that no garbage collection happens during the measurement.
const FLAGS = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=512"];

test("recording does not allocate", async () => {
  const { stdout, stderr } = await startChild([], "record-cost.main.ts", FLAGS).end;
  expect(stderr).toBe("");
  const costs = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string; bytes: number });
  expect(costs.map(({ name }) => name)).toEqual(["histogram", "counter", "gauge"]);
  // The smallest object takes 12 bytes. What the compiler itself leaves on the heap is less than one per
  // record.
  for (const { bytes } of costs) expect(bytes).toBeLessThan(2);
});
