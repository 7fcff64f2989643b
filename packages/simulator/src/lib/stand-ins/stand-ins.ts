import type { Clock } from "../clock.ts";
import type { Market } from "../market/market.ts";
import type { Weather } from "../market/weather.ts";
import { Random } from "../random.ts";
import { Chain } from "./chain.ts";
import { startJupiter } from "./jupiter.ts";
import { startRpcNode } from "./rpc-node.ts";
import { startStore } from "./store.ts";
import { Temper } from "./temper.ts";

export interface StandInsOptions {
  readonly seed: number;
  readonly market: Market;
  readonly clock: Clock;
  readonly weather: Weather;
  readonly blockhashSlots: number;
}

export interface StandIns {
  readonly nodeUrl: string;
  readonly jupiterUrl: string;
  readonly storeUrl: string;
  /** Rows that the store has taken. */
  readonly storedRows: () => number;
  close(): Promise<void>;
}

/** Share of accepted transactions that never land. */
const LOST_RATE = 0.002;

export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { market, clock, weather, blockhashSlots } = options;
  const random = new Random(options.seed).fork("stand-ins");
  const chain = new Chain(market, random.fork("chain"), { blockhashSlots, lostRate: LOST_RATE });
  const node = await startRpcNode({
    chain,
    clock,
    temper: new Temper("node", random.fork("node"), weather, clock),
  });
  const jupiter = await startJupiter({
    market,
    chain,
    clock,
    temper: new Temper("jupiter", random.fork("jupiter"), weather, clock),
  });
  const store = await startStore(new Temper("store", random.fork("store"), weather, clock));
  return {
    nodeUrl: node.url,
    jupiterUrl: jupiter.url,
    storeUrl: store.url,
    storedRows: () => store.rows,
    close: async () => {
      await Promise.all([node.close(), jupiter.close(), store.close()]);
    },
  };
}
