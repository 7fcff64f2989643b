/** The outcome of a request. */
export type Outcome =
  /** Accepted, except for `rejected` items (OTLP's partial success). */
  | { readonly kind: "delivered"; readonly rejected: number; readonly message: string }
  /** Refused permanently: do not retry. */
  | { readonly kind: "refused"; readonly message: string }
  /** May succeed later. `afterMs`: the delay that the receiver asked for. */
  | { readonly kind: "failed"; readonly message: string; readonly afterMs?: number };

/**
 * OTLP/HTTP retries 429, 502, 503 and 504. Here every 5xx and 408 is retried, because a proxy's 500 says
 * nothing about the data.
 * Source: https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function isRetryable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

const LONGEST_RETRY_AFTER_MS = 300_000;

/** `Retry-After`: seconds or a date. Undefined if absent or unreadable. At most 5 minutes. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const wanted = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER_MS);
}
