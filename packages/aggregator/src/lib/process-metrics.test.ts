import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { processMetrics, VERSION } from "@slipstream/conventions";
import type { MetricFamily } from "@slipstream/exposition";
import { eventually } from "@slipstream/testing/eventually";
import { expect, onTestFinished, test } from "vitest";
import { createAggregator } from "./aggregator.ts";
import { IN_MEMORY } from "./data-folder.ts";
import { processSource } from "./process-metrics.ts";

function source() {
  const opened = processSource();
  onTestFinished(() => opened.close());
  return opened;
}

function sampleOf(families: readonly MetricFamily[], name: string): number | undefined {
  const family = families.find(({ definition }) => definition.name === name);
  return family !== undefined && "samples" in family ? family.samples[0]?.value : undefined;
}

test("memory, CPU time and the start are those of this process", () => {
  const families = source().collect();
  const value = (name: string) => sampleOf(families, name) ?? Number.NaN;
  const { rss, heapUsed } = process.memoryUsage();
  expect(value("process_resident_memory_bytes") / rss).toBeCloseTo(1, 0);
  expect(value("nodejs_heap_size_used_bytes") / heapUsed).toBeCloseTo(1, 0);
  expect(value("nodejs_heap_size_total_bytes")).toBeGreaterThan(heapUsed / 2);
  expect(value("process_cpu_seconds_total")).toBeCloseTo(
    value("process_cpu_user_seconds_total") + value("process_cpu_system_seconds_total"),
    3,
  );
  expect(value("process_start_time_seconds")).toBeCloseTo(performance.timeOrigin / 1_000, 3);
});

test("a blocked event loop shows", async () => {
  const opened = source();
  opened.collect();
  let longest = 0;
  await eventually("the delay is measured", async () => {
    for (let round = 0; round < 3; round += 1) {
      const untilMs = performance.now() + 60;
      while (performance.now() < untilMs);
      await sleep(30);
    }
    longest = Math.max(longest, sampleOf(opened.collect(), "nodejs_eventloop_lag_max_seconds") ?? 0);
    return longest > 0.04;
  });
  expect(longest).toBeLessThan(60);
});

test("garbage collections are counted by kind", async () => {
  const opened = source();
  const count = (): number => {
    const family = opened.collect().find(({ definition }) => definition === processMetrics.gcDuration);
    if (family === undefined || !("histograms" in family)) return 0;
    return family.histograms.flatMap(({ counts }) => Array.from(counts)).reduce((sum, one) => sum + one, 0);
  };
  let garbage: unknown[] = [];
  await eventually("collections are seen", () => {
    garbage = Array.from({ length: 100_000 }, (_, index) => ({ index }));
    return count() > 0;
  });
  expect(garbage.length).toBeGreaterThan(0);
  const family = opened.collect().find(({ definition }) => definition === processMetrics.gcDuration);
  expect(
    family !== undefined && "histograms" in family && family.histograms.map(({ labels }) => labels.kind),
  ).toEqual(["major", "minor", "incremental", "weakcb"]);
});

test("every metric of the process is on /metrics, with the version, and whether the chain is watched", async () => {
  const aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0 });
  onTestFinished(() => aggregator.close());
  const page = await (await fetch(`${aggregator.url}/metrics`)).text();
  for (const { name } of Object.values(processMetrics)) expect(page).toContain(`# TYPE ${name} `);
  expect(page).toContain(`slipstream_build_info{version="${VERSION}"} 1\n`);
  expect(page).toContain(`nodejs_version_info{version="${process.version}"`);
  expect(page).toContain("\nslipstream_chain_watched 0\n");
});

test("it keeps no process alive", async () => {
  const { spawn } = await import("node:child_process");
  const module = new URL("./process-metrics.ts", import.meta.url).href;
  const script = `const { processSource } = await import(${JSON.stringify(module)}); processSource().collect();`;
  const child = spawn(process.execPath, [
    "--conditions=slipstream-source",
    "--input-type=module",
    "--eval",
    script,
  ]);
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
});
