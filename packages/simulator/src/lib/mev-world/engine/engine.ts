import type { AttemptedSwap, OwnerTransfer, Swap } from "@slipstream/mev";
import type { AttackOdds } from "../attackers/odds.ts";
import { attemptedSwap, isReadable, passedOn, swapEvents } from "../chain/swap-events.ts";
import type { WorldTransaction } from "../chain/transaction.ts";
import type { Decision } from "../desk/decision.ts";
import { decisions } from "../desk/decisions.ts";
import { type TradeSpan, tradeSpan } from "../desk/span.ts";
import type { OwnTrade } from "../desk/trade.ts";
import { collectFees, realign } from "../noise/arbitrage.ts";
import type { WorldPool } from "../pools/pool.ts";
import type { MevTradeTruth } from "../truth/model.ts";
import { tradeTruth } from "../truth/trade.ts";
import { WorldDesk } from "./desk.ts";
import { JUDGED_AFTER, Scene } from "./scene.ts";
import type { Setting } from "./setting.ts";
import type { SlotRecord, UnreadTruth } from "./slot-record.ts";

/** People trade in a pool from this many slots before the desk's decision until this many after its end. */
const BEFORE = 4;
const AFTER = 4;

/** Runs a world slot by slot. Skips periods in which the desk does nothing. */
export class Engine {
  readonly #setting: Setting;
  readonly #scene: Scene<OwnTrade>;
  readonly #desk: WorldDesk;
  readonly #hot = new Set<WorldPool>();
  readonly #decided = new Map<number, Decision[]>();
  readonly #ending = new Map<number, OwnTrade[]>();
  readonly #judged = new Map<number, OwnTrade[]>();
  #slot = 0;

  constructor(setting: Setting, odds: AttackOdds) {
    this.#setting = setting;
    this.#scene = new Scene(setting, odds);
    this.#desk = new WorldDesk(setting, odds);
  }

  *slots(): Generator<SlotRecord> {
    const coming = decisions(this.#setting, this.#setting.random.fork("decisions"));
    let next = coming.next();
    this.#slot = this.#setting.schedule.firstSlot;
    while (true) {
      while (!next.done && next.value.slot - BEFORE <= this.#slot) {
        this.#announce(next.value);
        next = coming.next();
      }
      if (this.#isIdle()) {
        if (next.done) return;
        this.#slot = next.value.slot - BEFORE;
        continue;
      }
      const record = this.#step();
      if (record !== undefined) yield record;
      this.#slot++;
    }
  }

  #isIdle(): boolean {
    return this.#scene.isEmpty && this.#hot.size === 0 && this.#decided.size === 0 && this.#judged.size === 0;
  }

  /** Somebody is about to trade, so the pool becomes active. */
  #announce(decision: Decision): void {
    const { pool } = decision;
    pool.outside.advance(this.#slot);
    collectFees(this.#scene.crowd, pool);
    if (pool.busyThrough < this.#slot && pool.shadow === undefined) realign(pool);
    pool.busyThrough = Math.max(pool.busyThrough, decision.endSlot + AFTER);
    this.#hot.add(pool);
    push(this.#decided, decision.slot, decision);
  }

  #step(): SlotRecord | undefined {
    const slot = this.#slot;
    this.#scene.begin(slot);
    for (const decision of take(this.#decided, slot)) {
      const trade = this.#desk.open(decision);
      this.#scene.watch(trade);
      push(this.#ending, decision.endSlot, trade);
      push(this.#judged, decision.endSlot + JUDGED_AFTER, trade);
      if (decision.tries !== null) this.#desk.send(trade, this.#scene, this.#scene.hunt);
    }
    const hasBlock = !this.#setting.schedule.isSkipped(slot);
    if (hasBlock) this.#build();
    const trades = take(this.#ending, slot).map((trade) => tradeSpan(trade, this.#desk.measure(trade, slot)));
    return this.#record(
      hasBlock,
      trades,
      take(this.#judged, slot).map((trade) => this.#judge(trade)),
    );
  }

  #build(): void {
    for (const pool of this.#hot) {
      pool.outside.advance(this.#slot);
      this.#scene.traffic(pool);
    }
    this.#scene.build();
    for (const pool of this.#hot) if (pool.busyThrough <= this.#slot) this.#hot.delete(pool);
  }

  #judge(trade: OwnTrade): MevTradeTruth {
    trade.lookalikes = this.#scene.release(trade);
    return tradeTruth(trade, this.#setting.schedule);
  }

  #record(hasBlock: boolean, trades: TradeSpan[], truths: MevTradeTruth[]): SlotRecord | undefined {
    const { schedule } = this.#setting;
    const { transactions, attacks } = this.#scene;
    if (transactions.length + trades.length + truths.length === 0) return undefined;
    const swaps: Swap[] = [];
    const failed: AttemptedSwap[] = [];
    const unread: UnreadTruth[] = [];
    const transfers: OwnerTransfer[] = [];
    for (const transaction of transactions) {
      if (isReadable(transaction)) for (const event of swapEvents(transaction, schedule)) swaps.push(event);
      const hidden = unreadIn(transaction);
      if (hidden !== undefined) unread.push(hidden);
      const passed = passedOn(transaction);
      if (passed !== undefined) transfers.push(passed);
      const attempt = attemptedSwap(transaction, schedule);
      if (attempt !== undefined) failed.push(attempt);
    }
    return {
      slot: this.#slot,
      timeMs: schedule.timeMs(this.#slot),
      leader: schedule.leaderOf(this.#slot).identity,
      hasBlock,
      transactions,
      swaps,
      unread,
      transfers,
      failed,
      trades,
      truths,
      attacks,
    };
  }
}

function unreadIn({ form, failed, signature, swaps }: WorldTransaction): UnreadTruth | undefined {
  if (form.unread === undefined || failed || swaps.length === 0) return undefined;
  return { signature, pools: [...new Set(swaps.map(({ pool }) => pool.address))], kind: form.unread };
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function take<T>(map: Map<number, T[]>, key: number): readonly T[] {
  const values = map.get(key) ?? [];
  map.delete(key);
  return values;
}
