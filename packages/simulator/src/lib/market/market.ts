import { Random } from "../random.ts";
import { type Pair, pairs, type Token, tokens } from "./tokens.ts";

const STEP_MS = 100;
/** How far back `at` can look: about 200 s, longer than any trade is in flight. */
const HISTORY_STEPS = 2048;
/**
 * Share of the distance to its start that a log price returns per second, so that a demo of several days
 * stays plausible.
 */
const REVERSION_PER_SECOND = 1 / 21_600;

/**
 * Prices of all pairs as a seeded random walk in steps of 100 ms. The price at a time depends only on the
 * seed and the time, not on earlier calls. Pools follow these prices as far as arbitrage pays off.
 */
export class Market {
  readonly #walks: readonly Walk[];
  #newest = 0;

  constructor(seed: string | number) {
    const random = new Random(seed).fork("market");
    this.#walks = pairs.map((pair) => new Walk(pair, random.fork(pair.name)));
  }

  /** Price in whole quote tokens per base token. For times before the kept history, the oldest price kept. */
  price(pair: Pair, timeMs: number): number {
    const step = Math.max(0, Math.floor(timeMs / STEP_MS));
    for (; this.#newest < step; this.#newest++) for (const walk of this.#walks) walk.advance();
    const oldest = Math.max(0, this.#newest - HISTORY_STEPS + 1);
    const walk = this.#walks[pairs.indexOf(pair)];
    if (walk === undefined) throw new RangeError(`unknown pair: ${pair.name}`);
    return walk.at(Math.max(step, oldest));
  }

  /** Price of one whole token in USD; one USDC is one USD. */
  usd(token: Token, timeMs: number): number {
    if (token === tokens.usdc) return 1;
    const pair = pairs.find(({ base }) => base === token);
    if (pair === undefined) throw new RangeError(`no pair has a price for ${token.symbol}`);
    return this.price(pair, timeMs) * this.usd(pair.quote, timeMs);
  }
}

class Walk {
  readonly #pair: Pair;
  readonly #random: Random;
  readonly #history = new Float64Array(HISTORY_STEPS);
  #step = 0;
  /** Log of price / start price. */
  #offset = 0;

  constructor(pair: Pair, random: Random) {
    this.#pair = pair;
    this.#random = random;
    this.#history[0] = pair.startPrice;
  }

  advance(): void {
    const seconds = STEP_MS / 1000;
    this.#offset *= 1 - REVERSION_PER_SECOND * seconds;
    this.#offset += this.#pair.volatility * Math.sqrt(seconds) * this.#random.normal();
    this.#step++;
    this.#history[this.#step % HISTORY_STEPS] = this.#pair.startPrice * Math.exp(this.#offset);
  }

  at(step: number): number {
    return this.#history[step % HISTORY_STEPS] ?? this.#pair.startPrice;
  }
}
