import type { MevTrade } from "./own-trade.ts";

/** The last so many trades, at next to no cost for each: where nobody watches the chain they are all that is kept. */
export class RecentTrades {
  readonly #most: number;
  readonly #trades: MevTrade[] = [];
  #next = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#trades.length;
  }

  add(trade: MevTrade): void {
    this.#trades[this.#next] = trade;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** The oldest first. */
  values(): readonly MevTrade[] {
    if (this.#trades.length < this.#most) return this.#trades;
    return [...this.#trades.slice(this.#next), ...this.#trades.slice(0, this.#next)];
  }

  clear(): void {
    this.#trades.length = 0;
    this.#next = 0;
  }
}
