import { runProgram } from "@slipstream/testing/program";
import { deskBenchmark } from "./desk/benchmark.ts";
import { type DeskOptions, parseOptions, usage } from "./desk/options.ts";
import { deskText } from "./desk/report.ts";
import { canReadThreads } from "./desk/threads.ts";
import { runBenchmark } from "./lib/run-benchmark.ts";

async function main(options: DeskOptions): Promise<void> {
  const lacks = canReadThreads() ? undefined : "what a thread takes is read from /proc, on Linux.";
  await runBenchmark(options, { lacks, run: deskBenchmark, text: deskText });
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
