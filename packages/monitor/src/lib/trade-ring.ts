import type { TradeDetails } from "@slipstream/telemetry";

/** A trade as it was reported. */
export interface RecordedTrade {
  /** As `performance.now()`. */
  readonly startMs: number;
  readonly endMs: number;
  readonly success: boolean;
  readonly details: TradeDetails | undefined;
}

/**
 * Trades between the call that reports them and the turn of the event loop that works on them. A put costs some
 * writes into arrays that exist. Where the ring is full the newest trade is dropped and counted.
 */
export class TradeRing {
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #success: Uint8Array;
  readonly #details: (TradeDetails | undefined)[];
  readonly #mask: number;
  #head = 0;
  #tail = 0;
  #dropped = 0;

  /** @param capacity A power of two. */
  constructor(capacity: number = 65_536) {
    this.#start = new Float64Array(capacity);
    this.#end = new Float64Array(capacity);
    this.#success = new Uint8Array(capacity);
    this.#details = new Array(capacity).fill(undefined);
    this.#mask = capacity - 1;
  }

  get length(): number {
    return this.#head - this.#tail;
  }

  get dropped(): number {
    return this.#dropped;
  }

  put(startMs: number, endMs: number, success: boolean, details: TradeDetails | undefined): void {
    if (this.#head - this.#tail > this.#mask) {
      this.#dropped += 1;
      return;
    }
    const at = this.#head & this.#mask;
    this.#start[at] = startMs;
    this.#end[at] = endMs;
    this.#success[at] = success ? 1 : 0;
    this.#details[at] = details;
    this.#head += 1;
  }

  /** The oldest trade, undefined where there is none. */
  take(): RecordedTrade | undefined {
    if (this.#head === this.#tail) return undefined;
    const at = this.#tail & this.#mask;
    this.#tail += 1;
    const details = this.#details[at];
    this.#details[at] = undefined;
    return {
      startMs: this.#start[at] ?? Number.NaN,
      endMs: this.#end[at] ?? Number.NaN,
      success: this.#success[at] === 1,
      details,
    };
  }
}
