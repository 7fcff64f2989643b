import { hasCode } from "@slipstream/conventions";
import type { Publication } from "@slipstream/engine";
import type { LeaseState } from "../writer/writer.ts";

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
  /** Whether this process has the lease of the store, and whose it is; for stores that have one. */
  readonly writer?: LeaseState;
}

export interface SinkStateChange {
  readonly sink: string;
  readonly up: boolean;
  /** Why writing fails; absent if it works. */
  readonly reason?: string;
  /** Another process has the lease. */
  readonly refused?: true;
}

/** @param error why writing fails; undefined if it works */
export function sinkStateChange(
  sink: string,
  up: boolean,
  reason: string | undefined,
  error: unknown,
): SinkStateChange {
  return {
    sink,
    up,
    ...(reason === undefined ? {} : { reason }),
    ...(hasCode(error, "writer_other") ? { refused: true } : {}),
  };
}

/** A place that data is written to, as `/readyz` and `/metrics` show it. */
export interface Sink {
  readonly name: string;
  status(): SinkStatus;
}

/**
 * How far a sink is behind; undefined if nothing has been written to it yet.
 *
 * @param publishedMs event time of the newest instant published, Unix ms; undefined before the first
 */
export function lagSecondsOf(
  { writtenTimeMs, lagMs }: SinkStatus,
  publishedMs: number | undefined,
): number | undefined {
  if (lagMs !== undefined) return lagMs / 1_000;
  if (publishedMs === undefined || writtenTimeMs === null) return undefined;
  return Math.max(0, publishedMs - writtenTimeMs) / 1_000;
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
