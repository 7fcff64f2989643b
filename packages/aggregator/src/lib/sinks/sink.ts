import type { Publication } from "@slipstream/engine";

export interface SinkStatus {
  /** Whether the last write succeeded; null before the first. */
  readonly up: boolean | null;
  readonly queueItems: number;
  readonly dropped: number;
  /** Event time of the newest instant written, Unix ms; null before the first. */
  readonly writtenTimeMs: number | null;
  /** Event time between the newest item and the newest one written, ms; for sinks that are not published to. */
  readonly lagMs?: number;
  readonly lastError?: string;
}

export interface SinkStateChange {
  readonly sink: string;
  readonly up: boolean;
  /** Why writing fails; absent if it works. */
  readonly reason?: string;
}

/** A place that data is written to, as `/readyz` and `/metrics` show it. */
export interface Sink {
  readonly name: string;
  status(): SinkStatus;
}

/**
 * Takes what the engine publishes. It never blocks and never throws: it queues within a bound, retries, and counts what it
 * drops.
 */
export interface Publisher {
  publish(publications: readonly Publication[]): void;
}

/** A sink that is filled by publishing to it. */
export interface PublishingSink extends Sink, Publisher {
  /** Writes what waits and stops; gives up at the first write that fails. Never rejects. */
  close(): Promise<void>;
}
