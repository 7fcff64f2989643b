import { Random } from "@slipstream/testing/random";
import { type AttackKind, attacker, attackKinds, type Planted } from "./attacks.ts";
import {
  arbitrageur,
  flipper,
  marketMaker,
  outsideArbitrageur,
  type Script,
  trader,
  volumeBot,
} from "./noise.ts";
import { randomPools, type TestPool, World } from "./world.ts";

export interface Traffic {
  readonly world: World;
  readonly planted: readonly Planted[];
  /** The pools before the first swap. */
  readonly start: readonly TestPool[];
}

export interface TrafficOptions {
  readonly slots: number;
  readonly attacks: number;
  readonly showsReserves: boolean;
  readonly noise: boolean;
  readonly kinds?: readonly AttackKind[];
}

const noise = [
  { weight: 30, script: trader },
  { weight: 8, script: flipper },
  { weight: 2, script: marketMaker },
  { weight: 1, script: volumeBot },
  { weight: 3, script: arbitrageur },
  { weight: 3, script: outsideArbitrageur },
] as const;

/**
 * Several slots of traffic in several pools: people, market makers, two kinds of arbitrageurs, volume bots
 * and attacks of every kind, all interleaved.
 */
export function traffic(seed: number, options: TrafficOptions): Traffic {
  const random = new Random(seed);
  const pools = randomPools(random);
  const start = pools.map((pool) => ({ ...pool }));
  const world = new World(random, pools, options.showsReserves);
  const planted: Planted[] = [];
  let running: Script[] = [];
  const attacks = Array.from({ length: options.attacks }, () =>
    random.int(0, Math.max(0, options.slots - 4)),
  );
  for (let slot = 0; slot < options.slots; slot++) {
    for (const at of attacks) {
      if (at === slot) running.push(attacker(world, random.pick(options.kinds ?? attackKinds), planted));
    }
    for (let turns = random.int(10, 25); turns > 0; turns--) {
      if (options.noise && random.chance(0.6)) running.push(newNoise(world));
      const script = running[random.int(0, Math.max(0, running.length - 1))];
      if (script?.next().done === true) running = running.filter((other) => other !== script);
      if (random.chance(0.5)) world.skip(random.int(1, 5));
    }
    world.nextSlot();
  }
  return { world, planted, start };
}

function newNoise(world: World): Script {
  let rest = world.random.next() * noise.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, script } of noise) {
    rest -= weight;
    if (rest < 0) return script(world);
  }
  return trader(world);
}
