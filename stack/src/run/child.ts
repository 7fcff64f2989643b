import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Command } from "../parts/part.ts";
import { identityOf, type ProcessIdentity } from "./identity.ts";

/** A process of a part. */
export interface Child {
  readonly identity: ProcessIdentity;
  readonly startedMs: number;
  readonly hasEnded: boolean;
  /** How it ended, such as `exit code 1` or `SIGKILL`. */
  readonly ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
}

/**
 * Starts a program whose output is appended to a log. It is the leader of a session of its own: ctrl-C in the terminal reaches the runner only, which
 * ends the parts in their order.
 *
 * @param environment all of it
 * @throws Error if the program cannot be started
 */
export async function startChild(
  command: Command,
  cwd: string,
  log: string,
  environment: NodeJS.ProcessEnv,
): Promise<Child> {
  const output = openSync(log, "a", 0o600);
  writeSync(output, `--- ${new Date().toISOString()} ${command.program} ${command.args.join(" ")}\n`);
  const child = spawn(command.program, command.args, {
    cwd,
    env: environment,
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  const pid = child.pid ?? -1;
  return {
    // One that has ended by now has none, and needs none.
    identity: identityOf(pid) ?? { pid, started: "" },
    startedMs: Date.now(),
    get hasEnded() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    ended,
    signal: (name) => void child.kill(name),
  };
}
