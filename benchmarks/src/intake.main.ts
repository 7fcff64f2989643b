import { runProgram } from "@slipstream/testing/program";
import { intakeBenchmark } from "./intake/benchmark.ts";
import { type IntakeOptions, parseOptions, usage } from "./intake/options.ts";
import { canReadProcesses } from "./intake/process-stats.ts";
import { intakeText } from "./intake/report.ts";
import { runBenchmark } from "./lib/run-benchmark.ts";

async function main(options: IntakeOptions): Promise<void> {
  const lacks = canReadProcesses() ? undefined : "what a process takes is read from /proc, on Linux.";
  await runBenchmark(options, { lacks, run: intakeBenchmark, text: intakeText });
}

await runProgram(usage, () => parseOptions(process.argv.slice(2), process.env), main);
