import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onPath } from "slipstream-stack/install/on-path";
import { eventually } from "./eventually.ts";

/** A real program that a test started. */
export interface RealProcess {
  readonly pid: number;
  /** What it printed so far, both streams, for the message of a failure. */
  output(): string;
  /** Sends a signal to this process, by its id. */
  signal(name: NodeJS.Signals): void;
  readonly exited: boolean;
  /** Null while it runs, and if a signal ended it. */
  readonly exitCode: number | null;
  /** Kills the process, stopped or not, and waits for its end. */
  kill(): Promise<void>;
}

/**
 * @throws Error that says which Debian package to install where a program is missing.
 */
export function requireProgram(program: string, debianPackage: string): void {
  if (onPath(program)) return;
  throw new Error(
    `The tests of the servers project need "${program}": apt-get install ${debianPackage} (.ci/run does it).`,
  );
}

/**
 * Waits until the program serves. A program that does not is killed.
 *
 * @param serves answers true once it does; its errors count as no answer.
 * @throws Error with what the program printed if it ends or the deadline passes.
 */
export async function untilServing(
  name: string,
  process: RealProcess,
  serves: () => Promise<boolean>,
  deadlineMs: number = 20_000,
): Promise<void> {
  try {
    await eventually(`${name} serves`, async () => process.exited || (await serves()), deadlineMs);
    if (process.exited) throw new Error(`${name} ended.`);
  } catch (error) {
    await process.kill();
    throw new Error(`${name} did not start. It printed: ${process.output()}`, { cause: error });
  }
}

/** Starts a program with its output kept. */
export function startProcess(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): RealProcess {
  const child: ChildProcess = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(`${error.message}\n`)));
  const exit = once(child, "exit").catch(() => undefined);
  const exited = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    pid: child.pid ?? -1,
    output: () => output,
    get exited() {
      return exited();
    },
    get exitCode() {
      return child.exitCode;
    },
    signal: (name) => {
      if (!exited()) child.kill(name);
    },
    async kill() {
      if (exited()) return;
      child.kill("SIGKILL");
      await exit;
    },
  };
}
