import type { Clock } from "../clock.ts";
import type { Market } from "../market/market.ts";
import type { Weather } from "../market/weather.ts";
import { Random } from "../random.ts";
import { Chain } from "./chain.ts";
import type { ChainVerdict } from "./chain-verdict.ts";
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
  readonly attackRate: number;
  readonly onVerdict?: ((verdict: ChainVerdict) => void) | undefined;
}

export interface StandIns {
  readonly nodeUrl: string;
  readonly jupiterUrl: string;
  readonly storeUrl: string;
  /** Number of rows that the store has accepted. */
  readonly storedRows: () => number;
  /** Call it when there are no further requests. Reports the remaining verdicts. */
  close(): Promise<void>;
}

/** Share of accepted transactions that never land. */
const LOST_RATE = 0.002;

export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { seed, market, clock, weather, blockhashSlots, attackRate, onVerdict } = options;
  const random = new Random(seed).fork("stand-ins");
  const chain = new Chain(market, random.fork("chain"), {
    seed,
    blockhashSlots,
    lostRate: LOST_RATE,
    attackRate,
    onVerdict,
  });
  const node = await startRpcNode({
    chain,
    clock,
    temper: new Temper("node", random.fork("node"), weather, clock),
  });
  const jupiter = await startJupiter({
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
      chain.finish();
    },
  };
}
