import { expect, test } from "vitest";
import { SlowFilesReporter } from "./slow-files-reporter.ts";

type Modules = Parameters<SlowFilesReporter["onTestRunEnd"]>[0];

function module(file: string, project: string, duration: number): Modules[number] {
  return {
    relativeModuleId: file,
    project: { name: project },
    diagnostic: () => ({ duration }),
  } as unknown as Modules[number];
}

test("names each file of the project that took too long, the slowest first", () => {
  const lines: string[] = [];
  const reporter = new SlowFilesReporter({
    project: "unit",
    limitMs: 5_000,
    write: (line) => lines.push(line),
  });
  reporter.onTestRunEnd([
    module("quick.test.ts", "unit", 4_900),
    module("slower.test.ts", "unit", 9_000),
    module("slow.test.ts", "unit", 5_100),
    module("servers.test.ts", "servers", 60_000),
  ]);
  expect(lines).toEqual([
    "warning: slower.test.ts took 9.0 s; a unit test file should take at most 5 s",
    "warning: slow.test.ts took 5.1 s; a unit test file should take at most 5 s",
  ]);
});
