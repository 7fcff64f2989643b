import type { Swap } from "../../swaps/swap.ts";
import { customer, type Script } from "./noise.ts";
import { type Sender, share, type TestPool, type World } from "./world.ts";

export const attackKinds = [
  "classic",
  "several victims",
  "split front",
  "split back",
  "split both",
  "program",
  "holder",
  "bundle",
  "across slots",
  "keeps some",
  "inventory",
  "split victim",
  "other direction",
  "rivals",
  "in a row",
] as const;

export type AttackKind = (typeof attackKinds)[number];

/** What was planted: the truth to be found. */
export interface Planted {
  readonly kind: AttackKind;
  readonly pool: string;
  readonly fronts: readonly Swap[];
  readonly backs: readonly Swap[];
  /** The intended victims. Others who traded in between are victims too. */
  readonly meantFor: readonly Swap[];
}

interface Plan {
  readonly kind: AttackKind;
  readonly pool: TestPool;
  readonly buy: boolean;
  /** Shares of the pool. */
  readonly front: number;
  readonly victims: readonly number[];
}

/**
 * Attacks a victim that it creates itself. Others' transactions may come in between if the kind of attack
 * allows it.
 */
export function* attacker(world: World, kind: AttackKind, planted: Planted[]): Script {
  const { random } = world;
  const wallets = walletsFor(world, kind);
  for (let rounds = kind === "in a row" ? 3 : 1; rounds > 0; rounds--) {
    const pool = random.pick(world.pools);
    const feeShare = pool.fee / 10_000;
    const count = kind === "several victims" ? random.int(2, 4) : 1;
    const plan: Plan = {
      kind,
      pool,
      buy: kind !== "other direction",
      front: random.between(2, 5) * feeShare + random.between(0.002, 0.03),
      // Large enough relative to the pool's fees for the attack to pay off.
      victims: Array.from({ length: count }, () => random.between(2.5, 6) * feeShare),
    };
    yield* kind === "rivals" ? rivals(world, plan, planted) : attack(world, plan, wallets, planted);
  }
}

interface Wallets {
  readonly front: readonly Sender[];
  readonly back: readonly Sender[];
}

function walletsFor(world: World, kind: AttackKind): Wallets {
  const name = (): string => world.newName("attacker");
  const own: Sender = { signer: name(), program: world.newName("private") };
  const two = { front: [{ ...own }], back: [{ ...own, signer: name() }] };
  if (kind === "program") return two;
  if (kind === "holder" || kind === "inventory") {
    const payer = world.newName("holder");
    const held = (): Sender => ({ signer: name(), payer, recipient: payer });
    return { front: [held()], back: [held()] };
  }
  if (kind === "bundle") {
    const bundleId = world.newName("bundle");
    return {
      front: [{ signer: name(), bundleId }],
      back: [{ signer: name(), bundleId, tipLamports: 10_000n }],
    };
  }
  return { front: [own], back: [own] };
}

function* attack(world: World, plan: Plan, wallets: Wallets, planted: Planted[]): Script {
  const { random } = world;
  const { kind, pool, buy } = plan;
  const fronts: Swap[] = [];
  for (const part of parts(kind === "split front" || kind === "split both", random.between(0.3, 0.7))) {
    const amountIn = share(pool, buy, plan.front * part);
    fronts.push(...world.run(random.pick(wallets.front), { pool, buy, amountIn }));
    yield* pause(world, kind);
  }
  const meantFor: Swap[] = [];
  const bundleId = wallets.front[0]?.bundleId;
  for (const size of plan.victims) {
    const victim = { ...customer(world), ...(bundleId === undefined ? {} : { bundleId }) };
    const amountIn = share(pool, buy, size);
    const orders = kind === "split victim" ? [amountIn / 3n, amountIn - amountIn / 3n] : [amountIn];
    meantFor.push(...world.run(victim, ...orders.map((part) => ({ pool, buy, amountIn: part }))));
    yield* pause(world, kind);
  }
  const bought = fronts.reduce((sum, { amountOut }) => sum + amountOut, 0n);
  const backs: Swap[] = [];
  let left = sold(kind, bought);
  const pieces = parts(kind === "split back" || kind === "split both", random.between(0.3, 0.7));
  for (const [index, part] of pieces.entries()) {
    const amountIn =
      index === pieces.length - 1 ? left : (left * BigInt(Math.round(part * 1e6))) / 1_000_000n;
    left -= amountIn;
    backs.push(...world.run(random.pick(wallets.back), { pool, buy: !buy, amountIn }));
    if (index < pieces.length - 1) yield* pause(world, kind);
  }
  planted.push({ kind, pool: pool.name, fronts, backs, meantFor });
  yield;
}

/** Two nested attackers around one victim. */
function* rivals(world: World, { pool, buy, front, victims }: Plan, planted: Planted[]): Script {
  const [outer, inner] = [world.newName("attacker"), world.newName("attacker")];
  const outerFronts = world.run({ signer: outer }, { pool, buy, amountIn: share(pool, buy, front / 2) });
  const innerFronts = world.run({ signer: inner }, { pool, buy, amountIn: share(pool, buy, front / 2) });
  const amountIn = share(pool, buy, (victims[0] ?? 0.01) * 2);
  const meantFor = world.run(customer(world), { pool, buy, amountIn });
  const back = (signer: string, fronts: readonly Swap[]): Swap[] =>
    world.run({ signer }, { pool, buy: !buy, amountIn: fronts[0]?.amountOut ?? 1n });
  const innerBacks = back(inner, innerFronts);
  const outerBacks = back(outer, outerFronts);
  planted.push(
    { kind: "rivals", pool: pool.name, fronts: outerFronts, backs: outerBacks, meantFor },
    { kind: "rivals", pool: pool.name, fronts: innerFronts, backs: innerBacks, meantFor },
  );
  yield;
}

function parts(split: boolean, first: number): number[] {
  return split ? [first, 1 - first] : [1];
}

function sold(kind: AttackKind, bought: bigint): bigint {
  if (kind === "keeps some") return (bought * 96n) / 100n;
  if (kind === "inventory") return bought * 2n;
  return bought;
}

/** Others come in between only if the attack is not made as a unit. */
function* pause(world: World, kind: AttackKind): Script {
  if (kind === "across slots") for (let wait = world.random.int(1, 4); wait > 0; wait--) yield;
  else if (kind !== "bundle" && world.random.chance(0.2)) yield;
}

/** Whether a planted attack paid off. Noise between its legs may have prevented that. */
export function paid({ fronts, backs }: Planted): boolean {
  const sum = (swaps: readonly Swap[], key: "amountIn" | "amountOut"): bigint =>
    swaps.reduce((total, swap) => total + swap[key], 0n);
  const [moneyIn, moneyOut] = [sum(fronts, "amountIn"), sum(backs, "amountOut")];
  return moneyOut * sum(fronts, "amountOut") > moneyIn * sum(backs, "amountIn");
}
