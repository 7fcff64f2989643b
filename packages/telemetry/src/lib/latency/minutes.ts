import { QuantileSketch } from "@slipstream/stats";
import type { LatencySnapshot } from "./snapshot.ts";

const MINUTE_MS = 60_000;

/** One operation's latencies: a sketch of the current minute, and the percentiles of earlier minutes. */
export class LatencyMinutes {
  readonly #operation: string;
  readonly #keep: number;
  readonly #sketch: QuantileSketch = new QuantileSketch();
  readonly #closed: LatencySnapshot[] = [];
  #minuteMs: number;

  constructor(operation: string, keep: number, nowMs: number) {
    this.#operation = operation;
    this.#keep = keep;
    this.#minuteMs = minuteOf(nowMs);
  }

  record(seconds: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#sketch.record(seconds);
  }

  current(nowMs: number): LatencySnapshot {
    this.#turn(nowMs);
    return this.#snapshot();
  }

  /** The last minutes with calls, oldest first, without the current one. */
  minutes(nowMs: number): readonly LatencySnapshot[] {
    this.#turn(nowMs);
    return [...this.#closed];
  }

  /**
   * Closes the current minute if it is over. If the clock steps back, the minute that it had reached
   * continues.
   */
  #turn(nowMs: number): void {
    const minuteMs = minuteOf(nowMs);
    if (!(minuteMs > this.#minuteMs)) return;
    if (this.#sketch.count > 0) {
      this.#closed.push(this.#snapshot());
      this.#sketch.clear();
    }
    this.#minuteMs = minuteMs;
    const oldest = minuteMs - this.#keep * MINUTE_MS;
    while (this.#closed[0] !== undefined && this.#closed[0].minuteMs < oldest) this.#closed.shift();
  }

  #snapshot(): LatencySnapshot {
    const sketch = this.#sketch;
    return {
      operation: this.#operation,
      minuteMs: this.#minuteMs,
      count: sketch.count,
      p50: sketch.quantile(0.5)?.value,
      p95: sketch.quantile(0.95)?.value,
      p99: sketch.quantile(0.99)?.value,
      p999: sketch.quantile(0.999)?.value,
    };
  }
}

/** The start of the minute. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}
