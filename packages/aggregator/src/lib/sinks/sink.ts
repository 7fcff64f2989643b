import type { Publication } from "@slipstream/engine";

export interface SinkStatus {
  /** Whether the last write succeeded; null before the first. */
  readonly up: boolean | null;
  readonly queueItems: number;
  readonly dropped: number;
  /** Event time of the newest instant written, Unix ms; null before the first. */
  readonly writtenTimeMs: number | null;
  /** Event time between the newest item and the newest one written, ms; for sinks that take no instants. */
  readonly lagMs?: number;
  readonly lastError?: string;
}

/** Where publications go. A sink never blocks and never throws: it queues within a bound, retries, and counts drops. */
export interface Sink {
  readonly name: string;
  publish(publications: readonly Publication[]): void;
  status(): SinkStatus;
  close(): Promise<void>;
}
