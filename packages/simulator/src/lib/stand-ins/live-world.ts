import { programId } from "@slipstream/solana";
import type { Protection } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { minimumOut } from "../market/minimum-out.ts";
import type { Pair, Side } from "../market/tokens.ts";
import { defaultMix } from "../mev-world/attackers/kinds.ts";
import { type AttackOdds, attackChance } from "../mev-world/attackers/odds.ts";
import type { Target } from "../mev-world/attackers/target.ts";
import { makeLeaders } from "../mev-world/chain/leaders.ts";
import { Schedule } from "../mev-world/chain/slots.ts";
import type { WorldTransaction } from "../mev-world/chain/transaction.ts";
import { JUDGED_AFTER, Scene } from "../mev-world/engine/scene.ts";
import { makeCast } from "../mev-world/engine/setting.ts";
import { exposureOfTarget } from "../mev-world/engine/threats.ts";
import { Names } from "../mev-world/names.ts";
import { collectFees } from "../mev-world/noise/arbitrage.ts";
import type { WorldPool } from "../mev-world/pools/pool.ts";
import { mentionOf } from "../mev-world/truth/attack.ts";
import { lossOf } from "../mev-world/truth/loss.ts";
import { judgeTrade } from "../mev-world/truth/verdict.ts";
import type { Random } from "../random.ts";
import type { SwapRequest } from "../solana/swap-transaction.ts";
import type { ChainVerdict } from "./chain-verdict.ts";
import { liveOdds } from "./live-odds.ts";
import { livePools } from "./live-pools.ts";
import { LiveTrade } from "./live-trade.ts";

export interface LiveWorldOptions {
  readonly seed: number;
  readonly market: Market;
  readonly random: Random;
  readonly firstSlot: number;
  /** Unix time of the first slot, ms. */
  readonly startMs: number;
  /** When a slot began, in the market's time, ms. */
  readonly timeOf: (slot: number) => number;
  /** Share of the trades without protection that attackers go after. */
  readonly attackRate: number;
  /** Told of each of the desk's transactions that landed, once what happened around it is over. */
  readonly onVerdict: (verdict: ChainVerdict) => void;
}

/** A transaction of the desk's on its way. */
export interface Sent {
  readonly signature: string;
  readonly swap: SwapRequest;
  readonly pair: Pair;
  readonly side: Side;
  readonly protection: Protection;
  /** The slot in which others see it first, and the one that it lands in. */
  readonly from: number;
  readonly slot: number;
}

/** How much others trade, beside the mev-world's usual: a quote that is half a second old is still worth something. */
const NOISE = 0.4;
/** A handful who come back, so that a demo of some minutes knows them. */
const ATTACKERS_PER_KIND = 1;
/** Nobody can tell an attack that failed from an accident, unless its attacker is known. */
const PRACTISED = 1;

/** Who trades beside the desk on the stand-in's chain, and the pools in which all of them meet: the parts of a mev-world, live. */
export class LiveWorld {
  readonly schedule: Schedule;
  readonly names: Names;
  readonly #pools: ReadonlyMap<Pair, WorldPool>;
  readonly #scene: Scene<LiveTrade>;
  readonly #odds: AttackOdds;
  readonly #random: Random;
  readonly #onVerdict: LiveWorldOptions["onVerdict"];
  /** By the slot in which they can be judged. */
  readonly #judged = new Map<number, LiveTrade[]>();

  constructor({ seed, market, random, firstSlot, startMs, timeOf, attackRate, onVerdict }: LiveWorldOptions) {
    const draws = random.fork("names");
    this.names = new Names(seed, () => draws.next());
    const leaders = makeLeaders(random.fork("leaders"), this.names);
    const salt = Math.floor(random.fork("salt").next() * 2 ** 31);
    this.schedule = new Schedule(firstSlot, startMs, leaders, salt);
    this.#pools = livePools(market, timeOf, random.fork("pools"), this.names);
    this.#odds = liveOdds(seed, attackRate, this.#pools, this.schedule);
    this.#random = random.fork("places");
    this.#onVerdict = onVerdict;
    const setting = {
      settings: { attackers: defaultMix, noise: NOISE, practised: PRACTISED },
      random,
      names: this.names,
      schedule: this.schedule,
      pools: [...this.#pools.values()],
      ...makeCast(random, this.names, ATTACKERS_PER_KIND),
    };
    this.#scene = new Scene(setting, this.#odds);
  }

  pool(pair: Pair): WorldPool {
    const pool = this.#pools.get(pair);
    if (pool === undefined) throw new RangeError(`no pool of ${pair.name}`);
    return pool;
  }

  /** Puts a transaction where it lands, and lets attackers see it. @param landed Told of it, unless it is a bundle that nobody took. */
  send(sent: Sent, landed: (transaction: WorldTransaction) => void): void {
    const { signature, swap, pair, side, protection, from, slot } = sent;
    const pool = this.pool(pair);
    const buy = side === "buy";
    const bundleId = protection === "jito" ? `bundle-${signature}` : undefined;
    const { toleranceBps, amountIn } = swap;
    const minOut = minimumOut(swap.quotedOut, toleranceBps);
    const key = this.#random.between(0.1, 0.9);
    const target: Target = { pool, buy, amountIn, minOut, trade: signature, slot, key, from, bundleId };
    const trade = new LiveTrade(signature, { pool, buy, protection });
    collectFees(this.#scene.crowd, pool);
    this.#scene.watch(trade);
    this.#judgeLater(trade, slot + JUDGED_AFTER);
    this.#scene.at(slot, key, () => {
      // A bundle that would be reverted is not taken: it costs nothing and nobody ever sees it.
      if (protection === "jito" && pool.curve.quote(buy, amountIn) < minOut) return;
      const draft = {
        signer: swap.payer,
        signature,
        program: programId.jupiter,
        orders: [{ pool, buy, amount: amountIn }],
        minOut,
        offer: swap,
        bundleId: target.bundleId,
      } as const;
      trade.transaction = this.#scene.run(draft, signature, target.bundleId !== bundleId);
      landed(trade.transaction);
    });
    const exposure = exposureOfTarget(target, this.schedule, { toleranceBps, protection });
    this.#scene.hunt.consider(target, attackChance(this.#odds.perSlot(exposure), slot - from + 1));
  }

  /** Builds a slot's block. @param quiet Nobody but who is expected trades in it. @returns what swaps in it */
  build(slot: number, quiet: boolean): readonly WorldTransaction[] {
    this.#scene.begin(slot);
    if (!this.schedule.isSkipped(slot)) {
      for (const pool of this.#pools.values()) {
        pool.outside.advance(slot);
        if (!quiet) this.#scene.traffic(pool);
      }
      this.#scene.build();
    }
    this.#judge(slot);
    return this.#scene.transactions;
  }

  /** Whether trades wait for what may still happen around them. */
  get isJudging(): boolean {
    return this.#judged.size > 0;
  }

  #judgeLater(trade: LiveTrade, slot: number): void {
    const trades = this.#judged.get(slot);
    if (trades === undefined) this.#judged.set(slot, [trade]);
    else trades.push(trade);
  }

  #judge(slot: number): void {
    const trades = this.#judged.get(slot) ?? [];
    this.#judged.delete(slot);
    for (const trade of trades) {
      this.#scene.release(trade);
      const { verdict, disputed, reason, attack } = judgeTrade(trade);
      const { id, transaction } = trade;
      if (verdict === null || transaction === undefined) continue;
      const { lossAtoms, lossRatio } = lossOf(trade);
      this.#onVerdict({
        signature: id,
        slot: transaction.slot,
        verdict,
        disputed,
        reason,
        lossAtoms,
        lossRatio,
        attack: attack === undefined ? null : mentionOf(attack),
      });
    }
  }
}
