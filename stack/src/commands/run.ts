import { type Arguments, readArguments, usage } from "../arguments.ts";
import type { Context } from "../context.ts";
import { install } from "../install/install.ts";
import { logs } from "./logs.ts";
import { status } from "./status.ts";
import { stop } from "./stop.ts";
import { up } from "./up.ts";

/** Runs one command line. @returns exit code: 0, 1 (something does not work), 2 (a wrong argument) */
export async function runCommand(argv: readonly string[], context: Context): Promise<number> {
  // The terminal may be gone while the parts end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  let read: Arguments | "help";
  try {
    read = readArguments(argv, context.all, process.env.INIT_CWD ?? process.cwd(), context.repository);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage(context.all)}`);
    return 2;
  }
  if (read === "help") {
    process.stdout.write(usage(context.all));
    return 0;
  }
  try {
    return await run(read, context);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

async function run(read: Arguments, context: Context): Promise<number> {
  if (read.command === "up") return up(read, context);
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => stopped.abort(new Error("Stopped.")));
  const { signal } = stopped;
  switch (read.command) {
    case "install":
      await install(read.parts, { ...context, signal });
      return 0;
    case "status":
      return status(read.data, context);
    case "logs":
      return logs(read.data, read.parts, read.follow, process.stdout, signal);
    case "stop":
      return stop(read.data, context);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
