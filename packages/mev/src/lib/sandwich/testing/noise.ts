import type { Random } from "@slipstream/testing/random";
import { type Order, type Sender, share, type TestPool, type World } from "./world.ts";

/** Somebody's actions, one transaction per step. Others' transactions come in between. */
export type Script = Generator<void, void>;

const jupiter = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
const raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";

function size(random: Random): number {
  return Math.min(0.05, random.lognormal(0.0004, 1.3));
}

/** How people reach a pool: directly, through Jupiter, or through an unknown aggregator. */
export function customer(world: World, signer: string = world.newName("user")): Sender {
  return { signer, program: world.random.pick([raydium, jupiter, "aggregatorX", "aggregatorY"]) };
}

/** Buys or sells. Sometimes the aggregator splits the order over pools or into pieces. */
export function* trader(world: World): Script {
  const { random } = world;
  const pool = random.pick(world.pools);
  const buy = random.chance(0.5);
  const amountIn = share(pool, buy, size(random));
  const pieces: Order[] = [];
  if (random.chance(0.15)) {
    const others = world.pools.filter(({ token }) => token === pool.token);
    for (const other of random.chance(0.5) ? others : [pool, pool]) {
      pieces.push({ pool: other, buy, amountIn: amountIn / 2n + 1n });
    }
  } else pieces.push({ pool, buy, amountIn });
  world.run(customer(world), ...pieces);
  yield;
}

/** Buys and soon sells everything again, or the reverse, without regard to others. */
export function* flipper(world: World): Script {
  const { random } = world;
  const pool = random.pick(world.pools);
  const who = customer(world);
  const buy = random.chance(0.7);
  const [bought] = world.run(who, { pool, buy, amountIn: share(pool, buy, size(random)) });
  for (let wait = random.int(1, 12); wait > 0; wait--) yield;
  if (bought !== undefined) world.run(who, { pool, buy: !buy, amountIn: bought.amountOut });
  yield;
}

/** Trades in both directions all the time, in sizes of its own. */
export function* marketMaker(world: World): Script {
  const { random } = world;
  const pool = random.pick(world.pools);
  const who = { signer: world.newName("maker"), program: world.newName("makerProgram") };
  const clip = random.chance(0.5) ? 0.002 : undefined;
  for (let trades = random.int(4, 16); trades > 0; trades--) {
    const buy = random.chance(0.5);
    world.run(who, { pool, buy, amountIn: share(pool, buy, clip ?? size(random)) });
    for (let wait = random.int(1, 5); wait > 0; wait--) yield;
  }
}

/** Fake volume: many wallets that each buy and then sell slightly more than they bought. */
export function* volumeBot(world: World): Script {
  const { random } = world;
  const pool = random.pick(world.pools);
  const wallets = Array.from({ length: random.int(3, 8) }, () => world.newName("bot"));
  const bought: bigint[] = [];
  for (const signer of wallets) {
    const [swap] = world.run(
      { signer, program: raydium },
      { pool, buy: true, amountIn: share(pool, true, 0.0005) },
    );
    bought.push(swap?.amountOut ?? 0n);
    yield;
  }
  for (const [index, signer] of wallets.entries()) {
    const amountIn = ((bought[index] ?? 0n) * 1008n) / 1000n;
    world.run({ signer, program: raydium }, { pool, buy: false, amountIn });
    yield;
  }
}

/** Closes price gaps between two pools of a token in one transaction, again and again. */
export function* arbitrageur(world: World): Script {
  const { random } = world;
  const who = { signer: world.newName("arb"), program: world.newName("arbProgram") };
  for (let rounds = random.int(3, 10); rounds > 0; rounds--) {
    const pool = random.pick(world.pools);
    const other = world.pools.find(({ token, name }) => token === pool.token && name !== pool.name);
    if (other !== undefined) closeGap(world, who, pool, other);
    for (let wait = random.int(1, 4); wait > 0; wait--) yield;
  }
}

function closeGap(world: World, who: Sender, one: TestPool, other: TestPool): void {
  const [cheap, dear] = priceOf(one) < priceOf(other) ? [one, other] : [other, one];
  const gap = priceOf(dear) / priceOf(cheap) - 1;
  if (gap < (one.fee + other.fee) / 10_000 + 0.002) return;
  const amountIn = share(cheap, true, Math.min(0.1, gap / 20));
  const [bought] = world.run(who, { pool: cheap, buy: true, amountIn });
  // Both legs belong to one transaction, so the second is moved into the first one's.
  const leg = world.swaps.pop();
  if (bought === undefined || leg === undefined) return;
  const [sold] = world.run(who, { pool: dear, buy: false, amountIn: bought.amountOut });
  const second = world.swaps.pop();
  if (sold === undefined || second === undefined) return;
  world.swaps.push(leg, { ...second, signature: leg.signature, txIndex: leg.txIndex, eventIndex: 1 });
}

/** Trades one pool back to an external price. The other leg is not on any chain. */
export function* outsideArbitrageur(world: World): Script {
  const { random } = world;
  const pool = random.pick(world.pools);
  const who = { signer: world.newName("cex"), program: world.newName("cexProgram") };
  const fair = priceOf(pool);
  for (let rounds = random.int(5, 15); rounds > 0; rounds--) {
    const off = priceOf(pool) / fair - 1;
    if (Math.abs(off) > 0.004) {
      world.run(who, { pool, buy: off < 0, amountIn: share(pool, off < 0, Math.abs(off) / 2.2) });
    }
    for (let wait = random.int(1, 3); wait > 0; wait--) yield;
  }
}

export function priceOf(pool: TestPool): number {
  return Number(pool.money) / Number(pool.held);
}
