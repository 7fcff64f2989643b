import type { WorldPool } from "../pools/pool.ts";
import { type Crowd, shareOf, usualOffer } from "./crowd.ts";

/** A trader with its own program, which nobody else calls. */
export interface Bot {
  readonly signer: string;
  readonly program: string;
}

/** Probability, per decision of the desk, that a pool's fees are collected. */
const COLLECTS = 0.003;
/** Smaller gaps are not worth a transaction. */
const LEAST_GAP = 0.001;
/**
 * Probability of exclusion during an attack: the attacker influences the leader, so transactions by others
 * that would move the price back are mostly kept out.
 */
const KEPT_OUT = 0.9;
/** Share of the profitable gap that is closed at once. */
const CLOSED = 0.9;

/**
 * Trades a pool back to the external price; the other leg is not on any chain. Sometimes sends a second
 * attempt, which fails.
 */
export function outsideArbitrage(crowd: Crowd, bot: Bot, pool: WorldPool): void {
  const { stage, random } = crowd;
  if (!random.chance(0.6)) return;
  const offer = usualOffer(random);
  const spams = random.chance(0.15);
  const keptOut = random.chance(KEPT_OUT);
  stage.at(stage.slot, random.between(0.3, 1), () => {
    if (pool.shadow !== undefined && keptOut) return;
    const gap = Math.log(pool.curve.price / pool.outside.atomPrice);
    const excess = Math.abs(gap) - pool.curve.fee - LEAST_GAP;
    if (excess <= 0) return;
    const buy = gap < 0;
    const amount = shareOf(pool, buy, Math.min(0.2, (excess * CLOSED) / 2));
    const draft = { ...bot, orders: [{ pool, buy, amount }], offer, role: "arbitrage" } as const;
    stage.run(draft);
    if (spams) stage.run({ ...draft, reverts: true });
  });
}

/** Buys in the cheaper and sells in the more expensive pool of a pair, in one transaction. */
export function poolArbitrage(crowd: Crowd, bot: Bot, pool: WorldPool): void {
  const { stage, random } = crowd;
  const other = crowd.pools.find(({ pair, index }) => pair === pool.pair && index !== pool.index);
  if (other === undefined || other.busyThrough < stage.slot || !random.chance(0.4)) return;
  const offer = usualOffer(random);
  const keptOut = random.chance(KEPT_OUT);
  stage.at(stage.slot, random.next(), () => {
    if ((pool.shadow !== undefined || other.shadow !== undefined) && keptOut) return;
    const [cheap, dear] = pool.curve.price < other.curve.price ? [pool, other] : [other, pool];
    const gap = Math.log(dear.curve.price / cheap.curve.price) - cheap.curve.fee - dear.curve.fee;
    if (gap < LEAST_GAP / 2) return;
    const depth = Math.min(cheap.curve.depth.quote, dear.curve.depth.quote);
    const amount = BigInt(Math.max(1, Math.round((depth * Math.min(0.1, gap)) / 4)));
    const bought = cheap.curve.quote(true, amount);
    if (bought <= 0n || dear.curve.quote(false, bought) <= amount) return;
    const orders = [
      { pool: cheap, buy: true, amount },
      { pool: dear, buy: false, amount: bought },
    ] as const;
    stage.run({ ...bot, orders: [...orders], offer, role: "pool_arbitrage" });
  });
}

/** Takes fees out of a pool, as the program's owner and its liquidity providers do from time to time. */
export function collectFees({ random }: Crowd, pool: WorldPool): void {
  if (random.chance(COLLECTS) && pool.shadow === undefined) pool.curve.collect();
}

/** Realigns a pool with the external price, representing trades outside the simulated periods. */
export function realign(pool: WorldPool): void {
  const gap = Math.log(pool.curve.price / pool.outside.atomPrice);
  if (Math.abs(gap) < pool.curve.fee) return;
  pool.curve.swap(gap < 0, shareOf(pool, gap < 0, Math.min(0.5, (Math.abs(gap) - pool.curve.fee * 0.5) / 2)));
}
