import type { Side } from "../../market/tokens.ts";

/** What is held in one pair by one strategy: above 0 if more was bought than sold. */
export interface Position {
  readonly strategy: string;
  readonly pair: string;
  readonly net: number;
}

/**
 * Open positions. In each strategy and pair, a trade in the opposite direction of what is held closes one;
 * any other opens one.
 */
export class Positions {
  readonly #net = new Map<string, number>();
  #open = 0;

  get open(): number {
    return this.#open;
  }

  /** Enters a trade. @returns what is held after it */
  apply(strategy: string, pair: string, side: Side): Position {
    const key = `${strategy} ${pair}`;
    const before = this.#net.get(key) ?? 0;
    const net = before + (side === "buy" ? 1 : -1);
    this.#net.set(key, net);
    this.#open += Math.abs(net) - Math.abs(before);
    return { strategy, pair, net };
  }
}
