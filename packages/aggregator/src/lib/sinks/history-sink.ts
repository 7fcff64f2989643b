import { type HistoryRow, timestampUs } from "@slipstream/engine/storage";
import type { ChangeSource } from "../history/change-source.ts";
import { RetryLoop, type RetryOptions } from "../retry/retry-loop.ts";
import { type SinkStateChange, type SinkStatus, sinkStateChange } from "./sink.ts";

/** A store elsewhere that is filled from the changes. */
export interface RemoteHistory {
  readonly name: string;
  /** A row that is written twice is there twice: what was written is not written again to be sure. */
  readonly appends?: boolean;
  /** false: it must be opened again before it is written to. */
  readonly ready?: boolean;
  /** Makes it ready to be written to. `isNew`: it lacks what was written before. */
  open(): Promise<{ readonly isNew: boolean }>;
  /** Resolves once the rows are there for good. Rows are absolute values by key, so writing twice changes nothing. */
  write(rows: readonly HistoryRow[]): Promise<void>;
  /** Never rejects. It may be opened again. */
  close(): Promise<void>;
  /** Closes it for good, and lets others write. Never rejects. Default: `close`. */
  release?(): Promise<void>;
}

export interface HistorySinkOptions {
  readonly store: RemoteHistory;
  readonly source: ChangeSource;
  /** Rows in a write; so many waiting are written at once. 2,000. */
  readonly batchRows?: number | undefined;
  /** Longest that fewer rows wait, ms; 1,000. */
  readonly flushMs?: number | undefined;
  /** See `#settle`; ms, 5,000. */
  readonly settleMs?: number | undefined;
  /** The store is opened anew, and so checked, where it was opened longer ago, ms; 300,000. */
  readonly checkMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Told when writing begins to fail and when it works again. */
  readonly onStateChange?: ((state: SinkStateChange) => void) | undefined;
}

export interface HistorySink {
  readonly name: string;
  /** There may be new changes. Cheap: writes only where a batch is full. */
  notify(): void;
  status(): SinkStatus;
  /** Writes what waits and stops; gives up at the first write that fails. Never rejects. */
  close(): Promise<void>;
}

/** Fills a remote store from a source of changes, out of everyone's way. It keeps no rows but those of one write. */
export function createHistorySink(options: HistorySinkOptions): HistorySink {
  return new Filler(options);
}

class Filler implements HistorySink {
  readonly name: string;
  readonly #options: HistorySinkOptions;
  readonly #store: RemoteHistory;
  readonly #source: ChangeSource;
  readonly #batchRows: number;
  readonly #timer: NodeJS.Timeout;
  /** Written up to here; the source's position may be kept back by `#redoFrom`. */
  #cursor: number;
  /** A request whose end is unknown was sent from here on. Until its end is certain, the position stays here. */
  #redoFrom: number | undefined;
  /** Since when writing works, of performance.now(). */
  #worksSinceMs: number | undefined;
  #openedMs: number | undefined;
  #writtenTimeMs: number | null = null;
  readonly #loop: RetryLoop;

  constructor(options: HistorySinkOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#source = options.source;
    this.name = options.store.name;
    this.#batchRows = options.batchRows ?? 2_000;
    this.#cursor = options.source.position;
    // The process before this one may have died with a request under way.
    this.#redoFrom = options.store.appends === true ? undefined : this.#cursor;
    this.#loop = new RetryLoop(
      {
        step: () => this.#step(),
        hasMore: () => this.#waiting > 0,
        onFailure: async () => {
          this.#worksSinceMs = undefined;
          this.#openedMs = undefined;
          await this.#store.close();
        },
        onState: (up, reason, error) =>
          options.onStateChange?.(sinkStateChange(this.name, up, reason, error)),
      },
      { ...options.retry, backoff: { longestMs: 5_000, ...options.retry?.backoff } },
    );
    this.#timer = setInterval(() => this.#start(), options.flushMs ?? 1_000);
    this.#timer.unref();
    this.#start();
  }

  notify(): void {
    if (this.#waiting >= this.#batchRows) this.#start();
  }

  status(): SinkStatus {
    const { newestTimeMs } = this.#source;
    const written = this.#waiting === 0 ? (newestTimeMs ?? null) : this.#writtenTimeMs;
    return {
      ...this.#loop.state,
      queueItems: this.#waiting,
      dropped: this.#source.dropped,
      writtenTimeMs: written,
      ...(written === null || newestTimeMs === undefined
        ? {}
        : { lagMs: Math.max(0, newestTimeMs - written) }),
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#loop.close();
    await (this.#store.release?.() ?? this.#store.close());
  }

  get #waiting(): number {
    return Math.max(0, this.#source.newest - this.#cursor);
  }

  #start(): void {
    const idle = this.#waiting === 0 && this.#redoFrom === undefined && !this.#mustOpen();
    if (!idle) this.#loop.wake();
  }

  /** One write, the store opened before where it is not. */
  async #step(): Promise<void> {
    await this.#open();
    this.#settle();
    const { rows, change } = this.#source.changes(this.#cursor, this.#batchRows);
    if (rows.length > 0) await this.#write(rows);
    this.#cursor = change;
    if (this.#redoFrom === undefined && change !== this.#source.position) this.#source.moveTo(change);
    for (const row of rows) {
      this.#writtenTimeMs = Math.max(this.#writtenTimeMs ?? 0, timestampUs(row) / 1_000);
    }
  }

  /** Also where nothing waits: what was written last may have gone into a table that was dropped. */
  #mustOpen(): boolean {
    const { checkMs = 300_000 } = this.#options;
    if (this.#store.ready === false) return true;
    return this.#openedMs === undefined || performance.now() - this.#openedMs >= checkMs;
  }

  async #open(): Promise<void> {
    if (!this.#mustOpen()) return;
    const nowMs = performance.now();
    if (this.#openedMs !== undefined) await this.#store.close();
    this.#openedMs = undefined;
    const { isNew } = await this.#store.open();
    this.#openedMs = nowMs;
    if (!isNew) return;
    this.#cursor = 0;
    this.#redoFrom = undefined;
    this.#source.moveTo(0);
  }

  async #write(rows: readonly HistoryRow[]): Promise<void> {
    try {
      await this.#store.write(rows);
    } catch (error) {
      if (this.#store.appends !== true)
        this.#redoFrom = Math.min(this.#redoFrom ?? this.#cursor, this.#cursor);
      throw error;
    }
  }

  /**
   * A request that got no answer may still be carried out, by a server that hung, when it goes on: later than one that was
   * sent after it, and so put an old value in place of an amended one. Once writing has worked for a while that is past,
   * and what was written since is written once more.
   */
  #settle(): void {
    const settleMs = this.#options.settleMs ?? 5_000;
    this.#worksSinceMs ??= performance.now();
    if (this.#redoFrom === undefined || performance.now() - this.#worksSinceMs < settleMs) return;
    this.#cursor = this.#redoFrom;
    this.#redoFrom = undefined;
  }
}
