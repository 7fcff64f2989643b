import { ConfigError } from "@slipstream/config";
import { CommanderError } from "commander";
import { ClientError } from "../client/client-error.ts";
import { CliError, type ExitCode, exitCode } from "./cli-error.ts";
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

/** Codes of the aggregator's errors that the way it was called is the reason of. */
const usageErrors: ReadonlySet<unknown> = new Set([
  "bad_config",
  "port_in_use",
  "cannot_listen",
  "token_required",
  "data_in_use",
  "data_unusable",
  "questdb_conf",
  "history_no_column",
  "log_missing",
]);

function explain(error: unknown): { code: ExitCode; message: string } {
  if (error instanceof CliError) return { code: error.exitCode, message: error.message };
  if (error instanceof ConfigError) return { code: exitCode.usage, message: error.message };
  if (error instanceof ClientError) return { code: exitCode.bad, message: error.message };
  if (error instanceof Error && error.name === "SlipstreamError" && "code" in error) {
    return { code: usageErrors.has(error.code) ? exitCode.usage : exitCode.bad, message: error.message };
  }
  return {
    code: exitCode.bad,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
