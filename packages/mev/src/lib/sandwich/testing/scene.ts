import { Random } from "@slipstream/testing/random";
import type { Swap } from "../../swaps/swap.ts";
import type { Sandwich } from "../model.ts";
import { type Sender, type TestPool, World } from "./world.ts";

/** One pool and its traders, one transaction per call. */
export class Scene {
  readonly pool: TestPool;
  readonly other: TestPool;
  readonly world: World;

  constructor(protocol = "RaydiumV4", pool = "pool") {
    const fresh = (name: string): TestPool => ({
      name,
      protocol,
      fee: 25,
      feeUp: true,
      token: "TOKEN",
      money: 1_000_000_000_000n,
      held: 50_000_000_000_000n,
    });
    this.pool = fresh(pool);
    this.other = fresh(`${pool}2`);
    this.world = new World(new Random(1), [this.pool, this.other], true);
  }

  get swaps(): Swap[] {
    return this.world.swaps;
  }

  buy(who: string | Sender, amountIn: bigint, pool: TestPool = this.pool): Swap {
    return this.#swap(who, true, amountIn, pool);
  }

  sell(who: string | Sender, amountIn: bigint, pool: TestPool = this.pool): Swap {
    return this.#swap(who, false, amountIn, pool);
  }

  #swap(who: string | Sender, buy: boolean, amountIn: bigint, pool: TestPool): Swap {
    const sender = typeof who === "string" ? { signer: who } : who;
    const [swap] = this.world.run(sender, { pool, buy, amountIn });
    if (swap === undefined) throw new RangeError("there is no swap");
    return swap;
  }
}

/** A front run, a victim and a back run, in immediate succession. */
export function attack(
  scene: Scene,
  front: string | Sender,
  back: string | Sender,
  victim: string | Sender = "victim",
): void {
  const bought = scene.buy(front, large);
  scene.buy(victim, large);
  scene.sell(back, bought.amountOut);
}

/** A tenth of a percent of the pool's money. */
export const small = 1_000_000_000n;
/** Two percent of the pool's money. Attacking a swap of this size pays off. */
export const large = 20_000_000_000n;

export function ids(swaps: readonly Swap[]): string[] {
  return swaps.map(({ id }) => id);
}

/** Ids of fronts, victims and backs. */
export function legs({ fronts, victims, backs }: Sandwich): [string[], string[], string[]] {
  return [ids(fronts), ids(victims), ids(backs)];
}
