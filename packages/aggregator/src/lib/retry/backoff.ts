export interface BackoffOptions {
  /** Longest wait before the first retry, ms. */
  readonly firstMs?: number;
  /** Longest wait at all, ms. */
  readonly longestMs?: number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/**
 * Milliseconds to wait before retry number `retry` (0 is the first): doubling up to a limit, and spread over its upper
 * half so that clients that failed together do not return together.
 */
export function backoffMs(retry: number, options: BackoffOptions = {}): number {
  const { firstMs = 100, longestMs = 1000, random = Math.random } = options;
  const longest = Math.min(longestMs, firstMs * 2 ** Math.min(retry, 30));
  return longest * (0.5 + random() / 2);
}
