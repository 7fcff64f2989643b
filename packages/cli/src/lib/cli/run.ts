import { hasCode, SlipstreamError } from "@slipstream/conventions";
import { CommanderError } from "commander";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Runs the CLI. @returns its exit code */
export async function run(args: readonly string[], version: string): Promise<ExitCode> {
  try {
    await createProgram(version).parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    // Commander has printed what it has to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    const { code, message } = explain(error);
    if (message !== "") console.error(`slipstream: ${message}`);
    return code;
  }
}

/** Errors whose reason is how the program was called. */
const usageErrors = [
  "usage",
  "bad_config",
  "invalid_option",
  "redis_url",
  "port_in_use",
  "cannot_listen",
  "token_required",
  "data_in_use",
  "data_unusable",
  "questdb_conf",
  "history_no_column",
  "log_missing",
] as const;

function explain(error: unknown): { code: ExitCode; message: string } {
  if (error instanceof SlipstreamError) {
    return { code: hasCode(error, ...usageErrors) ? exitCode.usage : exitCode.bad, message: error.message };
  }
  return {
    code: exitCode.bad,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
