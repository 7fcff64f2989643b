/** A receiver cannot ask for more. */
const LONGEST_MS = 86_400_000;

/**
 * Reads `Retry-After`: seconds, or a date of HTTP.
 *
 * @returns how long to wait, ms, at most a day; undefined if it cannot be read.
 */
export function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  const waitMs = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : /^[A-Za-z]{3}/.test(text)
      ? Date.parse(text) - nowMs
      : Number.NaN;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_MS);
}
