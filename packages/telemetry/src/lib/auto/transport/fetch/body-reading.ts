import type { Following } from "../following.ts";

/** The body of one answer, for all copies of it. */
export interface BodyReading {
  readonly following: Following;
  /** What the service can abort it with. */
  readonly signal: AbortSignal | undefined;
  /** Reads that have begun and go on. */
  pending: number;
}
