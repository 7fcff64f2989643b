/** How long to wait between retries. */
export interface Backoff {
  /** Longest wait before the first retry, ms. */
  readonly firstMs: number;
  /** Longest wait before any retry, ms. */
  readonly longestMs: number;
}

/**
 * Milliseconds to wait before retry number `retry` (0 is the first): doubling up to the limit, and spread over its upper half
 * so that clients which failed together do not come back together.
 *
 * @param random in [0, 1)
 */
export function backoffMs(retry: number, { firstMs, longestMs }: Backoff, random: number): number {
  const limit = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(retry, 0), 30));
  return limit * (0.5 + random / 2);
}
