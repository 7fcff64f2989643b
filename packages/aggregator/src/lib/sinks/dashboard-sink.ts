import type { Publication } from "@slipstream/engine";
import { isCatchingUp, newestPoint } from "../dashboards/dashboard-point.ts";
import type { Dashboards, WritableDashboards } from "../dashboards/dashboards.ts";
import { dayStart } from "../dashboards/retention.ts";
import { RetryLoop, type RetryOptions } from "../retry/retry-loop.ts";
import { withTimeout } from "../retry/with-timeout.ts";
import { PublicationQueue } from "./publication-queue.ts";
import { Repair } from "./repair.ts";
import { type PublishingSink, type SinkStateChange, type SinkStatus, sinkStateChange } from "./sink.ts";

export interface DashboardSinkOptions {
  readonly store: WritableDashboards;
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
  readonly retry?: RetryOptions;
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
  readonly #store: WritableDashboards;
  readonly #now: () => number;
  readonly #queue: PublicationQueue;
  readonly #repair: Repair | undefined;
  readonly #loop: RetryLoop;
  #newestMs = Number.NEGATIVE_INFINITY;
  #writtenTimeMs: number | null = null;
  #closing = false;

  constructor(options: DashboardSinkOptions) {
    const { store, repairFrom, now = Date.now, watermark, onStateChange } = options;
    this.#options = options;
    this.#store = store;
    this.name = store.name;
    this.#now = now;
    this.#queue = new PublicationQueue(options.queueLimit ?? (repairFrom === undefined ? 120_960 : 720));
    this.#repair =
      repairFrom && new Repair({ store, complete: repairFrom, now, watermark, chunkSize: writeLimit });
    this.#loop = new RetryLoop(
      {
        step: () => this.#step(),
        hasMore: (closing) => this.#queue.size > 0 || (!closing && this.#repair?.wanted === true),
        onFailure: () => this.#repair?.storeFailed(),
        onState: (up, reason, error) => onStateChange?.(sinkStateChange(this.name, up, reason, error)),
      },
      options.retry,
    );
    if (this.#repair?.wanted === true) this.#loop.wake();
  }

  publish(publications: readonly Publication[]): void {
    if (this.#closing || publications.length === 0) return;
    const droppedMs = this.#queue.add(publications);
    if (droppedMs !== undefined) this.#repair?.noteGap(droppedMs);
    this.#newestMs = Math.max(this.#newestMs, newestPoint(publications)?.timeMs ?? this.#newestMs);
    this.#loop.wake();
  }

  status(): SinkStatus {
    return {
      ...this.#loop.state,
      queueItems: this.#queue.size,
      dropped: this.#queue.dropped,
      writtenTimeMs: this.#writtenTimeMs,
    };
  }

  close(): Promise<void> {
    this.#closing = true;
    return this.#loop.close();
  }

  /** One write. */
  async #step(): Promise<void> {
    // A store that failed is asked for something small first: a server that hangs carries out later what it was sent
    // meanwhile, and that should be one old write and not one for each try.
    if (this.#loop.failures > 0) await this.#answered(this.#store.count(dayStart(this.#now())));
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
}
