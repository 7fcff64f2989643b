import { machine } from "./machine.ts";
import { machineText } from "./report.ts";

const QUICK = "Quick: too short for figures to quote; it shows that everything runs.\n";
const CLEAR_LINE = "\r\x1b[K";

export interface BenchmarkProgram<Options, Result extends object> {
  /** What it cannot run without, if that is missing: a sentence. */
  readonly lacks: string | undefined;
  run(options: Options, onProgress: (text: string) => void): Promise<Result>;
  /** The result for people. */
  text(result: Result): string;
}

/** Runs a benchmark, shows on a terminal how far it is, and prints its result: for people, or as JSON. */
export async function runBenchmark<
  Options extends { readonly json: boolean; readonly quick: boolean },
  Result extends object,
>(options: Options, { lacks, run, text }: BenchmarkProgram<Options, Result>): Promise<void> {
  if (lacks !== undefined) {
    process.stdout.write(`Skipped: ${lacks}\n`);
    return;
  }
  const { json, quick } = options;
  const on = machine();
  if (!json) process.stdout.write(`${machineText(on)}${quick ? QUICK : ""}\n`);
  const { stderr } = process;
  const onProgress = stderr.isTTY ? (shown: string) => stderr.write(`${CLEAR_LINE}${shown}`) : () => {};
  const result = await run(options, onProgress);
  if (stderr.isTTY) stderr.write(CLEAR_LINE);
  process.stdout.write(
    json ? `${JSON.stringify({ machine: on, quick, ...result }, null, 2)}\n` : text(result),
  );
}
