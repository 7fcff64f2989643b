/** What became of a request. */
export type Outcome =
  /** Taken; `rejected` items of it were not (OTLP's partial success). */
  | { readonly kind: "delivered"; readonly rejected: number; readonly message: string }
  /** Will never be taken: not to be sent again. */
  | { readonly kind: "refused"; readonly message: string }
  /** May be taken later. `afterMs`: what the receiver asked for. */
  | { readonly kind: "failed"; readonly message: string; readonly afterMs?: number };

/**
 * OTLP/HTTP retries 429, 502, 503 and 504; here every 5xx, and 408, for a proxy's 500 is no verdict on the data.
 * Source: https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function isRetryable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

const LONGEST_RETRY_AFTER_MS = 300_000;

/** `Retry-After`: seconds or a date. Undefined where absent or unreadable. At most 5 minutes. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const wanted = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER_MS);
}
