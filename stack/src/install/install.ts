import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type FileLock, tryLock } from "../file-lock.ts";
import type { Part } from "../parts/part.ts";
import { duration, type Progress } from "../progress.ts";
import type { Installation } from "./installation.ts";
import { runLogged } from "./run-logged.ts";
import { type Toolchain, toolchainProblem } from "./toolchains.ts";

const LOCK_POLL_MS = 500;

export interface InstallOptions {
  readonly cache: string;
  readonly progress: Progress;
  /** Ends what is being built. */
  readonly signal: AbortSignal;
  /** Says what is wrong with a toolchain; for tests. */
  readonly problem?: (toolchain: Toolchain) => string | undefined;
}

/**
 * Installs what the parts need and this machine does not have, one after the other. Two runs at once do not build twice: the second waits.
 *
 * @returns the milliseconds that each part's installation took, of those that were missing
 * @throws Error that lists every toolchain that is missing, before anything is built
 */
export async function install(
  parts: readonly Part[],
  options: InstallOptions,
): Promise<ReadonlyMap<string, number>> {
  const { cache } = options;
  checkToolchains(parts, options);
  const took = new Map<string, number>();
  for (const { name, installation } of parts) {
    if (installation === undefined || installation.isInstalled(cache)) continue;
    const began = performance.now();
    await installOne(name, installation, options);
    took.set(name, performance.now() - began);
  }
  return took;
}

/** All problems at once, so that nobody waits ten minutes for the second. */
function checkToolchains(
  parts: readonly Part[],
  { cache, problem = toolchainProblem }: InstallOptions,
): void {
  const wanted = new Map<Toolchain, string[]>();
  const want = (toolchain: Toolchain, why: string): void => {
    wanted.set(toolchain, [...(wanted.get(toolchain) ?? []), why]);
  };
  for (const { name, needs = [], installation } of parts) {
    for (const toolchain of needs) want(toolchain, `${name} runs with it`);
    if (installation === undefined || installation.isInstalled(cache)) continue;
    for (const toolchain of installation.needs) {
      if (!needs.includes(toolchain)) want(toolchain, `to install ${installation.what}`);
    }
  }
  const problems = [...wanted].flatMap(([toolchain, why]) => {
    const text = problem(toolchain);
    return text === undefined ? [] : [`  ${text} Needed: ${why.join(", ")}.`];
  });
  if (problems.length === 0) return;
  throw new Error(
    ["Something is missing on this machine:", ...problems, "Or leave parts out: --without PART,..."].join(
      "\n",
    ),
  );
}

async function installOne(
  name: string,
  installation: Installation,
  { cache, progress, signal }: InstallOptions,
): Promise<void> {
  const lock = await locked(join(cache, "locks", `${name}.lock`), name, progress, signal);
  try {
    // Another run may have installed it meanwhile.
    if (installation.isInstalled(cache)) return;
    const began = performance.now();
    const log = join(cache, "logs", `${name}.log`);
    mkdirSync(join(cache, "logs"), { recursive: true });
    writeFileSync(log, "");
    const workshop = {
      cache,
      run: (program: string, args: readonly string[], options = {}): Promise<void> =>
        runLogged(program, args, log, signal, options),
    };
    const what = `Installing ${installation.what} (usually ${installation.usually} on 2 cores)`;
    progress.line(`${what}; output in ${log}`);
    await progress.during(what, installation.install(workshop));
    progress.line(`Installed ${installation.what} in ${duration(performance.now() - began)}`);
  } finally {
    lock.release();
  }
}

async function locked(
  file: string,
  name: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<FileLock> {
  const first = tryLock(file);
  if (first !== undefined) return first;
  const wait = async (): Promise<FileLock> => {
    for (;;) {
      const lock = tryLock(file);
      if (lock !== undefined) return lock;
      await sleep(LOCK_POLL_MS, undefined, { signal });
    }
  };
  const what = `Waiting for another run that installs ${name}`;
  progress.line(what);
  return progress.during(what, wait());
}
