import type { Clock } from "../clock.ts";
import type { Market } from "../market/market.ts";
import type { Part, Weather } from "../market/weather.ts";
import { Random } from "../random.ts";
import { Chain } from "./chain.ts";
import type { ChainVerdict } from "./chain-verdict.ts";
import { startJupiter } from "./jupiter.ts";
import { startRpcNode } from "./rpc-node.ts";
import type { StandIn } from "./server.ts";
import { startStore } from "./store.ts";
import { Temper } from "./temper.ts";

export interface StandInsOptions {
  readonly seed: number;
  readonly market: Market;
  readonly clock: Clock;
  readonly weather: Weather;
  readonly blockhashSlots: number;
  readonly attackRate: number;
  /** Where they listen. Ports: 0 for any free one. */
  readonly host: string;
  readonly rpcPort: number;
  readonly jupiterPort: number;
  /** Whether there is a stand-in for a database too. */
  readonly hasStore: boolean;
  readonly onVerdict?: ((verdict: ChainVerdict) => void) | undefined;
}

export interface StandIns {
  readonly nodeUrl: string;
  readonly jupiterUrl: string;
  readonly storeUrl: string | undefined;
  /** Number of rows that the store has accepted. */
  readonly storedRows: () => number;
  /** Call it when there are no further requests. Reports the remaining verdicts. */
  close(): Promise<void>;
}

/** Share of accepted transactions that never land. */
const LOST_RATE = 0.002;

/** @throws SlipstreamError `port_in_use`, `cannot_listen` */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { seed, market, clock, weather, blockhashSlots, attackRate, host, onVerdict } = options;
  const random = new Random(seed).fork("stand-ins");
  const chain = new Chain(market, random.fork("chain"), {
    seed,
    blockhashSlots,
    lostRate: LOST_RATE,
    attackRate,
    onVerdict,
  });
  const running: StandIn[] = [];
  const closeAll = async (): Promise<void> => void (await Promise.all(running.map((one) => one.close())));
  const temper = (part: Part): Temper => new Temper(part, random.fork(part), weather, clock);
  try {
    const rpcPlace = { host, port: options.rpcPort, option: "rpcPort" } as const;
    const node = await startRpcNode({ chain, clock, temper: temper("node") }, rpcPlace);
    running.push(node);
    const jupiterPlace = { host, port: options.jupiterPort, option: "jupiterPort" } as const;
    const jupiter = await startJupiter({ chain, clock, temper: temper("jupiter") }, jupiterPlace);
    running.push(jupiter);
    // Nobody else uses it.
    const storePlace = { host: "127.0.0.1", port: 0, option: "storePort" } as const;
    const store = options.hasStore ? await startStore(temper("store"), storePlace) : undefined;
    if (store !== undefined) running.push(store);
    return {
      nodeUrl: node.url,
      jupiterUrl: jupiter.url,
      storeUrl: store?.url,
      storedRows: () => store?.rows ?? 0,
      close: async () => {
        await closeAll();
        chain.finish();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
