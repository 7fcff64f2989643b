import { runProgram } from "@slipstream/testing/program";
import { deskBenchmark } from "./desk/benchmark.ts";
import { type DeskOptions, parseOptions, usage } from "./desk/options.ts";
import { deskText } from "./desk/report.ts";
import { canReadThreads } from "./desk/threads.ts";
import { machine } from "./lib/machine.ts";
import { machineText } from "./lib/report.ts";

const QUICK = "Quick: too short for figures to quote; it shows that everything runs.\n";
const CLEAR_LINE = "\r\x1b[K";

async function main(options: DeskOptions): Promise<void> {
  if (!canReadThreads()) {
    process.stdout.write("Skipped: what a thread takes is read from /proc, on Linux.\n");
    return;
  }
  const { json, quick } = options;
  const on = machine();
  if (!json) process.stdout.write(`${machineText(on)}${quick ? QUICK : ""}\n`);
  const { stderr } = process;
  const onProgress = stderr.isTTY ? (text: string) => stderr.write(`${CLEAR_LINE}${text}`) : () => {};
  const result = await deskBenchmark(options, onProgress);
  if (stderr.isTTY) stderr.write(CLEAR_LINE);
  process.stdout.write(
    json ? `${JSON.stringify({ machine: on, quick, ...result }, null, 2)}\n` : deskText(result),
  );
}

await runProgram(usage, () => parseOptions(process.argv.slice(2)), main);
