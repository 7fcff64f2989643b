import type { Worker } from "node:worker_threads";
import { SlipstreamError } from "@slipstream/conventions";
import { type Backoff, backoffMs } from "@slipstream/stats";
import {
  type Answer,
  type FromThread,
  type Movable,
  type ThreadContract,
  type ToThread,
  unwrap,
} from "./contract.ts";
import { receivedError, type SentError } from "./sent-error.ts";
import { startThread, type ThreadOptions } from "./start-thread.ts";

/** Whether a thread works. `reason` and `error` say why it does not; it is being restarted unless `gaveUp`. */
export type ThreadState =
  | { readonly up: true }
  | { readonly up: false; readonly reason: string; readonly error: Error; readonly gaveUp: boolean };

export interface SupervisedThreadOptions<C extends ThreadContract> extends ThreadOptions {
  /** What the next thread is started with. */
  readonly settings: () => C["settings"];
  /** What happens to the thread's news. */
  readonly news: { readonly [Name in keyof C["news"]]: (...args: Parameters<C["news"][Name]>) => void };
  /** Called each time a thread is ready, before anything that was asked of it is answered. */
  readonly onReady?: ((opened: C["opened"]) => void) | undefined;
  /** Called once per change: when the thread fails, when the reason changes, when a new one is ready, when it gives up. */
  readonly onState?: ((state: ThreadState) => void) | undefined;
  /** The error of questions that cannot be answered: "its thread ended (exit code 1)". */
  readonly unavailable: (reason: string, cause?: unknown) => Error;
  /**
   * Questions that are asked again of the next thread, in their order, if theirs ended without an answer. They must do no
   * harm when carried out twice. All others fail then.
   */
  readonly repeated?: readonly (keyof C["questions"] & string)[] | undefined;
  /** Start the thread with the first question instead of with `start`, and end it if idle for `idleMs`. Default: never. */
  readonly onDemand?: { readonly idleMs?: number } | undefined;
  /** Restart a thread that fails before it was ever ready. By default that is the error of `start`. */
  readonly retryStart?: boolean | undefined;
  /** Failures in a row after which it is not restarted again. Default: none. */
  readonly mostFailures?: number | undefined;
  /** A thread that has not reacted for this long, ms, is ended and restarted. Default: never. Not while it opens. */
  readonly hungMs?: number | undefined;
  /** Longest time that `close` waits for the thread to finish, ms. Default 8,000. */
  readonly closeMs?: number | undefined;
  /** Whether the thread keeps the process alive. Default true. */
  readonly keepsProcess?: boolean | undefined;
  readonly backoff?: Partial<Backoff> | undefined;
}

interface Asked {
  readonly message: ToThread & { readonly type: "ask" };
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

interface Failure {
  readonly reason: string;
  readonly cause?: unknown;
}

const CLOSE_MS = 8_000;
/** A terminated thread that is stuck in the operating system is not waited for any longer. */
const TERMINATE_MS = 1_000;
/** A thread that has worked for this long has no failures in a row. */
const STABLE_MS = 5_000;
const PINGS_UNTIL_HUNG = 6;
const BACKOFF: Backoff = { firstMs: 100, longestMs: 5_000 };

const stuck: Set<Worker> = new Set();

/** Whether a thread that was terminated still waits for the operating system. Node cannot exit before it has ended. */
export function hasStuckThread(): boolean {
  return stuck.size > 0;
}

/** Resolves when the thread has ended, or is stuck. */
async function terminate(worker: Worker): Promise<void> {
  stuck.add(worker);
  const ended = worker.terminate().then(() => stuck.delete(worker));
  await within(ended, TERMINATE_MS);
}

/**
 * A worker thread as its owner sees it: questions with answers, messages without, and a new thread when one ends. Its other
 * side is `serveThread`.
 */
export class SupervisedThread<C extends ThreadContract> {
  readonly #options: SupervisedThreadOptions<C>;
  readonly #repeated: ReadonlySet<string>;
  #worker: Worker | undefined;
  /** Why the present thread ends, if it is known before its end. */
  #failure: Failure | undefined;
  /** Not answered yet, in the order in which they were asked. */
  readonly #asked: Map<number, Asked> = new Map();
  #ids = 0;
  #wasReady = false;
  #failures = 0;
  #fault: Error | undefined;
  /** The reason that `onState` was called with last. */
  #toldReason: string | undefined;
  #gaveUp = false;
  #restart: NodeJS.Timeout | undefined;
  #stable: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #silentPings = 0;
  /** The end of a thread that was told to end, but may still run. */
  #leaving: Promise<unknown> | undefined;
  #start: Promise<C["opened"]> | undefined;
  #onStarted: { resolve(opened: C["opened"]): void; reject(error: Error): void } | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SupervisedThreadOptions<C>) {
    this.#options = options;
    this.#repeated = new Set(options.repeated);
  }

  /** Resolves when the thread is ready. Rejects with the thread's own error if it cannot open. */
  start(): Promise<C["opened"]> {
    if (this.#closing !== undefined) return Promise.reject(this.#closed());
    this.#start ??= new Promise((resolve, reject) => {
      this.#onStarted = { resolve, reject };
      this.#run();
    });
    return this.#start;
  }

  /** Whether there is a thread that can be asked. It may still be opening. */
  get isRunning(): boolean {
    return this.#worker !== undefined && this.#closing === undefined;
  }

  /** Why the thread does not work at present; undefined if it does, or is starting for the first time. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Questions that are not answered yet. */
  get waiting(): number {
    return this.#asked.size;
  }

  /** Rejects with what the thread threw, or with `unavailable` if there is no thread or it ends before it answers. */
  ask<Name extends keyof C["questions"] & string>(
    name: Name,
    ...args: Movable<Parameters<C["questions"][Name]>>
  ): Promise<Answer<C["questions"][Name]>> {
    if (this.#closing !== undefined) return Promise.reject(this.#closed());
    const isDue = this.#options.onDemand !== undefined && this.#restart === undefined && !this.#gaveUp;
    if (this.#worker === undefined && isDue) this.#run();
    const isRepeated = this.#repeated.has(name);
    if (this.#worker === undefined && (this.#gaveUp || !isRepeated))
      return Promise.reject(this.#unavailable());
    const { values, transfer } = unwrap(args);
    return new Promise((resolve, reject) => {
      const message = { type: "ask", id: ++this.#ids, name, args: values } as const;
      // What may have to be sent again stays here.
      this.#worker?.postMessage(message, isRepeated ? [] : transfer);
      this.#asked.set(message.id, { message, resolve, reject });
      clearTimeout(this.#idle);
    });
  }

  /** Sends a message that has no answer. It is lost if there is no thread, or if the thread ends first. */
  tell<Name extends keyof C["orders"] & string>(
    name: Name,
    ...args: Movable<Parameters<C["orders"][Name]>>
  ): void {
    const { values, transfer } = unwrap(args);
    this.#worker?.postMessage({ type: "order", name, args: values } satisfies ToThread, transfer);
  }

  /**
   * Lets the thread finish and end (see `Served.end`), and terminates it after `closeMs` if it does not. What is not
   * answered by then fails. Never rejects.
   */
  close(closeMs: number = this.#options.closeMs ?? CLOSE_MS): Promise<void> {
    this.#closing ??= this.#close(closeMs);
    return this.#closing;
  }

  async #close(closeMs: number): Promise<void> {
    clearTimeout(this.#restart);
    const worker = this.#worker;
    // Without this the process could end here, in the middle of its caller's await.
    worker?.ref();
    if (worker !== undefined) this.#leaving = this.#leave(worker, closeMs);
    await this.#leaving;
    this.#worker = undefined;
    this.#stopTimers();
    this.#failQuestions(this.#closed(), () => true);
    this.#onStarted?.reject(this.#closed());
  }

  /** Lets a thread finish and end. Resolves when it has ended, or is stuck. */
  async #leave(worker: Worker, closeMs: number): Promise<void> {
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ type: "end" } satisfies ToThread);
    if (await within(exited, closeMs)) return;
    await terminate(worker);
  }

  #run(): void {
    const { settings, keepsProcess = true } = this.#options;
    let worker: Worker;
    try {
      worker = startThread(this.#options, settings());
    } catch (cause) {
      this.#lost({ reason: `its thread cannot start: ${reasonOf(cause)}`, cause });
      this.#restartLater();
      return;
    }
    worker.on("message", (messages: readonly FromThread[]) => this.#hear(worker, messages));
    worker.on("messageerror", (cause) => {
      this.#failure = { reason: "its thread sent a message that cannot be read", cause };
      void worker.terminate();
    });
    worker.on("error", (cause: unknown) => {
      this.#failure = { reason: `its thread failed: ${reasonOf(cause)}`, cause };
    });
    worker.on("exit", (code) => {
      if (this.#worker !== worker) return;
      this.#lost(this.#failure ?? { reason: `its thread ended with exit code ${code}` });
      this.#restartLater();
    });
    // After the listeners: adding one makes the thread keep the process alive again.
    if (!keepsProcess) worker.unref();
    this.#worker = worker;
    this.#failure = undefined;
    this.#askAgain(worker);
  }

  #askAgain(worker: Worker): void {
    for (const [id, { message, reject }] of this.#asked) {
      try {
        worker.postMessage(message);
      } catch (error) {
        // It cannot be cloned, which nobody noticed while there was no thread.
        this.#asked.delete(id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #hear(worker: Worker, messages: readonly FromThread[]): void {
    this.#silentPings = 0;
    for (const message of messages) {
      if (message.type === "ended") void worker.terminate();
      else if (this.#worker === worker) this.#take(worker, message);
    }
  }

  #take(worker: Worker, message: FromThread): void {
    switch (message.type) {
      case "opened":
        this.#opened(message.value);
        return;
      case "failed":
        this.#failure = { reason: message.error.message, cause: this.#received(message.error) };
        void worker.terminate();
        return;
      case "answer":
        this.#answered(message.id)?.resolve(message.value as never);
        return;
      case "error":
        this.#answered(message.id)?.reject(this.#received(message.error));
        return;
      case "news":
        this.#options.news[message.name]?.(...(message.args as never));
    }
  }

  #opened(value: C["opened"]): void {
    this.#wasReady = true;
    this.#fault = undefined;
    this.#stable = setTimeout(() => {
      this.#failures = 0;
    }, STABLE_MS).unref();
    this.#watch();
    this.#options.onReady?.(value);
    if (this.#toldReason !== undefined) {
      this.#toldReason = undefined;
      this.#options.onState?.({ up: true });
    }
    this.#onStarted?.resolve(value);
  }

  #answered(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    const idleMs = this.#options.onDemand?.idleMs;
    if (idleMs !== undefined && this.#asked.size === 0) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.#retire(), idleMs).unref();
    }
    return asked;
  }

  /** Ends a thread that nobody has asked for a while. */
  #retire(): void {
    const worker = this.#worker;
    if (worker === undefined || this.#asked.size > 0 || this.#closing !== undefined) return;
    this.#worker = undefined;
    this.#stopTimers();
    this.#leaving = this.#leave(worker, this.#options.closeMs ?? CLOSE_MS);
  }

  #watch(): void {
    const { hungMs } = this.#options;
    if (hungMs === undefined) return;
    this.#silentPings = 0;
    // Pings are counted, not timed: a process that was stopped for a while has heard nothing in it either.
    this.#watchdog = setInterval(() => {
      if (this.#silentPings >= PINGS_UNTIL_HUNG) this.#endHung(hungMs);
      else this.#worker?.postMessage({ type: "ping" } satisfies ToThread);
      this.#silentPings += 1;
    }, hungMs / PINGS_UNTIL_HUNG).unref();
  }

  /** The next thread starts when this one has ended, not before: two must not work on the same files. */
  #endHung(hungMs: number): void {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.once("exit", () => this.#restartLater());
    this.#leaving = terminate(worker);
    this.#lost({ reason: `its thread has not reacted for ${hungMs / 1_000} s` });
  }

  /** There is no thread to ask any more. */
  #lost({ reason, cause }: Failure): void {
    const { onDemand, mostFailures = Number.POSITIVE_INFINITY, unavailable, onState } = this.#options;
    const { retryStart = onDemand !== undefined } = this.#options;
    this.#stopTimers();
    if (this.#closing !== undefined) return;
    this.#worker = undefined;
    this.#failures += 1;
    this.#gaveUp = (!this.#wasReady && !retryStart) || this.#failures > mostFailures;
    const error = unavailable(reason, cause);
    this.#fault = error;
    this.#failQuestions(error, ({ message }) => this.#gaveUp || !this.#repeated.has(message.name));
    if (reason !== this.#toldReason || this.#gaveUp) {
      this.#toldReason = reason;
      if (this.#wasReady || retryStart) onState?.({ up: false, reason, error, gaveUp: this.#gaveUp });
    }
    if (this.#gaveUp) this.#onStarted?.reject(cause instanceof SlipstreamError ? cause : error);
  }

  #restartLater(): void {
    if (this.#gaveUp || this.#closing !== undefined) return;
    const { backoff, keepsProcess = true, onDemand } = this.#options;
    this.#restart = setTimeout(
      () => {
        this.#restart = undefined;
        if (onDemand === undefined || this.#asked.size > 0) this.#run();
      },
      backoffMs(this.#failures - 1, { ...BACKOFF, ...backoff }, Math.random()),
    );
    if (!keepsProcess || onDemand !== undefined) this.#restart.unref();
  }

  #failQuestions(error: Error, which: (asked: Asked) => boolean): void {
    for (const [id, asked] of this.#asked) {
      if (!which(asked)) continue;
      this.#asked.delete(id);
      asked.reject(error);
    }
  }

  #stopTimers(): void {
    clearTimeout(this.#stable);
    clearTimeout(this.#idle);
    clearInterval(this.#watchdog);
  }

  #received(error: SentError): Error {
    return receivedError(error);
  }

  #unavailable(): Error {
    return this.#fault ?? this.#options.unavailable("its thread is not running");
  }

  #closed(): Error {
    return this.#options.unavailable("it is closed");
  }
}

/** Whether `promise` resolves within `ms`. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const first = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return first;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
