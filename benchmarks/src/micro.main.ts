import { runProgram } from "@slipstream/testing/program";
import { machine } from "./lib/machine.ts";
import { type MicroOptions, parseOptions, usage } from "./lib/options.ts";
import { benchmarkText, machineText } from "./lib/report.ts";
import type { BenchmarkResult } from "./lib/result.ts";

type Benchmark = (quick: boolean) => Promise<BenchmarkResult>;

// Loaded when needed: what one benchmark imports must not disturb the heap and the compiler of another.
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  record: async () => (await import("./record.ts")).recordBenchmark,
  render: async () => (await import("./render.ts")).renderBenchmark,
  decode: async () => (await import("./decode.ts")).decodeBenchmark,
  overhead: async () => (await import("./overhead.ts")).overheadBenchmark,
  import: async () => (await import("./import.ts")).importBenchmark,
};

const QUICK = "Quick: too short for figures to quote; it shows that everything runs.\n";

async function main({ json, quick, only }: MicroOptions): Promise<void> {
  const on = machine();
  if (!json) process.stdout.write(`${machineText(on)}${quick ? QUICK : ""}\n`);
  const results: BenchmarkResult[] = [];
  for (const name of only) {
    const load = benchmarks[name];
    if (load === undefined) continue;
    const result = await (await load())(quick);
    results.push(result);
    if (!json) process.stdout.write(`${benchmarkText(result)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine: on, quick, benchmarks: results }, null, 2)}\n`);
}

await runProgram(usage, () => parseOptions(process.argv.slice(2), Object.keys(benchmarks)), main);
