/**
 * Runs a program of this repository. `--help` prints its usage; for a wrong argument, what is wrong comes before the usage, and the exit
 * code is 2.
 *
 * @param parse reads the command line; what it throws is about a wrong argument
 */
export async function runProgram<Options>(
  usage: string,
  parse: () => Options | "help",
  main: (options: Options) => Promise<void>,
): Promise<void> {
  let options: Options | "help";
  try {
    options = parse();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options === "help") process.stdout.write(usage);
  else await main(options);
}

/** Ends a program's output in vitest's words, which .ci/run counts. If anything failed, the exit code is 1. */
export function reportTests(passed: number, all: number): void {
  const failed = all - passed;
  process.stdout.write(`Tests  ${failed > 0 ? `${failed} failed | ` : ""}${passed} passed (${all})\n`);
  if (failed > 0) process.exitCode = 1;
}
