import { eventually } from "@slipstream/testing/eventually";
import { expect, it, onTestFinished } from "vitest";
import { EngineThread } from "./engine-thread.ts";
import type { EngineSettings } from "./messages.ts";

function threadWith(settings: Partial<EngineSettings>): { thread: EngineThread; errors: string[] } {
  const errors: string[] = [];
  const thread = new EngineThread({
    settings: { service: "desk", desk: "", engine: {}, redis: undefined, questdb: undefined, ...settings },
    logger: { info: () => undefined, warn: () => undefined, error: (message) => void errors.push(message) },
  });
  onTestFinished(() => thread.stop(1_000));
  return { thread, errors };
}

const span = { name: "trade.execute", durationSeconds: 0.1, failed: false, attributes: {} };

it("a thread that fails each time is given up, and what it should count is bounded", async () => {
  const { thread, errors } = threadWith({ engine: { nodeMethods: null as never } });
  await thread.start();
  await eventually("it is given up", () => errors.at(-1)?.includes("there are no statistics from now on"));
  for (let i = 0; i < 200_000; i++) thread.add({ ...span, endMs: i });
  expect(thread.dropped).toBe(200_000 - 131_072);
  expect(thread.newest).toBeUndefined();
});

it("a thread counts what it is told", async () => {
  const { thread } = threadWith({ engine: { allowedLatenessMs: 0 } });
  await thread.start();
  thread.add({ ...span, endMs: Date.now() });
  const newest = await eventually("the span is counted", () =>
    thread.newest?.values.success_rate === undefined ? undefined : thread.newest,
  );
  expect(newest.values).toMatchObject({ trade_latency_p99: 100, success_rate: 100 });
  expect(newest.watermarkMs).toBeGreaterThan(0);
});
