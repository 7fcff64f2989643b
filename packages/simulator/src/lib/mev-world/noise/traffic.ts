import type { WorldPool } from "../pools/pool.ts";
import { type Bot, outsideArbitrage, poolArbitrage } from "./arbitrage.ts";
import type { Crowd } from "./crowd.ts";
import { doubleRoute, marketMaker } from "./makers.ts";
import { person, unlucky } from "./people.ts";

export interface Bots {
  readonly arbitrageurs: readonly [Bot, ...Bot[]];
  readonly poolArbitrageurs: readonly [Bot, ...Bot[]];
  readonly makers: readonly [Bot, ...Bot[]];
}

/** Expected numbers per slot in a pool in which the desk is about to trade. */
const PEOPLE = 0.16;
const UNLUCKY = 0.012;
const MAKERS = 0.012;
const DOUBLE_ROUTES = 0.008;

/** What others do in a pool in a slot. @param factor Scales the amount of activity. */
export function traffic(crowd: Crowd, bots: Bots, pool: WorldPool, factor: number): void {
  const { random } = crowd;
  if (factor <= 0) return;
  for (let expected = PEOPLE * factor; expected > 0; expected -= 1) {
    if (random.chance(Math.min(1, expected))) person(crowd, pool);
  }
  if (random.chance(UNLUCKY * factor)) unlucky(crowd, pool);
  if (random.chance(MAKERS * factor)) marketMaker(crowd, random.pick(bots.makers), pool);
  if (random.chance(DOUBLE_ROUTES * factor)) doubleRoute(crowd, pool);
  if (Math.abs(Math.log(pool.curve.price / pool.outside.atomPrice)) > pool.curve.fee) {
    outsideArbitrage(crowd, random.pick(bots.arbitrageurs), pool);
  }
  poolArbitrage(crowd, random.pick(bots.poolArbitrageurs), pool);
}
