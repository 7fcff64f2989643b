import { readFileSync } from "node:fs";
import { rpc, START_MS, traces } from "@slipstream/testing/engine/spans";
import { expect, test, vi } from "vitest";
import { Engine } from "../engine.ts";

// The steps of docs/extending.md: the file stands in testing/, and this is the line in the list.
vi.mock(import("./list.ts"), async (original) => {
  const [{ createStatistics }, { SlowCalls }] = await Promise.all([
    original(),
    import("./testing/slow-calls.ts"),
  ]);
  return { createStatistics: (options) => [...createStatistics(options), new SlowCalls()] };
});

const call = (second: number, durationSeconds: number) =>
  traces([rpc(START_MS + second * 1_000, "getSlot", { durationSeconds })]);

test("docs/extending.md shows the file as it is here", () => {
  const page = readFileSync(new URL("../../../../../docs/extending.md", import.meta.url), "utf8");
  const file = readFileSync(new URL("testing/slow-calls.ts", import.meta.url), "utf8");
  const inPlace = file.replaceAll("../../", "../").replaceAll('"../statistic.ts"', '"./statistic.ts"');
  expect(page).toContain(`\`\`\`ts\n${inPlace}\`\`\``);
});

test("the new statistic is read with the others, and saved with them", () => {
  const engine = new Engine({}, { trackSeen: true });
  for (const record of [call(1, 0.2), call(2, 1.5), call(3, 2)]) engine.apply(record);
  const entry = { value: 2, unit: "calls", count: 3 };
  expect(engine.current().statistics.slow_calls).toMatchObject(entry);
  const restored = Engine.restore(structuredClone(engine.save()), engine.takeSeen());
  expect(restored.lost.size).toBe(0);
  restored.apply(call(4, 1));
  expect(restored.current().statistics.slow_calls).toMatchObject({ ...entry, value: 3, count: 4 });
});
