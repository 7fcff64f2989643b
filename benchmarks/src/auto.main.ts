import { runProgram } from "@slipstream/testing/program";
import { autoBenchmark } from "./auto/benchmark.ts";
import { type AutoOptions, parseOptions, usage } from "./auto/options.ts";
import { benchmarkText } from "./lib/report.ts";
import { runBenchmark } from "./lib/run-benchmark.ts";

async function main(options: AutoOptions): Promise<void> {
  await runBenchmark(options, { lacks: undefined, run: autoBenchmark, text: benchmarkText });
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
