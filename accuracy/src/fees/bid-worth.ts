import { expectedValue, type FeeContext } from "@slipstream/simulator";

/** log10 of lamports, in steps. */
const HIGHEST = 8;
const STEPS_PER_DECADE = 10;
const exponents = Array.from({ length: HIGHEST * STEPS_PER_DECADE + 1 }, (_, i) => i / STEPS_PER_DECADE);

/** What bids on a trade are worth to who knows no more than the situations that it may be in: their mean, USD. */
export class BidWorth {
  readonly #usd: readonly number[];
  /** The best bid, lamports; undefined where it is better not to send. */
  readonly best: number | undefined;

  /** @param contexts The situations, all as likely. */
  constructor(contexts: readonly FeeContext[]) {
    this.#usd = exponents.map((exponent) => {
      const bid = 10 ** exponent;
      const sum = contexts.reduce((total, context) => total + expectedValue(context, bid).usd, 0);
      return sum / Math.max(1, contexts.length);
    });
    const at = this.#usd.indexOf(Math.max(...this.#usd));
    this.best = (this.#usd[at] ?? 0) > 0 ? 10 ** (exponents[at] ?? 0) : undefined;
  }

  /** Linear between the bids that were tried. @param bidLamports undefined: not sent, worth 0. */
  of(bidLamports: number | undefined): number {
    if (bidLamports === undefined) return 0;
    const place = Math.log10(Math.max(1, bidLamports)) * STEPS_PER_DECADE;
    const below = Math.min(exponents.length - 2, Math.floor(place));
    const [from, to] = [this.#usd[below] ?? 0, this.#usd[below + 1] ?? 0];
    return from + (to - from) * (place - below);
  }
}
