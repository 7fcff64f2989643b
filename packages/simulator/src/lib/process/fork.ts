import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { deferred } from "../deferred.ts";
import { optionError } from "../option-error.ts";
import type { Summary } from "../simulation.ts";
import { type ProcessOptions, toArguments } from "./arguments.ts";
import type { FromSimulator } from "./messages.ts";

export interface ForkOptions extends ProcessOptions {
  readonly token?: string | undefined;
  /** Called with errors that prevent telemetry or ground truth from being written. */
  readonly onError?: ((message: string) => void) | undefined;
  /** Called once per second. */
  readonly onSummary?: ((summary: Summary) => void) | undefined;
}

export interface SimulatorProcess {
  readonly pid: number | undefined;
  readonly run: string;
  /** URL of the stand-in for a Solana node. */
  readonly nodeUrl: string;
  /** The last summary received, at most about a second old; undefined in the first second. */
  summary(): Summary | undefined;
  /** Ends the process cleanly. It is killed if it does not end within 20 s. */
  stop(): Promise<Summary>;
  /** Resolves at a clean end; rejects if the process died. */
  readonly done: Promise<Summary>;
}

const KILL_AFTER_MS = 20_000;

/**
 * Runs the simulation in its own process, so that it does not use the caller's event loop. Resolves once it
 * trades.
 *
 * @throws SlipstreamError (`invalid_option`) with the name of the invalid option.
 */
export async function forkSimulation(options: ForkOptions = {}): Promise<SimulatorProcess> {
  const child = start(options);
  let last: Summary | undefined;
  let finished: Summary | undefined;
  const ready = deferred<{ readonly run: string; readonly nodeUrl: string }>();
  const done = deferred<Summary>();
  // Handling the rejection of `done` is optional.
  done.promise.catch(() => {});
  child.on("message", (message: FromSimulator) => {
    if (message.type === "ready") ready.resolve(message);
    else if (message.type === "problem") options.onError?.(message.message);
    else if (message.type === "error") ready.reject(toError(message));
    else {
      last = message.summary;
      if (message.type === "done") finished = message.summary;
      options.onSummary?.(message.summary);
    }
  });
  child.once("error", ready.reject);
  child.once("exit", (code, signal) => {
    if (finished !== undefined) done.resolve(finished);
    const error = new Error(`the simulator process ended with ${signal ?? `exit code ${code}`}`);
    ready.reject(error);
    done.reject(error);
  });
  const { run, nodeUrl } = await ready.promise;
  return {
    pid: child.pid,
    run,
    nodeUrl,
    summary: () => last,
    stop: () => stop(child, done.promise),
    done: done.promise,
  };
}

function start({ token, onError, onSummary, ...options }: ForkOptions): ChildProcess {
  // All of dist/ is in one folder.
  const path = import.meta.url.endsWith(".ts") ? "../../simulator.main.ts" : "./simulator.main.js";
  const url = new URL(path, import.meta.url);
  return fork(fileURLToPath(url), toArguments(options), {
    execArgv: url.pathname.endsWith(".ts") ? ["--conditions=slipstream-source"] : [],
    env: token === undefined ? process.env : { ...process.env, SLIPSTREAM_TOKEN: token },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function stop(child: ChildProcess, done: Promise<Summary>): Promise<Summary> {
  if (child.connected) child.send({ type: "stop" });
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  try {
    return await done;
  } finally {
    clearTimeout(timer);
  }
}

function toError({ message, field }: { readonly message: string; readonly field: string | null }): Error {
  // The message of an invalid option begins with its field.
  return field === null ? new Error(message) : optionError(field, message.slice(field.length + 2));
}
