import type { Context } from "../context.ts";
import { isAlive } from "../run/identity.ts";
import { endLeftovers, endProcess } from "../run/leftovers.ts";
import { runFolder } from "../run/run-folder.ts";

/** The runner ends its parts one after the other. */
const RUNNER_MS = 180_000;

/** Ends a stack that another terminal runs, and what is left of one whose runner was killed. @returns the exit code */
export async function stop(data: string, { all, progress }: Context): Promise<number> {
  const folder = runFolder(data);
  const state = folder.readState();
  const runs = state !== undefined && isAlive(state.runner);
  if (runs) await progress.during("Stopping", endProcess(state.runner, RUNNER_MS));
  const left = await endLeftovers(folder, all);
  if (left.length > 0) progress.line(`Ended ${left.join(", ")}.`);
  progress.line(runs || left.length > 0 ? "The stack has ended." : "The stack does not run.");
  return 0;
}
