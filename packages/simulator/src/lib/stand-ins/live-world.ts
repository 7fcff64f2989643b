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
  /** Unix time of the first slot, in ms. */
  readonly startMs: number;
  /** Start of a slot in the market's time, in ms. */
  readonly timeOf: (slot: number) => number;
  /** Share of the unprotected trades that attackers go after. */
  readonly attackRate: number;
  /** Called for each of the desk's landed transactions, once its surroundings are complete. */
  readonly onVerdict: (verdict: ChainVerdict) => void;
}

/** A pending transaction of the desk. */
export interface Sent {
  readonly signature: string;
  readonly swap: SwapRequest;
  readonly pair: Pair;
  readonly side: Side;
  readonly protection: Protection;
  /** The slot in which others first see it, and the slot in which it lands. */
  readonly from: number;
  readonly slot: number;
}

/**
 * How much others trade, relative to the usual mev-world. Low enough for a quote to be still useful after
 * half a second.
 */
const NOISE = 0.4;
/** A handful of attackers who come back, so that they become known within a demo of some minutes. */
const ATTACKERS_PER_KIND = 1;
/** A failed attack looks like an accident unless the attacker is known. */
const PRACTISED = 1;

/**
 * Traders other than the desk on the stand-in's chain, and the pools in which all of them trade: the parts of
 * a mev-world, live.
 */
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
    if (pool === undefined) throw new RangeError(`there is no pool for ${pair.name}`);
    return pool;
  }

  /**
   * Schedules a transaction where it lands, and shows it to attackers. @param landed Called when it lands,
   * unless it is a bundle that was not included.
   */
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
      // A bundle that would revert is not included. It costs nothing, and nobody ever sees it.
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

  /**
   * Builds a slot's block. @param quiet Nobody except those expected trades in it. @returns The transactions
   * that swap.
   */
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

  /** Whether trades are waiting for their surroundings to be complete. */
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
