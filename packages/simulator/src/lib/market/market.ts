import { Random } from "../random.ts";
import { constantProductOut, type Reserves } from "./constant-product.ts";
import { type Pair, pairs, type Side, type Token, tokens } from "./tokens.ts";

const STEP_MS = 100;
/** How far back `at` can look: about 200 s, longer than any trade is in flight. */
const HISTORY_STEPS = 2048;
/** Share of the distance to its start that a log price returns in a second, so that a demo of days stays plausible. */
const REVERSION_PER_SECOND = 1 / 21_600;

/**
 * Prices of all pairs as a seeded random walk in steps of 100 ms. The price at a moment depends on the seed and the
 * moment alone, not on who asked before. Pools stand at the price of their step: what a trade moves is arbitraged
 * away before the next.
 */
export class Market {
  readonly #walks: readonly Walk[];
  #newest = 0;

  constructor(seed: string | number) {
    const random = new Random(seed).fork("market");
    this.#walks = pairs.map((pair) => new Walk(pair, random.fork(pair.name)));
  }

  /** Price in whole quote tokens for one base token. Older than the history: the oldest price that is kept. */
  price(pair: Pair, timeMs: number): number {
    const step = Math.max(0, Math.floor(timeMs / STEP_MS));
    for (; this.#newest < step; this.#newest++) for (const walk of this.#walks) walk.advance();
    const oldest = Math.max(0, this.#newest - HISTORY_STEPS + 1);
    const walk = this.#walks[pairs.indexOf(pair)];
    if (walk === undefined) throw new RangeError(`no such pair: ${pair.name}`);
    return walk.at(Math.max(step, oldest));
  }

  /** Price of one whole token in USD; a USDC is a USD. */
  usd(token: Token, timeMs: number): number {
    if (token === tokens.usdc) return 1;
    const pair = pairs.find(({ base }) => base === token);
    if (pair === undefined) throw new RangeError(`no pair prices ${token.symbol}`);
    return this.price(pair, timeMs) * this.usd(pair.quote, timeMs);
  }

  /** What the pool holds, in atoms; `shift` (of the log price) is what others' trades just before moved it. */
  reserves(pair: Pair, timeMs: number, shift = 0): Reserves {
    const price = this.price(pair, timeMs) * Math.exp(shift);
    const startQuote = pair.depthUsd / 2 / this.#startUsd(pair.quote);
    const root = Math.sqrt(price / pair.startPrice);
    return {
      base: atoms(pair.base, startQuote / pair.startPrice / root),
      quote: atoms(pair.quote, startQuote * root),
    };
  }

  /** Output atoms of a swap at this moment. */
  out(pair: Pair, side: Side, amountIn: bigint, timeMs: number, shift = 0): bigint {
    const { base, quote } = this.reserves(pair, timeMs, shift);
    return side === "buy"
      ? constantProductOut(amountIn, quote, base, pair.feeBps)
      : constantProductOut(amountIn, base, quote, pair.feeBps);
  }

  #startUsd(token: Token): number {
    return token === tokens.sol ? pairs[0].startPrice : 1;
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

function atoms(token: Token, amount: number): bigint {
  return BigInt(Math.round(amount * 10 ** token.decimals));
}
