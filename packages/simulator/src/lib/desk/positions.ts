import type { Side } from "../market/tokens.ts";

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

  apply(strategy: string, pair: string, side: Side): void {
    const key = `${strategy} ${pair}`;
    const before = this.#net.get(key) ?? 0;
    const after = before + (side === "buy" ? 1 : -1);
    this.#net.set(key, after);
    this.#open += Math.abs(after) - Math.abs(before);
  }
}
