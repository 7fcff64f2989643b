import { detectSandwiches } from "@slipstream/mev";
import { expect, test } from "vitest";
import { mevBenchmark } from "./benchmark.ts";
import { crowd, slotsOf } from "./swaps.ts";

test("what is measured is what it says: swaps that follow their pool, slot by slot", () => {
  const swaps = crowd(500);
  expect(slotsOf(swaps).flatMap((slot) => slot.swaps)).toEqual(swaps);
  expect(new Set(swaps.map(({ id }) => id)).size).toBe(500);
  expect(detectSandwiches(swaps).steps).toBeGreaterThan(500);
});

test("it runs, and every figure is a number", async () => {
  const block = JSON.stringify({ blockTime: 1, parentSlot: 0, transactions: [] });
  const { figures } = await mevBenchmark({ quick: true, block });
  expect(figures).toHaveLength(13);
  for (const { estimate } of figures) expect(Number.isFinite(estimate.value)).toBe(true);
});
