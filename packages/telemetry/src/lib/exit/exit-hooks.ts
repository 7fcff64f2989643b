import { isMainThread } from "node:worker_threads";
import { type LastWords, sendLastWords } from "./last-words.ts";

/** Telemetry that has to be delivered before the process exits. */
export interface ExitMember {
  /** How long the exit may wait for it. */
  readonly timeoutMs: number;
  /** Ends what is still open, with what is known of it: the process is about to end. May be called again. Must not throw. */
  settle?(): void;
  /** Whether there is anything left to deliver. */
  hasMore(): boolean;
  /** Delivers what there is. Resolves within `timeoutMs`, never rejects. */
  deliver(): Promise<void>;
  /** Takes what is left and worth a last attempt. Must not throw. */
  lastWords(): LastWords;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
type ExitSignal = (typeof SIGNALS)[number];

/**
 * One set of listeners per process, however many members and copies of this module there are. With its own
 * listeners, each copy would mistake the others for the host's, and nobody would end the process.
 */
interface ExitHooks {
  readonly members: Set<ExitMember>;
  /** Removes the listeners; absent if there are none. */
  uninstall?: (() => void) | undefined;
}
const REGISTRY: unique symbol = Symbol.for("slipstream.telemetry.exit") as never;
const shared = globalThis as { [REGISTRY]?: ExitHooks };
shared[REGISTRY] ??= { members: new Set() };
const hooks: ExitHooks = shared[REGISTRY];

/** Delivers for `member` however the process ends, until the returned function is called. */
export function joinExit(member: ExitMember): () => void {
  hooks.members.add(member);
  hooks.uninstall ??= install();
  return () => {
    hooks.members.delete(member);
    if (hooks.members.size === 0) uninstall();
  };
}

function install(): () => void {
  process.on("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  // Before all other listeners, so that a host's `once` listener is still counted. Workers receive no
  // signals.
  const signals = isMainThread ? SIGNALS : [];
  for (const signal of signals) (process as NodeJS.EventEmitter).prependListener(signal, onSignal);
  return () => {
    process.off("beforeExit", onBeforeExit);
    process.off("exit", onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function uninstall(): void {
  hooks.uninstall?.();
  hooks.uninstall = undefined;
}

/**
 * The event loop is empty, so the process exits unless new work starts. A delivery keeps it alive; afterwards
 * Node emits the event again.
 */
function onBeforeExit(): void {
  for (const member of hooks.members) {
    member.settle?.();
    if (member.hasMore()) void member.deliver();
  }
}

/** Uncaught error, process.exit(), or the end after a delivery that did not succeed. */
function onExit(): void {
  const members = [...hooks.members];
  for (const member of members) member.settle?.();
  sendLastWords(
    members.map((member) => member.lastWords()),
    Math.max(...members.map(({ timeoutMs }) => timeoutMs)),
  );
}

const signalled = new Set<ExitSignal>();

function onSignal(signal: ExitSignal): void {
  const again = signalled.has(signal);
  signalled.add(signal);
  const isHosts = othersListen(signal);
  const delivered = Promise.all(
    [...hooks.members].map((member) => {
      if (!isHosts) member.settle?.();
      return member.deliver();
    }),
  );
  if (isHosts) {
    // The host decides when to exit, and may never do so.
    delivered.then(() => signalled.delete(signal));
    return;
  }
  // A second signal means: exit now.
  if (again) raise(signal);
  else {
    delivered.then(() => {
      // Whatever has arrived in the meantime.
      onExit();
      raise(signal);
    });
  }
}

/** Ends the process as the signal would have without telemetry. */
function raise(signal: ExitSignal): void {
  uninstall();
  process.kill(process.pid, signal);
}

function othersListen(signal: ExitSignal): boolean {
  return process.listenerCount(signal) - 1 - politeListeners() > 0;
}

/**
 * Listeners of the signal-exit package (versions 3 and 4), which leave the exit to others, as this module
 * does.
 */
function politeListeners(): number {
  const v4 = (globalThis as Record<symbol, { count?: unknown } | undefined>)[
    Symbol.for("signal-exit emitter")
  ];
  const v3 = (process as unknown as Record<string, { count?: unknown } | undefined>).__signal_exit_emitter__;
  return [v3, v4].reduce((sum, emitter) => sum + (typeof emitter?.count === "number" ? emitter.count : 0), 0);
}
