import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { withEndOf } from "../log-file.ts";
import type { RunOptions } from "./installation.ts";

const END_LINES = 30;
/** A program that does not end by itself is killed then. */
const STOP_MS = 20_000;

/**
 * Runs a program to its end, with what it prints in a log file.
 *
 * @param signal ends it, and whatever it started
 * @throws Error with the end of the log if it cannot be started, fails or is ended
 */
export async function runLogged(
  program: string,
  args: readonly string[],
  log: string,
  signal: AbortSignal,
  { cwd, env }: RunOptions = {},
): Promise<void> {
  signal.throwIfAborted();
  const output = openSync(log, "a");
  // A group of its own, so that a compiler's children end with it.
  const child = spawn(program, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const guard = child.pid === undefined ? undefined : guardOf(child.pid);
  const send = (name: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has just ended, or runs as root by sudo: then it is waited for.
    }
  };
  const end = (): void => {
    send("SIGTERM");
    setTimeout(() => send("SIGKILL"), STOP_MS).unref();
  };
  signal.addEventListener("abort", end, { once: true });
  const result = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, killed) => {
      resolve(code === 0 ? undefined : code === null ? `ended by ${killed}` : `exit code ${code}`);
    });
  });
  signal.removeEventListener("abort", end);
  guard?.kill("SIGKILL");
  signal.throwIfAborted();
  if (result === undefined) return;
  throw new Error(withEndOf(log, END_LINES, `${program} ${args.join(" ")} failed: ${result}.`));
}

/**
 * Kills a group of processes if this process is killed, as nobody else would: the guard's standard input ends then. It is in a group of its own, so
 * ctrl-C in the terminal does not reach it.
 */
function guardOf(group: number): ChildProcess {
  const guard = spawn("sh", ["-c", 'read -r _; kill -KILL "-$0"', String(group)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  // Without a shell, there is no guard.
  guard.on("error", () => {});
  return guard;
}
