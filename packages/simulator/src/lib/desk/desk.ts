import type { Clock } from "../clock.ts";
import type { Decision } from "../market/decisions.ts";
import type { CircuitBreaker } from "./breaker.ts";
import type { TradeResult } from "./trade.ts";

export interface DeskOptions {
  readonly decisions: Iterator<Decision, never>;
  readonly clock: Clock;
  readonly breaker: CircuitBreaker;
  readonly maxInFlight: number;
  readonly trade: (decision: Decision) => Promise<TradeResult>;
  readonly onTrade: (result: TradeResult) => void;
  readonly onHeldBack: (reason: "breaker" | "limit") => void;
}

/**
 * Arrivals later than this are skipped: a machine that was asleep must not make up for the night in a burst.
 */
const MAX_LATENESS_MS = 10_000;

/**
 * Receives decisions as they arrive and trades on them, within the limits of the breaker and of the trades in
 * flight.
 */
export class Desk {
  readonly #options: DeskOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #stopped = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  start(): void {
    this.#dueMs = this.#options.clock.now();
    this.#await(this.#options.decisions.next().value);
  }

  /** Starts no further trades. */
  stopArrivals(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Resolves once no trade is in flight. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #await(decision: Decision): void {
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    this.#dueMs = Math.max(this.#dueMs, now - MAX_LATENESS_MS) + decision.gapMs;
    this.#timer = setTimeout(
      () => {
        this.#decide(decision);
        this.#await(this.#options.decisions.next().value);
      },
      Math.max(0, this.#dueMs - now),
    );
  }

  #decide(decision: Decision): void {
    const { breaker, clock, maxInFlight, onHeldBack, onTrade } = this.#options;
    if (this.#inFlight.size >= maxInFlight) {
      onHeldBack("limit");
      return;
    }
    const permit = breaker.ask(clock.now());
    if (permit === undefined) {
      onHeldBack("breaker");
      return;
    }
    const trade = this.#options.trade(decision).then((result) => {
      breaker.report(permit, result.healthy, clock.now());
      onTrade(result);
    });
    const tracked = trade.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }
}
