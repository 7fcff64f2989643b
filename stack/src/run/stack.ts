import { delimiter, dirname, join } from "node:path";
import { type FileLock, tryLock } from "../file-lock.ts";
import { cutLog } from "../log-file.ts";
import { makeFolder } from "../make-folder.ts";
import { stages } from "../order.ts";
import type { Part, Setting } from "../parts/part.ts";
import { checkPorts, type PortWishes, planPorts } from "../ports.ts";
import type { Progress } from "../progress.ts";
import { identityOf } from "./identity.ts";
import { endLeftovers } from "./leftovers.ts";
import { runFolder } from "./run-folder.ts";
import { type RunningPart, runningPart } from "./running-part.ts";

const MOST_LOG_BYTES = 64 * 1024 * 1024;
const LOGS_EVERY_MS = 60_000;

export interface StackOptions {
  readonly repository: string;
  readonly data: string;
  /** All parts that there are, and those that run. */
  readonly all: readonly Part[];
  readonly parts: readonly Part[];
  readonly ports: PortWishes;
  readonly progress: Progress;
  /** Further environment of a part, by its name. */
  readonly env?: Setting["env"];
  readonly simulator?: readonly string[];
  readonly alertmanagerConfig?: string;
  /** Ends the start. */
  readonly signal?: AbortSignal;
  /** Kills everything at once, while it starts too. */
  readonly kill?: AbortSignal;
}

/** A stack that runs. */
export interface Stack {
  readonly setting: Setting;
  /** @throws Error if it does not run here */
  part(name: string): RunningPart;
  /** Ends all parts in their order. A second call with `atOnce` does not wait for them to end by themselves. */
  stop(atOnce?: boolean): Promise<void>;
}

/**
 * Starts parts, each group when those before it are healthy. What an earlier run of the same folder left is ended first.
 *
 * @throws Error if another run has the folder, a port is in use, or a part does not become healthy; nothing is left then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { data, parts, all, progress } = options;
  const folder = runFolder(data);
  const lock = lockFolder(data, folder.lock);
  try {
    const ended = await endLeftovers(folder, all);
    if (ended.length > 0) progress.line(`Ended what an earlier run left: ${ended.join(", ")}.`);
    const ports = await planPorts(all, options.ports);
    await checkPorts(parts, ports);
    const setting: Setting = {
      repository: options.repository,
      data,
      ports,
      parts: parts.map(({ name }) => name),
      tokenFile: folder.tokenFile(),
      env: options.env ?? {},
      simulator: options.simulator ?? [],
      alertmanagerConfig: options.alertmanagerConfig,
    };
    const runner = identityOf(process.pid) ?? { pid: process.pid, started: "" };
    folder.writeState({ runner, startedMs: Date.now(), setting });
    return await startParts(options, setting, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startParts(
  { data, parts, progress, repository, signal, kill }: StackOptions,
  setting: Setting,
  lock: FileLock,
): Promise<Stack> {
  const folder = runFolder(data);
  const environment = partEnvironment(repository);
  const running = parts.map((part) => {
    return runningPart(part, { setting, folder, environment, progress });
  });
  const runningStages = stages(parts).map((stage) => running.filter(({ part }) => stage.includes(part)));
  const logs = setInterval(() => {
    for (const { name } of parts) cutLog(folder.log(name), MOST_LOG_BYTES);
  }, LOGS_EVERY_MS);
  logs.unref();

  let stopping: Promise<void> | undefined;
  async function stopAll(): Promise<void> {
    for (const stage of runningStages.toReversed()) await Promise.all(stage.map((part) => part.stop()));
    clearInterval(logs);
    lock.release();
  }
  async function stop(atOnce = false): Promise<void> {
    stopping ??= stopAll();
    if (atOnce) {
      for (const stage of runningStages.toReversed()) await Promise.all(stage.map((part) => part.kill()));
    }
    await stopping;
  }
  kill?.addEventListener("abort", () => void stop(true), { once: true });

  try {
    for (const stage of runningStages) {
      signal?.throwIfAborted();
      const names = stage.map(({ part }) => part.name).join(", ");
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      aborted.catch(() => {});
      const started = Promise.all(stage.map((part) => part.start()));
      await progress.during(`Starting ${names}`, Promise.race([started, aborted]));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    setting,
    part(name) {
      const found = running.find(({ part }) => part.name === name);
      if (found === undefined) throw new Error(`${name} does not run.`);
      return found;
    },
    stop,
  };
}

function lockFolder(data: string, file: string): FileLock {
  makeFolder(data);
  const lock = tryLock(file);
  if (lock !== undefined) return lock;
  const state = runFolder(data).readState();
  const pid = state === undefined ? "" : ` (pid ${state.runner.pid})`;
  throw new Error(
    `The stack runs already${pid} with its data in ${data}. \`npm run stack -- status\` shows it, and \`npm run stack -- stop\` ends it. ` +
      "For a second one: --data DIR --ports free.",
  );
}

/** The runner's environment without what configures Slipstream or OpenTelemetry, and with its own Node first. */
function partEnvironment(repository: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:SLIPSTREAM_|STACK_|SIMULATOR_|OTEL_|REDIS_URL$|QDB_CLIENT_CONF$|NODE_OPTIONS$|npm_)/.test(name),
  );
  const path = [dirname(process.execPath), join(repository, "node_modules", ".bin"), process.env.PATH ?? ""];
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
