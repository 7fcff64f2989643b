import { expectedValue, type FeeContext } from "../../lib/mev-world/fees/expected-value.ts";
import type { MevWorld } from "../../lib/mev-world/world.ts";
import { groupBy } from "../group-by.ts";
import { contextOf, type SentTrade } from "./sent-trade.ts";

/** Situations that a trade may be in, as far as is known before: those of so many earlier trades. */
const SITUATIONS = 32;
/** log10 of lamports. */
const HIGHEST = 8;
const STEP = 0.1;

/**
 * The best bid by the market's true odds for who is told pair, size, urgency, protection and the price of SOL, and knows of pool,
 * tolerance, hour and congestion what they were for the earlier trades of the same pair, urgency and protection nearest in size.
 */
export class InformedOracle {
  readonly #world: MevWorld;
  readonly #earlier: ReadonlyMap<string, SentTrade[]>;

  constructor(world: MevWorld, earlier: readonly SentTrade[]) {
    this.#world = world;
    this.#earlier = groupBy(earlier, kindOf);
  }

  /** Lamports; undefined where it is better not to send. */
  bid(trade: SentTrade): number | undefined {
    const contexts = this.#situations(trade);
    let best: number | undefined;
    let most = 0;
    for (let exponent = trade.truth.protection === "jito" ? 3 : 0; exponent <= HIGHEST; exponent += STEP) {
      const bid = Math.round(10 ** exponent);
      const usd = contexts.reduce((sum, context) => sum + expectedValue(context, bid).usd, 0);
      if (usd > most) [best, most] = [bid, usd];
    }
    return best;
  }

  #situations(trade: SentTrade): FeeContext[] {
    const { sizeUsd } = trade.truth;
    const away = (one: SentTrade): number => Math.abs(Math.log(one.truth.sizeUsd / sizeUsd));
    const near = (this.#earlier.get(kindOf(trade)) ?? [])
      .map((one) => [away(one), one] as const)
      .sort(([a], [b]) => a - b)
      .slice(0, SITUATIONS);
    return near.map(([, { truth, sent }]) => {
      const { solUsd } = trade.sent;
      return contextOf(this.#world, { truth: { ...truth, sizeUsd }, sent: { ...sent, solUsd } });
    });
  }
}

function kindOf({ truth: { pair, urgency, protection } }: SentTrade): string {
  return `${pair} ${urgency} ${protection}`;
}
