/** The outcome of a request. */
export type Outcome =
  /** Accepted, except for `rejected` items (OTLP's partial success). */
  | { readonly kind: "delivered"; readonly rejected: number; readonly message: string }
  /** Refused permanently: do not retry. */
  | { readonly kind: "refused"; readonly message: string; readonly status: number }
  /**
   * May succeed later. `status`: what the receiver answers until somebody changes a token. `afterMs`: the
   * delay that the receiver asked for. `tookMs`: how long the request took.
   */
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly status?: number;
      readonly afterMs?: number;
      readonly tookMs?: number;
    };

/**
 * OTLP/HTTP retries 429, 502, 503 and 504. Here every 5xx and 408 is retried, because a proxy's 500 says
 * nothing about the data.
 * Source: https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function isUnavailable(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** A token, of the receiver or of a proxy, that is wrong may be in rotation, so the data is kept. */
export function isUnauthorized(status: number): boolean {
  return status === 401 || status === 403 || status === 407;
}

const LONGEST_RETRY_AFTER_MS = 300_000;

/** `Retry-After`: seconds or a date. Undefined if absent or unreadable. At most 5 minutes. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const wanted = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(wanted) ? undefined : Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER_MS);
}
