import { gotFrom, paidFor, type Swap } from "../swaps/swap.ts";

/** What pools took and gave, by token. */
export class TokenFlows {
  readonly #flows = new Map<string, { taken: bigint; given: bigint }>();

  add(swap: Swap): void {
    this.#flow(swap.tokenIn).taken += paidFor(swap);
    this.#flow(swap.tokenOut).given += gotFrom(swap);
  }

  /**
   * Whether the trader ended with no less of any token (within a thousandth of what it paid) and with more of
   * one.
   */
  isGain(): boolean {
    const flows = [...this.#flows.values()];
    const none = flows.every(({ taken, given }) => given * 1000n >= taken * 999n);
    return none && flows.some(({ taken, given }) => given > taken);
  }

  /** Whether every token that was paid was also received, and vice versa, at least half of it. */
  isClosed(): boolean {
    return [...this.#flows.values()].every(
      ({ taken, given }) => taken > 0n && given > 0n && 2n * given >= taken && 2n * taken >= given,
    );
  }

  #flow(token: string): { taken: bigint; given: bigint } {
    const known = this.#flows.get(token);
    if (known !== undefined) return known;
    const flow = { taken: 0n, given: 0n };
    this.#flows.set(token, flow);
    return flow;
  }
}
