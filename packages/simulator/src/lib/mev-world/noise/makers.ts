import { programId } from "@slipstream/solana";
import type { SwapOrder } from "../chain/transaction.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { Bot } from "./arbitrage.ts";
import { type Crowd, shareOf, usualOffer } from "./crowd.ts";

/** Trades both sides in turn around an inventory, in about equal amounts. */
export function marketMaker(crowd: Crowd, bot: Bot, pool: WorldPool): void {
  const { stage, random } = crowd;
  let buy = random.chance(0.5);
  let slot = stage.slot;
  const share = random.lognormal(0.0012, 0.6);
  for (let rounds = 2 + Math.floor(random.between(0, 4)); rounds > 0; rounds--) {
    const [side, size] = [buy, share * random.between(0.8, 1.2)];
    stage.at(slot, random.next(), () => {
      const amount = shareOf(pool, side, Math.min(0.02, size));
      stage.run({ ...bot, orders: [{ pool, buy: side, amount }], offer: usualOffer(random), role: "maker" });
    });
    buy = random.chance(0.8) ? !buy : buy;
    slot = stage.schedule.withBlock(slot + Math.floor(random.between(0, 4)));
  }
}

/** A route that uses one pool twice: an order in two parts, or there and partly back. */
export function doubleRoute(crowd: Crowd, pool: WorldPool): void {
  const { stage, random } = crowd;
  const signer = random.pick(crowd.people);
  const buy = random.chance(0.5);
  const [one, other] = [random.lognormal(0.0008, 1), random.between(0.3, 0.9)];
  const splits = random.chance(0.6);
  const offer = usualOffer(random);
  stage.at(stage.slot, random.next(), () => {
    const amount = shareOf(pool, buy, Math.min(0.01, one));
    const part = BigInt(Math.round(other * 1000));
    const first: SwapOrder = { pool, buy, amount };
    const second: SwapOrder = splits
      ? { pool, buy, amount: (amount * part) / 1000n }
      : { pool, buy: !buy, amount: (pool.curve.quote(buy, amount) * part) / 1000n };
    if (second.amount <= 0n) return;
    stage.run({ signer, program: programId.jupiter, orders: [first, second], offer, role: "double_route" });
  });
}
