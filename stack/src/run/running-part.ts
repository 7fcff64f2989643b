import { setTimeout as sleep } from "node:timers/promises";
import { withEndOf } from "../log-file.ts";
import type { Part, Setting } from "../parts/part.ts";
import { duration, type Progress } from "../progress.ts";
import { type Child, startChild } from "./child.ts";
import type { RunFolder } from "./run-folder.ts";
import { watchHealth } from "./watch-health.ts";

/** How long a part may take until it serves. */
const HEALTHY_MS = 120_000;
const HEALTH_POLL_MS = 100;
const STOP_MS = 10_000;
const END_LINES = 15;
/** A part that ends by itself is started again after this time, unless it ended this often within the time. */
const RESTART_AFTER_MS = 1_000;
const MOST_ENDS = 5;
const ENDS_WITHIN_MS = 300_000;
/** A part that runs and does not serve this many times in a row is reported. */
const WATCH_MS = 5_000;
const MOST_MISSES = 3;

/** A part that is started, watched and ended. */
export interface RunningPart {
  readonly part: Part;
  /** undefined while it does not run */
  readonly pid: number | undefined;
  /** Starts it and waits until it serves. @throws Error with the end of its log if it does not */
  start(): Promise<void>;
  /** Ends it: SIGTERM, and SIGKILL if that takes too long. */
  stop(): Promise<void>;
  /** Kills it at once, and does not start it again. */
  kill(): Promise<void>;
}

export interface RunningPartOptions {
  readonly setting: Setting;
  readonly folder: RunFolder;
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

export function runningPart(part: Part, options: RunningPartOptions): RunningPart {
  const { setting, folder, environment, progress } = options;
  const { name } = part;
  const log = folder.log(name);
  let child: Child | undefined;
  /** The start of its process, which has no pid yet. */
  let spawning: Promise<Child> | undefined;
  let isWanted = false;
  let ends: number[] = [];
  let restarting: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    isWanted = true;
    await begin();
  }

  async function begin(): Promise<void> {
    part.prepare?.(setting);
    const began = performance.now();
    spawning = spawn();
    const started = await spawning;
    const wentWell = await untilHealthy(started, began);
    if (!isWanted) return;
    if (wentWell !== true) throw new Error(withEndOf(log, END_LINES, `${name} ${wentWell}.`));
    progress.line(`  ${name.padEnd(14)} ready after ${duration(performance.now() - began)}`);
    const trouble = part.trouble?.(setting);
    if (trouble !== undefined) progress.line(`  ${trouble}`);
    void started.ended.then((how) => {
      if (isWanted) restarting = again(how);
    });
    void watchHealth({
      isHealthy: () => part.isHealthy(setting),
      isOver: () => !isWanted || started.hasEnded,
      onChange: (serves, sinceMs) => progress.line(serves ? servesAgain(sinceMs) : hangs(started, sinceMs)),
      everyMs: WATCH_MS,
      misses: MOST_MISSES,
    });
  }

  async function spawn(): Promise<Child> {
    const command = part.command(setting);
    const env = { ...environment, ...command.env, ...setting.env[name] };
    child = await startChild(command, setting.repository, log, env);
    folder.writeProcess(name, child.identity);
    return child;
  }

  function hangs({ identity }: Child, sinceMs: number): string {
    return `${name} has not served for ${duration(sinceMs)}, but still runs (pid ${identity.pid}). It is left alone: kill it to have it started again.`;
  }

  function servesAgain(sinceMs: number): string {
    return `${name} serves again, after ${duration(sinceMs)}.`;
  }

  /** @returns true, or what is wrong */
  async function untilHealthy(started: Child, began: number): Promise<true | string> {
    for (;;) {
      if (started.hasEnded) return `ended (${await started.ended})`;
      if (await part.isHealthy(setting).catch(() => false)) return true;
      if (performance.now() - began > HEALTHY_MS) return `does not serve after ${duration(HEALTHY_MS)}`;
      await sleep(HEALTH_POLL_MS);
      if (!isWanted) return "is not wanted any more";
    }
  }

  async function again(how: string): Promise<void> {
    const now = performance.now();
    ends = [...ends.filter((ms) => now - ms < ENDS_WITHIN_MS), now];
    progress.line(withEndOf(log, END_LINES, `${name} ended (${how}).`));
    if (ends.length >= MOST_ENDS) {
      folder.removeProcess(name);
      progress.line(
        `${name} ended ${MOST_ENDS} times within ${duration(ENDS_WITHIN_MS)}, so it is not started again.`,
      );
      return;
    }
    progress.line(`${name} is started again.`);
    await sleep(RESTART_AFTER_MS);
    if (!isWanted) return;
    try {
      await begin();
    } catch (error) {
      progress.line(error instanceof Error ? error.message : String(error));
      if (child !== undefined && !child.hasEnded) child.signal("SIGKILL");
      if (isWanted) restarting = again((await child?.ended) ?? "not started");
    }
  }

  async function stop(signal: NodeJS.Signals): Promise<void> {
    isWanted = false;
    // If it fails, its start reports that.
    await spawning?.catch(() => {});
    const ending = child;
    if (ending !== undefined && !ending.hasEnded) {
      ending.signal(signal);
      const limit = new AbortController();
      const late = sleep(part.stopMs ?? STOP_MS, "late", { signal: limit.signal }).catch(() => "over");
      if ((await Promise.race([ending.ended, late])) === "late") {
        progress.line(`${name} has not ended after ${duration(part.stopMs ?? STOP_MS)} and is killed.`);
        ending.signal("SIGKILL");
        await ending.ended;
      }
      limit.abort();
    }
    await restarting;
    folder.removeProcess(name);
  }

  return {
    part,
    get pid() {
      return child === undefined || child.hasEnded ? undefined : child.identity.pid;
    },
    start,
    stop: () => stop("SIGTERM"),
    kill: () => stop("SIGKILL"),
  };
}
