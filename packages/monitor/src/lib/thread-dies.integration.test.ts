import { eventually } from "@slipstream/testing/eventually";
import { watchThreads } from "@slipstream/testing/threads";
import { expect, it, onTestFinished } from "vitest";
import { metricsWhere, report, startedMonitor } from "./testing/monitors.ts";

const THREAD = "slipstream-engine";

it("a monitor whose thread dies knows nothing for a while, counts what it lost, and goes on", async () => {
  const threads = watchThreads();
  onTestFinished(() => threads.stop());
  const monitor = await startedMonitor();
  for (let round = 1; round <= 3; round += 1) {
    report(monitor, 10);
    await metricsWhere(monitor, "trades are counted", ({ successRate }) => successRate === 90);
    await threads.kill(THREAD);
    expect(monitor.getCurrentMetrics().successRate).toBeNull();
    await eventually("a new thread runs", () => threads.named(THREAD).length === round + 1);
  }
  report(monitor, 10);
  await metricsWhere(monitor, "trades are counted again", ({ successRate }) => successRate === 90);
  const stopped = monitor.log.filter((line) => line.includes("Statistics stopped"));
  expect(stopped).toHaveLength(1);
  expect(stopped[0]).toContain("exit code 1");
  await Promise.all([threads.kill(THREAD), monitor.stop(), monitor.stop()]);
});
