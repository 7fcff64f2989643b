import { expect, test } from "vitest";
import { samples, sortedSamples } from "./render/content.ts";
import { checkEqual, everyExposition } from "./render.ts";

test("all serializers say the same 10,000 samples", async () => {
  const expositions = await everyExposition();
  await checkEqual(expositions);
  const [first] = expositions;
  const lines = sortedSamples(((await first?.render()) ?? "").toString());
  expect(samples).toBe(10_000);
  expect(new Set(lines).size).toBe(samples);
});
