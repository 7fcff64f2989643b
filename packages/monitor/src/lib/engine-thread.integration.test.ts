import type { HistoryRow } from "@slipstream/engine";
import { eventually } from "@slipstream/testing/eventually";
import { watchThreads } from "@slipstream/testing/threads";
import { expect, it, onTestFinished } from "vitest";
import { EngineThread } from "./engine-thread.ts";
import type { EngineSettings } from "./messages.ts";

function threadWith(settings: Partial<EngineSettings>): {
  thread: EngineThread;
  errors: string[];
  rows: HistoryRow[];
} {
  const errors: string[] = [];
  const rows: HistoryRow[] = [];
  const thread = new EngineThread({
    settings: {
      service: "desk",
      desk: "",
      engine: {},
      redis: undefined,
      redisPrefix: undefined,
      questdb: undefined,
      alerts: undefined,
      writer: { desk: "", run: "" },
      ...settings,
    },
    logger: { info: () => undefined, warn: () => undefined, error: (message) => void errors.push(message) },
    onRows: (more) => void rows.push(...more),
  });
  onTestFinished(() => thread.stop(1_000));
  return { thread, errors, rows };
}

const span = {
  name: "trade.execute",
  durationSeconds: 0.1,
  failed: false,
  attributes: { "trade.status": "success" },
};

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

it("a thread that dies: each trade is counted by the next one, or counted as dropped", async () => {
  const threads = watchThreads();
  onTestFinished(() => threads.stop());
  // The owner gets a row for each trade.
  const { thread, rows } = threadWith({ questdb: "owner" });
  await thread.start();
  const killed = threads.kill("slipstream-engine");
  for (let i = 0; i < 100; i++) thread.add({ ...span, endMs: Date.now() });
  await killed;
  await eventually("a new thread runs", () => threads.named("slipstream-engine").length === 2);
  for (let i = 0; i < 100; i++) thread.add({ ...span, endMs: Date.now() });
  const counted = (): number => rows.filter(({ table }) => table === "trades").length;
  await eventually("all are accounted for", () => counted() + thread.dropped === 200);
  expect(thread.dropped).toBeLessThanOrEqual(100);
});
