import type { Transition } from "@slipstream/alerts";
import { expect, test } from "vitest";
import { ofRun } from "./transition-of-run.ts";

const firing: Transition = {
  ...{ key: "memory-high:service=a/1/2", alert: "memory-high:service=a", rule: "memory-high" },
  ...{ labels: { service: "a" }, episode: 1, kind: "firing", severity: "warning", occurrence: 1 },
  ...{ atMs: 5, firedMs: 5, eventMs: 5, value: 90, worst: 90, threshold: 80, unit: "%", count: 1 },
  ...{ statistic: "memory_used", channels: [] },
  text: { title: "High Memory", lines: [], evidence: [], links: [] },
};

test("each run has keys of its own, which rise; what happens once has the same key in each", () => {
  const first = ofRun(firing, { desk: "desk a", service: "bot", sinceMs: 1_000 });
  expect(first).toMatchObject({
    desk: "desk a",
    episode: 1_001,
    key: "desk%20a:memory-high:service=a/1001/2",
  });
  expect(first).not.toHaveProperty("deskIsService");
  expect(ofRun(firing, { desk: "desk a", service: "bot", sinceMs: 2_000 }).episode).toBeGreaterThan(
    first.episode,
  );
  const summary: Transition = {
    ...firing,
    kind: "happened",
    key: "daily-summary/2026-11-29/1",
    happening: "2026-11-29",
  };
  const keys = [1_000, 2_000].map((sinceMs) => ofRun(summary, { desk: "d", service: "bot", sinceMs }).key);
  expect(keys).toEqual(["d:daily-summary/2026-11-29/1", "d:daily-summary/2026-11-29/1"]);
});

test("a service of no desk is told from others by its name, which is no desk's", () => {
  expect(ofRun(firing, { desk: "", service: "bot", sinceMs: 1_000 })).toMatchObject({
    desk: "bot",
    deskIsService: true,
    key: "bot:memory-high:service=a/1001/2",
  });
});
