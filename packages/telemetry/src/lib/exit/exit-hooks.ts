import { isMainThread } from "node:worker_threads";
import { type LastWords, sendLastWords } from "./last-words.ts";

/** Telemetry that wants to be heard before the process ends. */
export interface ExitMember {
  /** How long the end may wait for it. */
  readonly timeoutMs: number;
  /** Something is left to deliver. */
  hasMore(): boolean;
  /** Delivers what there is; resolves within `timeoutMs`, never rejects. */
  deliver(): Promise<void>;
  /** Takes what is left and worth a last try; must not throw. */
  lastWords(): LastWords;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
type ExitSignal = (typeof SIGNALS)[number];

/**
 * One set of listeners for the process, however many members (and copies of this module) there are: each copy
 * with its own would take the others for the host's, and nobody would end the process.
 */
interface ExitHooks {
  readonly members: Set<ExitMember>;
  /** Takes the listeners away; absent where there are none. */
  uninstall?: (() => void) | undefined;
}
const REGISTRY: unique symbol = Symbol.for("slipstream.telemetry.exit") as never;
const shared = globalThis as { [REGISTRY]?: ExitHooks };
shared[REGISTRY] ??= { members: new Set() };
const hooks: ExitHooks = shared[REGISTRY];

/** Delivers for `member` however the process ends, until the function it answers with is called. */
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
  // First of all listeners: a host's `once` listener still counts then. In a worker there are no signals.
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

/** The event loop is empty: the process ends unless something is begun, so a delivery is. Node asks again after it. */
function onBeforeExit(): void {
  for (const member of hooks.members) if (member.hasMore()) void member.deliver();
}

/** Uncaught error, process.exit(), or the end after a delivery that did not get through. */
function onExit(): void {
  const members = [...hooks.members];
  sendLastWords(
    members.map((member) => member.lastWords()),
    Math.max(...members.map(({ timeoutMs }) => timeoutMs)),
  );
}

const signalled = new Set<ExitSignal>();

function onSignal(signal: ExitSignal): void {
  const again = signalled.has(signal);
  signalled.add(signal);
  const delivered = Promise.all([...hooks.members].map((member) => member.deliver()));
  if (othersListen(signal)) {
    // The host decides when to end, and may never do so.
    delivered.then(() => signalled.delete(signal));
    return;
  }
  // A second signal means: now.
  if (again) raise(signal);
  else {
    delivered.then(() => {
      // What has come meanwhile.
      onExit();
      raise(signal);
    });
  }
}

/** Ends the process as the signal would have without us. */
function raise(signal: ExitSignal): void {
  uninstall();
  process.kill(process.pid, signal);
}

function othersListen(signal: ExitSignal): boolean {
  return process.listenerCount(signal) - 1 - politeListeners() > 0;
}

/** Listeners of the package signal-exit (its versions 3 and 4), which leave the end to others as we do. */
function politeListeners(): number {
  const v4 = (globalThis as Record<symbol, { count?: unknown } | undefined>)[
    Symbol.for("signal-exit emitter")
  ];
  const v3 = (process as unknown as Record<string, { count?: unknown } | undefined>).__signal_exit_emitter__;
  return [v3, v4].reduce((sum, emitter) => sum + (typeof emitter?.count === "number" ? emitter.count : 0), 0);
}
