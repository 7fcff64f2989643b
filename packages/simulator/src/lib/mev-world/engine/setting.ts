import { Random } from "../../random.ts";
import { type Attacker, makeAttackers } from "../attackers/attacker.ts";
import type { FormRates } from "../chain/form.ts";
import { makeLeaders } from "../chain/leaders.ts";
import { Schedule } from "../chain/slots.ts";
import { Congestion } from "../fees/congestion.ts";
import { Names } from "../names.ts";
import type { Bot } from "../noise/arbitrage.ts";
import type { Bots } from "../noise/traffic.ts";
import type { MevWorldSettings } from "../options.ts";
import { pairCatalogue } from "../pools/catalogue.ts";
import { makePool, type WorldPool } from "../pools/pool.ts";
import { OutsidePrice } from "../pools/prices.ts";
import { nonEmpty } from "../weighted.ts";
import type { Stage } from "./stage.ts";

/** Everything and everybody in a world before its first slot. */
export interface Setting extends Cast {
  readonly settings: MevWorldSettings;
  readonly random: Random;
  readonly names: Names;
  readonly schedule: Schedule;
  readonly congestion: Congestion;
  /** Price of SOL in USD. */
  readonly sol: OutsidePrice;
  readonly pools: readonly WorldPool[];
  readonly deskWallets: readonly [string, ...string[]];
}

/** What blocks are built from. */
export type SceneSetting = Pick<Setting, "random" | "names" | "schedule" | "pools" | keyof Cast> & {
  readonly settings: Pick<MevWorldSettings, "attackers" | "noise"> &
    Partial<FormRates> & { readonly transferShare?: number } & Pick<Stage, "practised">;
};

/** Everybody except the desk. */
export interface Cast {
  readonly attackers: readonly Attacker[];
  readonly bots: Bots;
  readonly people: readonly [string, ...string[]];
  readonly exchanges: readonly [string, ...string[]];
}

const PEOPLE = 4000;
const EXCHANGES = 3;
const FIRST_SLOT = 310_000_000;

export function makeSetting(settings: MevWorldSettings): Setting {
  const random = new Random(`mev-world/${settings.seed}`);
  const nameDraws = random.fork("names");
  const names = new Names(settings.seed, () => nameDraws.next());
  const salt = Math.floor(random.fork("salt").next() * 2 ** 31);
  // A leader's turn begins at a multiple of four.
  const firstSlot = FIRST_SLOT + (salt % 1_000_000) * 4;
  const leaders = makeLeaders(random.fork("leaders"), names);
  const schedule = new Schedule(firstSlot, settings.startMs, leaders, salt);
  const [solPair] = pairCatalogue;
  const sol = new OutsidePrice(solPair, random.fork("price/SOL"), firstSlot);
  return {
    settings,
    random,
    names,
    schedule,
    congestion: new Congestion(schedule, salt),
    sol,
    pools: makePools(settings, random, names, firstSlot, sol),
    ...makeCast(random, names),
    deskWallets: nonEmpty(Array.from({ length: 3 }, () => names.address())),
  };
}

/** @param attackersPerKind Default: 4. */
export function makeCast(random: Random, names: Names, attackersPerKind?: number): Cast {
  const bots = (count: number): [Bot, ...Bot[]] => {
    const made = Array.from({ length: count }, () => ({ signer: names.address(), program: names.address() }));
    const [first, ...others] = nonEmpty(made);
    return [first, ...others];
  };
  return {
    attackers: makeAttackers(random.fork("attackers"), names, attackersPerKind),
    bots: { arbitrageurs: bots(6), poolArbitrageurs: bots(3), makers: bots(5) },
    people: nonEmpty(Array.from({ length: PEOPLE }, () => names.address())),
    exchanges: nonEmpty(Array.from({ length: EXCHANGES }, () => names.address())),
  };
}

function makePools(
  { pairs, creatorFeeShare }: MevWorldSettings,
  random: Random,
  names: Names,
  firstSlot: number,
  sol: OutsidePrice,
): WorldPool[] {
  const pools: WorldPool[] = [];
  for (const pair of pairCatalogue) {
    if (!pairs.includes(pair.name)) continue;
    const solPair = pair === pairCatalogue[0];
    const outside = solPair ? sol : new OutsidePrice(pair, random.fork(`price/${pair.name}`), firstSlot);
    const quoteUsd = pair.quote.symbol === "USDC" ? 1 : pairCatalogue[0].startPrice;
    for (const spec of pair.pools) {
      const draft = { index: pools.length, pair, spec, outside, quoteUsd, creatorFeeShare };
      pools.push(makePool(draft, random.fork(`pool/${pools.length}`), names));
    }
  }
  return pools;
}
