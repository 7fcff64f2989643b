import { setTimeout as sleep } from "node:timers/promises";
import { type Backoff, backoffMs } from "@slipstream/stats";

export interface RetryOptions {
  /** Default: from 100 ms up to 1 s. */
  readonly backoff?: Partial<Backoff> | undefined;
  /** Longest time that `close` goes on working, ms. Default 5,000. */
  readonly closeMs?: number | undefined;
  /** In [0, 1). */
  readonly random?: (() => number) | undefined;
  /** Resolves after `ms`, or rejects when the signal aborts. It does not keep the process alive. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

export interface RetryWork {
  /** Does a piece of the work, and rejects if it must be done again. It must end in a bounded time. */
  readonly step: () => Promise<void>;
  /** Whether there is more to do. When closing: whether there is more that must not be left. */
  readonly hasMore: (closing: boolean) => boolean;
  /** Called after each step that failed. */
  readonly onFailure?: (() => void | Promise<void>) | undefined;
  /** Called once per change: when steps begin to fail, and when they succeed (for the first time, or again). */
  readonly onState?: ((up: boolean, reason: string | undefined, error: unknown) => void) | undefined;
}

const BACKOFF: Backoff = { firstMs: 100, longestMs: 1_000 };
const CLOSE_MS = 5_000;

/** Does work step by step, one at a time, in the background. A step that fails is done again, after a pause that grows. */
export class RetryLoop {
  readonly #work: RetryWork;
  readonly #options: RetryOptions;
  #up: boolean | null = null;
  #lastError: string | undefined;
  #failures = 0;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  readonly #ending: AbortController = new AbortController();

  constructor(work: RetryWork, options: RetryOptions = {}) {
    this.#work = work;
    this.#options = options;
  }

  /** Whether the last step succeeded, and why it did not; null before the first. */
  get state(): { readonly up: boolean | null; readonly lastError?: string } {
    return { up: this.#up, ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }) };
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** There is something to do. */
  wake(): void {
    if (this.#closing === undefined) this.#running ??= this.#run();
  }

  /**
   * Waits for the step under way, does what is left, and stops: at the first step that fails, or after `closeMs`. Never
   * rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { closeMs = CLOSE_MS } = this.#options;
    this.#deadlineMs = performance.now() + closeMs;
    this.#ending.abort();
    const finish = async (): Promise<void> => {
      await this.#running;
      if (this.#mayGoOn()) await this.#run();
    };
    const stopWaiting = new AbortController();
    const late = sleep(closeMs, undefined, { signal: stopWaiting.signal }).catch(() => undefined);
    await Promise.race([finish(), late]);
    stopWaiting.abort();
  }

  async #run(): Promise<void> {
    // Lets the caller finish, so that all it adds goes into one step.
    await undefined;
    do {
      try {
        await this.#work.step();
        this.#setState(true, undefined, undefined);
      } catch (error) {
        this.#setState(false, error instanceof Error ? error.message : String(error), error);
        await this.#afterFailure();
      }
    } while (this.#mayGoOn());
    // In the same turn as the last look for work, so that nothing that was added is left without a run.
    this.#running = undefined;
  }

  #mayGoOn(): boolean {
    if (!this.#ending.signal.aborted) return this.#failures > 0 || this.#work.hasMore(false);
    return this.#failures === 0 && performance.now() < this.#deadlineMs && this.#work.hasMore(true);
  }

  async #afterFailure(): Promise<void> {
    await guarded(() => this.#work.onFailure?.());
    const { signal } = this.#ending;
    if (signal.aborted) return;
    const { backoff, random = Math.random, wait = waitUnref } = this.#options;
    await wait(backoffMs(this.#failures - 1, { ...BACKOFF, ...backoff }, random()), signal).catch(
      () => undefined,
    );
  }

  #setState(up: boolean, reason: string | undefined, error: unknown): void {
    const changed = this.#up !== up;
    this.#up = up;
    this.#lastError = reason;
    this.#failures = up ? 0 : this.#failures + 1;
    if (changed) void guarded(() => this.#work.onState?.(up, reason, error));
  }
}

/** A mistake of those who listen is no reason to stop. */
async function guarded(listener: () => void | Promise<void>): Promise<void> {
  try {
    await listener();
  } catch {}
}

function waitUnref(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false });
}
