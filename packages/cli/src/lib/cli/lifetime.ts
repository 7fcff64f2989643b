import { closeSync, openSync } from "node:fs";

/** How long a command runs: until it is done, or told to end by SIGINT (Ctrl-C) or SIGTERM. */
export interface Lifetime {
  /** Aborts when the command is to end. */
  readonly signal: AbortSignal;
  /** The signal that ended it, undefined so far. */
  readonly endedBy: NodeJS.Signals | undefined;
  /** Leaves the signals to Node again. */
  release(): void;
}

/**
 * Takes over SIGINT and SIGTERM: the first ends the command cleanly, a second one at once. The end of npx counts as SIGTERM.
 */
export function takeSignals(): Lifetime {
  const controller = new AbortController();
  let endedBy: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (endedBy !== undefined) process.exit(signal === "SIGINT" ? 130 : 143);
    endedBy = signal;
    controller.abort();
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  const unwatch = onNpxGone(() => endedBy ?? end("SIGTERM"));
  return {
    signal: controller.signal,
    get endedBy() {
      return endedBy;
    },
    release() {
      unwatch();
      process.off("SIGINT", end).off("SIGTERM", end);
    },
  };
}

const PARENT_CHECK_MS = 1_000;

/**
 * npx runs a command in a shell, and passes SIGTERM on to that shell only. The shell dies of it and passes nothing on, so the
 * command would run on without anybody knowing. Calls `listener` when the shell is gone.
 */
function onNpxGone(listener: () => void): () => void {
  if (process.env.npm_command !== "exec" || process.env.npm_lifecycle_event !== "npx") return () => undefined;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    listener();
  }, PARENT_CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * Calls `listener` for each SIGHUP, until the returned function is called. A terminal that closes sends SIGHUP too: then the
 * process ends, as if it had got SIGTERM.
 */
export function onHangup(listener: () => void): () => void {
  const { stdin, stdout, stderr } = process;
  const onTerminal = stdin.isTTY || stdout.isTTY || stderr.isTTY;
  const hangup = (): void => {
    if (onTerminal && !hasTerminal()) process.kill(process.pid, "SIGTERM");
    else listener();
  };
  process.on("SIGHUP", hangup);
  return () => void process.off("SIGHUP", hangup);
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
