import type { HrTime } from "@opentelemetry/api";

/** Readings that differ by more are not those of one undisturbed clock. */
const TOLERANCE_MS = 2;
/** A reading that took longer was interrupted. */
const QUICK_MS = 0.5;
const MOST_READINGS = 5;

export interface Clocks {
  /** A clock in ms that never jumps and stands still while the machine sleeps. */
  readonly monotonicNow: () => number;
  /** Unix time in whole ms. */
  readonly now: () => number;
}

export const systemClocks: Clocks = { monotonicNow: () => performance.now(), now: () => Date.now() };

/**
 * Turns readings of the monotonic clock into Unix time. Between two jumps of the wall clock (somebody sets it, or the
 * machine sleeps) both run alike, so that one offset serves all readings between them. `holds` notices a jump.
 */
export class WallClock {
  readonly #clocks: Clocks;
  /** Unix time in ms minus the monotonic reading, as whole ms and a part of one, so that sums lose no nanosecond. */
  #wholeMs = 0;
  #partMs = 0;
  #offsetMs: number;

  constructor(clocks: Clocks = systemClocks) {
    this.#clocks = clocks;
    this.#offsetMs = this.#read();
    this.#split();
  }

  /** A reading of the monotonic clock, in ms. */
  now(): number {
    return this.#clocks.monotonicNow();
  }

  /** Whether the offset is still right for `monotonicMs`, which was read just now. */
  holds(monotonicMs: number): boolean {
    const difference = this.#clocks.now() - monotonicMs - this.#offsetMs;
    if (difference <= TOLERANCE_MS && difference >= -TOLERANCE_MS) return true;
    // Or this process was interrupted between the two readings.
    return Math.abs(this.#read() - this.#offsetMs) <= TOLERANCE_MS;
  }

  /**
   * Reads the offset again. The wall clock shows whole ms, so the offset is known to within one. It is moved only if it
   * is outside of that: then spans of the same trace keep their order, whenever they are encoded.
   */
  refresh(): void {
    const read = this.#read();
    const offsetMs = Math.min(Math.max(this.#offsetMs, read), read + 1);
    if (offsetMs === this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    this.#split();
  }

  /** Unix time in ms. */
  unixMs(monotonicMs: number): number {
    return this.#offsetMs + monotonicMs;
  }

  /** Unix time in whole ms; `nanosecondsOf` gives the rest. */
  wholeMsOf(monotonicMs: number): number {
    return this.#wholeMs + Math.floor(monotonicMs + this.#partMs);
  }

  /** 0 to 999,999 after `wholeMsOf`. */
  nanosecondsOf(monotonicMs: number): number {
    const ms = monotonicMs + this.#partMs;
    return Math.min(Math.round((ms - Math.floor(ms)) * 1e6), 999_999);
  }

  /** Unix time in seconds and nanoseconds. */
  hrTime(monotonicMs: number): HrTime {
    const wholeMs = this.wholeMsOf(monotonicMs);
    const seconds = Math.floor(wholeMs / 1_000);
    return [seconds, (wholeMs - seconds * 1_000) * 1e6 + this.nanosecondsOf(monotonicMs)];
  }

  #read(): number {
    const { monotonicNow, now } = this.#clocks;
    for (let left = MOST_READINGS; ; left -= 1) {
      const before = monotonicNow();
      const wall = now();
      const after = monotonicNow();
      if (after - before <= QUICK_MS || left <= 1) return wall - after;
    }
  }

  #split(): void {
    this.#wholeMs = Math.floor(this.#offsetMs);
    this.#partMs = this.#offsetMs - this.#wholeMs;
  }
}
