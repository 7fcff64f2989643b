import { runProgram } from "@slipstream/testing/program";
import { intakeBenchmark } from "./intake/benchmark.ts";
import { type IntakeOptions, parseOptions, usage } from "./intake/options.ts";
import { canReadProcesses } from "./intake/process-stats.ts";
import { intakeText } from "./intake/report.ts";
import { machine } from "./lib/machine.ts";
import { machineText } from "./lib/report.ts";

const QUICK = "Quick: too short for figures to quote; it shows that everything runs.\n";
const CLEAR_LINE = "\r\x1b[K";

async function main(options: IntakeOptions): Promise<void> {
  if (!canReadProcesses()) {
    process.stdout.write("Skipped: what a process takes is read from /proc, on Linux.\n");
    return;
  }
  const { json, quick } = options;
  const on = machine();
  if (!json) process.stdout.write(`${machineText(on)}${quick ? QUICK : ""}\n`);
  const { stderr } = process;
  const onProgress = stderr.isTTY ? (text: string) => stderr.write(`${CLEAR_LINE}${text}`) : () => {};
  const result = await intakeBenchmark(options, onProgress);
  if (stderr.isTTY) stderr.write(CLEAR_LINE);
  process.stdout.write(
    json ? `${JSON.stringify({ machine: on, quick, ...result }, null, 2)}\n` : intakeText(result),
  );
}

await runProgram(usage, () => parseOptions(process.argv.slice(2), process.env), main);
