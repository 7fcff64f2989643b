export type BreakerState = "closed" | "open" | "half_open";

export interface BreakerOptions {
  /** Consecutive failures that open it. */
  readonly failures: number;
  /** How long it stays open, ms. */
  readonly openMs: number;
  /** Number of trades allowed while half-open; all must succeed for it to close. */
  readonly probes: number;
  readonly onChange?: (state: BreakerState, nowMs: number) => void;
}

/** Permission to make one trade. Return it with the outcome. */
export interface Permit {
  readonly episode: number;
}

/**
 * Stops the desk from trading through failing infrastructure: closed, then open after consecutive failures,
 * then half-open after a pause. Outcomes of trades that began in an earlier state change nothing.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = "closed";
  #episode = 0;
  #failures = 0;
  #openedMs = 0;
  #probesGiven = 0;
  #probesPassed = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Undefined if no trade is allowed now. */
  ask(nowMs: number): Permit | undefined {
    if (this.#state === "open" && nowMs - this.#openedMs >= this.#options.openMs) {
      this.#change("half_open", nowMs);
    }
    if (this.#state === "open") return undefined;
    if (this.#state === "half_open" && ++this.#probesGiven > this.#options.probes) return undefined;
    return { episode: this.#episode };
  }

  /** `healthy` refers to the infrastructure: a trade that the market refused is healthy. */
  report(permit: Permit, healthy: boolean, nowMs: number): void {
    if (permit.episode !== this.#episode) return;
    if (!healthy) {
      this.#failures++;
      if (this.#state === "half_open" || this.#failures >= this.#options.failures) this.#open(nowMs);
    } else if (this.#state === "half_open") {
      if (++this.#probesPassed >= this.#options.probes) this.#change("closed", nowMs);
    } else {
      this.#failures = 0;
    }
  }

  #open(nowMs: number): void {
    this.#openedMs = nowMs;
    this.#change("open", nowMs);
  }

  #change(state: BreakerState, nowMs: number): void {
    this.#state = state;
    this.#episode++;
    this.#failures = 0;
    this.#probesGiven = 0;
    this.#probesPassed = 0;
    this.#options.onChange?.(state, nowMs);
  }
}
