import type { Target } from "../attackers/target.ts";
import type { WorldPool } from "../pools/pool.ts";
import { type Crowd, shareOf, usualOffer } from "./crowd.ts";
import { moveOn, withdraw } from "./movers.ts";
import { drawRouter } from "./routers.ts";

const tolerances = [50n, 100n, 100n, 300n, 500n] as const;

/** Somebody swaps once, through a router. Sometimes the output is fixed, and sometimes the swap fails. */
export function person(crowd: Crowd, pool: WorldPool): void {
  const { stage, random } = crowd;
  const signer = random.pick(crowd.people);
  const program = drawRouter(random);
  const buy = random.chance(0.5);
  const amount = shareOf(pool, buy, Math.min(0.04, random.lognormal(0.0009, 1.3)));
  const key = random.next();
  const offer = usualOffer(random);
  const quoted = pool.curve.quote(buy, amount);
  if (quoted <= 0n) return;
  if (random.chance(0.04)) {
    stage.at(stage.slot, key, () => {
      const fixed = quoted - quoted / 200n;
      stage.run({
        signer,
        program,
        orders: [{ pool, buy, amount: fixed, exactOut: true }],
        offer,
        role: "person",
      });
    });
    return;
  }
  const minOut = (quoted * (10_000n - random.pick(tolerances))) / 10_000n;
  const reverts = random.chance(0.03);
  const target: Target = {
    pool,
    buy,
    amountIn: amount,
    minOut,
    trade: undefined,
    slot: stage.slot,
    key,
    from: stage.slot,
    bundleId: undefined,
  };
  stage.at(stage.slot, key, () => {
    const { bundleId } = target;
    const draft = {
      signer,
      program,
      orders: [{ pool, buy, amount }],
      minOut,
      offer,
      bundleId,
      reverts,
      role: "person",
    } as const;
    if (bundleId === undefined) withdraw(crowd.movers, stage, signer, draft.orders[0]);
    moveOn(crowd.movers, stage, stage.run(draft, undefined, bundleId !== undefined));
  });
  if (!reverts) crowd.seen(target);
}

/** Buys and soon regrets it: sells everything some slots later, mostly at a loss. */
export function unlucky(crowd: Crowd, pool: WorldPool): void {
  const { stage, random } = crowd;
  const signer = stage.names.address();
  const program = drawRouter(random);
  const buy = random.chance(0.8);
  const amount = shareOf(pool, buy, Math.min(0.02, random.lognormal(0.0008, 1)));
  const wait = 1 + Math.floor(random.exponential(30));
  const offer = usualOffer(random);
  const later = random.next();
  stage.at(stage.slot, random.next(), () => {
    const [bought] = stage.run({
      signer,
      program,
      orders: [{ pool, buy, amount }],
      offer,
      role: "unlucky",
    }).swaps;
    if (bought === undefined || bought.amountOut <= 0n) return;
    stage.at(stage.schedule.withBlock(stage.slot + wait), later, () => {
      stage.run({
        signer,
        program,
        orders: [{ pool, buy: !buy, amount: bought.amountOut }],
        offer,
        role: "unlucky",
      });
    });
  });
}

/** Copies a large trade in the following slots, and sells again some time later. */
export function copyTrader(crowd: Crowd, pool: WorldPool, buy: boolean, amount: bigint): void {
  const { stage, random } = crowd;
  const signer = random.pick(crowd.people);
  const program = drawRouter(random);
  const copied = (amount * BigInt(Math.round(random.between(100, 500)))) / 1000n;
  const [key, later] = [random.next(), random.next()];
  const wait = 1 + Math.floor(random.exponential(25));
  if (copied <= 0n) return;
  stage.at(stage.schedule.withBlock(stage.slot + (random.chance(0.7) ? 1 : 2)), key, () => {
    const order = { pool, buy, amount: copied } as const;
    const [bought] = stage.run({
      signer,
      program,
      orders: [order],
      offer: usualOffer(random),
      role: "copy",
    }).swaps;
    if (bought === undefined || bought.amountOut <= 0n) return;
    stage.at(stage.schedule.withBlock(stage.slot + wait), later, () => {
      const back = { pool, buy: !buy, amount: bought.amountOut } as const;
      stage.run({ signer, program, orders: [back], offer: usualOffer(random), role: "copy" });
    });
  });
}
