import type { Publication } from "@slipstream/engine";
import { isCatchingUp } from "../dashboards/catching-up.ts";
import { newestPoint } from "../dashboards/dashboard-point.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import { dayStart } from "../dashboards/retention.ts";
import { type BackoffOptions, backoffMs } from "../retry/backoff.ts";
import { withTimeout } from "../retry/with-timeout.ts";
import { PublicationQueue } from "./publication-queue.ts";
import { Repair } from "./repair.ts";
import type { PublishingSink, SinkStateChange, SinkStatus } from "./sink.ts";

export interface DashboardSinkOptions {
  readonly store: Dashboards;
  /** A store that holds every instant: from it the sink repairs `store` when that was away or lost its data. */
  readonly repairFrom?: Dashboards;
  /**
   * Instants that may wait; past it those that waited longest are dropped and counted. 720, an hour of them, where the
   * repair brings them back; else 7 days of them, for then they are lost.
   */
  readonly queueLimit?: number;
  /** Unix ms. */
  readonly now?: () => number;
  /** The engine's watermark, Unix ms; undefined before the first event. */
  readonly watermark?: () => number | undefined;
  /** Milliseconds after which a write without an answer has failed; 3,000. */
  readonly timeoutMs?: number;
  readonly backoff?: BackoffOptions;
  /** Told when writing begins to fail and when it works again. */
  readonly onStateChange?: (state: SinkStateChange) => void;
}

/** Instants in one write: a pipeline of a few hundred kB at most. */
const writeLimit = 500;

/**
 * Writes publications to a store, out of the engine's way. What is published together is written together; a write that
 * fails is tried again, with waits that grow; the newest values are always written before old ones are repaired.
 * The stores are their owner's to close.
 */
export function createDashboardSink(options: DashboardSinkOptions): PublishingSink {
  return new DashboardSink(options);
}

class DashboardSink implements PublishingSink {
  readonly name: string;
  readonly #options: DashboardSinkOptions;
  readonly #store: Dashboards;
  readonly #now: () => number;
  readonly #queue: PublicationQueue;
  readonly #repair: Repair | undefined;
  #newestMs = Number.NEGATIVE_INFINITY;
  #writtenTimeMs: number | null = null;
  #up: boolean | null = null;
  #lastError: string | undefined;
  /** Failures since the last success. */
  #failures = 0;
  #running: Promise<void> | undefined;
  #closing = false;
  #endPause: () => void = () => {};

  constructor(options: DashboardSinkOptions) {
    const { store, repairFrom, now = Date.now } = options;
    this.#options = options;
    this.#store = store;
    this.name = store.name;
    this.#now = now;
    this.#queue = new PublicationQueue(options.queueLimit ?? (repairFrom === undefined ? 120_960 : 720));
    const { watermark } = options;
    this.#repair =
      repairFrom && new Repair({ store, complete: repairFrom, now, watermark, chunkSize: writeLimit });
    this.#start();
  }

  publish(publications: readonly Publication[]): void {
    if (this.#closing) return;
    const droppedMs = this.#queue.add(publications);
    if (droppedMs !== undefined) this.#repair?.noteGap(droppedMs);
    this.#newestMs = Math.max(this.#newestMs, newestPoint(publications)?.timeMs ?? this.#newestMs);
    this.#start();
  }

  status(): SinkStatus {
    return {
      up: this.#up,
      queueItems: this.#queue.size,
      dropped: this.#queue.dropped,
      writtenTimeMs: this.#writtenTimeMs,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#endPause();
    await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Lets the caller finish, so that all it publishes goes into one write.
    await Promise.resolve();
    while (this.#hasWork()) {
      try {
        await this.#step();
        this.#setState(true);
      } catch (error) {
        this.#setState(false, error instanceof Error ? error.message : String(error));
        if (!this.#closing) await this.#pause(backoffMs(this.#failures - 1, this.#options.backoff));
      }
    }
    // In the same turn as the last look for work, so that nothing published is left without a run.
    this.#running = undefined;
  }

  #hasWork(): boolean {
    if (this.#closing) return this.#queue.size > 0 && this.#failures === 0;
    return this.#queue.size > 0 || this.#repair?.wanted === true;
  }

  /** One write. */
  async #step(): Promise<void> {
    // A store that failed is asked for something small first: a server that hangs carries out later what it was sent
    // meanwhile, and that should be one old write and not one for each try.
    if (this.#failures > 0) await this.#answered(this.#store.count(dayStart(this.#now())));
    if (this.#queue.size > 0) return this.#writeQueue();
    const chunk = this.#repair && (await this.#answered(this.#repair.next()));
    if (chunk !== undefined) await this.#answered(this.#store.write(chunk, { current: false }));
  }

  async #writeQueue(): Promise<void> {
    const batch = this.#queue.peek(writeLimit);
    const newestMs = newestPoint(batch)?.timeMs ?? Number.NEGATIVE_INFINITY;
    const watermarkMs = this.#options.watermark?.() ?? newestMs;
    const current = newestMs >= this.#newestMs && !isCatchingUp(this.#now(), watermarkMs);
    const counts = await this.#answered(this.#store.write(batch, { current }));
    this.#queue.remove(batch);
    this.#writtenTimeMs = Math.max(newestMs, this.#writtenTimeMs ?? newestMs);
    if (this.#queue.size === 0) await this.#repair?.check(counts);
  }

  #answered<T>(promise: Promise<T>): Promise<T> {
    return withTimeout(promise, this.#options.timeoutMs ?? 3000);
  }

  #setState(up: boolean, reason?: string): void {
    const changed = this.#up !== up;
    this.#up = up;
    this.#lastError = reason;
    this.#failures = up ? 0 : this.#failures + 1;
    if (!up) this.#repair?.storeFailed();
    if (!changed) return;
    try {
      this.#options.onStateChange?.({ sink: this.name, up, ...(reason === undefined ? {} : { reason }) });
    } catch {
      // What listens is no reason to stop writing.
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
