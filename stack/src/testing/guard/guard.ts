import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A process that outlives this one if this one is killed. */
export interface Guard {
  /** Does now what it does otherwise when this process has ended. */
  end(): Promise<void>;
}

/**
 * Ends the parts of the stack whose data is in `data` of this folder, and deletes the folder, when this process has ended: after SIGKILL, nobody else
 * would. Start it before the stack.
 */
export function startGuard(folder: string): Guard {
  const args = ["--conditions=slipstream-source", join(import.meta.dirname, "guard.main.ts"), folder];
  // Detached: what is sent to this process's group, such as ctrl-C, does not end it.
  const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "inherit"], detached: true });
  return {
    async end() {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
