/** An OTLP time: nanoseconds since 1970, as whole milliseconds and the nanoseconds left over, both exact. */
export interface Time {
  ms: number;
  nanos: number;
}

/** Times outside of these are no trading span's: a wrong unit, or a field left at its default. */
const EARLIEST_MS: number = Date.UTC(2000, 0, 1);
const LATEST_MS: number = Date.UTC(2100, 0, 1);

/** Sets `time` from the two halves of a fixed64. */
export function setTime(time: Time, high: number, low: number): void {
  // 2^32 ns = 4294 ms + 967,296 ns; both products stay below 2^53.
  const nanos = high * 967_296 + low;
  const ms = Math.floor(nanos / 1e6);
  time.ms = high * 4294 + ms;
  time.nanos = nanos - ms * 1e6;
}

/** Unix ms with a fraction; a whole number exactly where the nanoseconds are whole milliseconds. */
export function toMs(time: Time): number {
  return time.ms + time.nanos / 1e6;
}

/** Seconds from `start` to `end`, exact to the nanosecond up to 104 days. */
export function secondsBetween(start: Time, end: Time): number {
  return ((end.ms - start.ms) * 1e6 + (end.nanos - start.nanos)) / 1e9;
}

export function isPlausible(time: Time): boolean {
  return time.ms >= EARLIEST_MS && time.ms < LATEST_MS;
}
