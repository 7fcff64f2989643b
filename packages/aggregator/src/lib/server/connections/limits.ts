/** What connections may hold, and for how long. */
export interface ConnectionLimits {
  /** Connections at a time. `RESERVED` more are kept for health and metrics. */
  readonly maxConnections: number;
  /**
   * Connections at a time that have so many requests waiting for an earlier answer that no more is read from them. No known exporter
   * sends so many without waiting for answers.
   */
  readonly maxHeld: number;
  /** Bytes of answers that clients have not taken yet, over all connections. */
  readonly maxAnswerBytes: number;
  /** Requests of the API that are worked on at a time. Deliveries, health and metrics are not among them. */
  readonly maxHandling: number;
  /** For working on a request. */
  readonly handlingMs: number;
  /** How long a client may take nothing of an answer that waits for it. */
  readonly unreadMs: number;
}

export const defaultLimits: ConnectionLimits = {
  maxConnections: 2_048,
  maxHeld: 64,
  maxAnswerBytes: 32 * 1024 * 1024,
  maxHandling: 64,
  handlingMs: 60_000,
  unreadMs: 30_000,
};

/** Connections beyond the limit that only health and metrics are answered on. */
export const RESERVED = 32;

/** Files that are left for the log, the state, Redis and so on. */
const OTHER_FILES = 256;
const LEAST_CONNECTIONS = 64;

/** As many connections as wanted, or as the process's limit of open files leaves room for. */
export function fittingConnections(wanted: number, maxFiles: number | undefined): number {
  if (maxFiles === undefined) return wanted;
  return Math.min(wanted, Math.max(LEAST_CONNECTIONS, maxFiles - OTHER_FILES - RESERVED));
}
