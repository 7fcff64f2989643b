import { describe, expect, test } from "vitest";
import { InstrumentSet } from "./instrument-set.ts";
import { memoryLimitBytes } from "./memory-limit.ts";
import { ProcessMetrics } from "./process-metrics.ts";

function fakeProcess() {
  const state = { cpuMicros: 1_000_000, ms: 10_000 };
  const source = {
    cpuMicros: () => state.cpuMicros,
    monotonicMs: () => state.ms,
    memoryBytes: () => 123,
    memoryLimitBytes: () => 456,
  };
  return { state, source };
}

describe("CPU", () => {
  test("percent of one core since the last reading", () => {
    const { state, source } = fakeProcess();
    const metrics = new ProcessMetrics(source);
    expect(metrics.read().cpuPercent).toBeUndefined();
    state.ms += 2_000;
    state.cpuMicros += 500_000;
    expect(metrics.read()).toEqual({ memoryBytes: 123, cpuPercent: 25, memoryLimitBytes: 456 });
    state.ms += 1_000;
    state.cpuMicros += 1_500_000;
    expect(metrics.read().cpuPercent).toBe(150);
  });

  test("two readers in quick succession get the same value", () => {
    const { state, source } = fakeProcess();
    const metrics = new ProcessMetrics(source);
    state.ms += 5_000;
    state.cpuMicros += 500_000;
    expect(metrics.read().cpuPercent).toBe(10);
    state.ms += 5;
    state.cpuMicros += 5_000;
    expect(metrics.read().cpuPercent).toBe(10);
  });

  test("it is unknown in the first second, because a few milliseconds say nothing", () => {
    const { state, source } = fakeProcess();
    const metrics = new ProcessMetrics(source);
    state.ms += 10;
    state.cpuMicros += 10_000;
    expect(metrics.read().cpuPercent).toBeUndefined();
  });

  test("if the system hides its numbers, they stay unknown", () => {
    const { source } = fakeProcess();
    const set = new InstrumentSet();
    const metrics = new ProcessMetrics({
      ...source,
      memoryBytes: () => {
        throw new Error("hidden");
      },
    });
    metrics.writeTo(set.handles);
    expect(set.handles.memoryUsage.value).toBeUndefined();
  });
});

test("of this process", () => {
  const set = new InstrumentSet();
  new ProcessMetrics().writeTo(set.handles);
  expect(set.handles.memoryUsage.value).toBeGreaterThan(1e6);
  expect(set.handles.memoryLimit.value).toBeGreaterThanOrEqual(set.handles.memoryUsage.value ?? 0);
});

describe("memory limit", () => {
  const V2 = "/sys/fs/cgroup/memory.max";
  const files = (contents: Record<string, string>) => (file: string) => {
    const text = contents[file];
    if (text === undefined) throw new Error("ENOENT");
    return text;
  };

  test("the cgroup's, version 2 or 1", () => {
    expect(memoryLimitBytes(files({ [V2]: "1048576\n" }), 4e9)).toBe(1_048_576);
    expect(memoryLimitBytes(files({ "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2097152\n" }), 4e9)).toBe(
      2_097_152,
    );
  });

  test("the machine's, if there is no limit or it is larger", () => {
    expect(memoryLimitBytes(files({}), 4e9)).toBe(4e9);
    expect(memoryLimitBytes(files({ [V2]: "max\n" }), 4e9)).toBe(4e9);
    expect(memoryLimitBytes(files({ [V2]: "9223372036854771712" }), 4e9)).toBe(4e9);
  });
});
