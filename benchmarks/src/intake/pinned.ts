import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";

/** The core of what is measured, and that of the senders. */
export const MEASURED_CORE = 1;
export const SENDING_CORE = 0;

/** Why processes cannot be held to a core each; undefined where they can. */
export function notPinned(): string | undefined {
  if (availableParallelism() < 2) return "there is one core only, shared with the sender";
  return spawnSync("taskset", ["--version"]).status === 0
    ? undefined
    : "there is no taskset here, so the processes were not held to one core each";
}

/** Starts a program, all of its threads on one core where that can be done. */
export function startPinned(
  core: number,
  command: readonly [string, ...string[]],
  options: SpawnOptions,
): ChildProcess {
  const pinned: readonly [string, ...string[]] =
    notPinned() === undefined ? ["taskset", "--cpu-list", String(core), ...command] : command;
  const [program, ...args] = pinned;
  return spawn(program, args, options);
}

/** Ends a process that was started here, by force if it does not end within 15 s. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await exited;
  clearTimeout(force);
}
