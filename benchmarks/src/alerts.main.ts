import { runProgram } from "@slipstream/testing/program";
import { alertsBenchmark } from "./alerts/benchmark.ts";
import { type AlertsOptions, parseOptions, usage } from "./alerts/options.ts";
import { alertsText } from "./alerts/report.ts";
import { runBenchmark } from "./lib/run-benchmark.ts";

async function main(options: AlertsOptions): Promise<void> {
  await runBenchmark(options, { lacks: undefined, run: alertsBenchmark, text: alertsText });
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
