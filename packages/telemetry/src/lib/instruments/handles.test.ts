import { expect, test } from "vitest";
import { startChild } from "../../testing/child.ts";

// A young generation so large that nothing is collected while it is measured.
const FLAGS = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=512"];

test("recording allocates nothing", async () => {
  const { stdout, stderr } = await startChild([], "record-cost.main.ts", FLAGS).end;
  expect(stderr).toBe("");
  const costs = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string; bytes: number });
  expect(costs.map(({ name }) => name)).toEqual(["histogram", "counter", "gauge"]);
  // The smallest object is 12 bytes. What the compiler itself leaves on the heap is less than one for each record.
  for (const { bytes } of costs) expect(bytes).toBeLessThan(2);
});
