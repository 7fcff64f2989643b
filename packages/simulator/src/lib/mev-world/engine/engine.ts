import type { AttemptedSwap, Swap } from "@slipstream/mev";
import type { AttackOdds } from "../attackers/odds.ts";
import type { OpenAttack } from "../attackers/open-attack.ts";
import { Ledger } from "../chain/ledger.ts";
import { attemptedSwap, swapEvents } from "../chain/swap-events.ts";
import type { TransactionDraft, WorldTransaction } from "../chain/transaction.ts";
import type { Decision } from "../desk/decision.ts";
import { decisions } from "../desk/decisions.ts";
import { type TradeSpan, tradeSpan } from "../desk/span.ts";
import type { OwnTrade } from "../desk/trade.ts";
import { collectFees, realign } from "../noise/arbitrage.ts";
import type { Crowd } from "../noise/crowd.ts";
import { copyTrader } from "../noise/people.ts";
import { traffic } from "../noise/traffic.ts";
import type { WorldPool } from "../pools/pool.ts";
import { attackTruth } from "../truth/attack.ts";
import { Traces } from "../truth/lookalikes.ts";
import type { AttackTruth, MevTradeTruth } from "../truth/model.ts";
import { tradeTruth } from "../truth/trade.ts";
import { Agenda } from "./agenda.ts";
import { WorldDesk } from "./desk.ts";
import { Hunt } from "./hunt.ts";
import { RecentAttacks } from "./recent-attacks.ts";
import type { Setting } from "./setting.ts";
import type { SlotRecord } from "./slot-record.ts";
import type { Stage } from "./stage.ts";

/** People trade in a pool from so many slots before the desk's decision until so many after its end. */
const BEFORE = 4;
const AFTER = 4;
/** After so many slots nothing near a trade can come any more. */
const JUDGED_AFTER = 8;
/** A swap of so much of a pool is copied so often. */
const COPIED = { share: 0.002, chance: 0.06 } as const;

/** Runs a world slot by slot. Stretches in which the desk does nothing are jumped over. */
export class Engine implements Stage {
  readonly #setting: Setting;
  readonly #agenda = new Agenda();
  readonly #ledger: Ledger;
  readonly #desk: WorldDesk;
  readonly #hunt: Hunt;
  readonly #crowd: Crowd;
  readonly #traces = new Traces();
  readonly #recent = new RecentAttacks();
  readonly #hot = new Set<WorldPool>();
  readonly #running = new Map<string, OpenAttack>();
  readonly #open = new Map<string, OwnTrade>();
  readonly #decided = new Map<number, Decision[]>();
  readonly #ending = new Map<number, OwnTrade[]>();
  readonly #judged = new Map<number, OwnTrade[]>();
  #slot = 0;
  #attacks: AttackTruth[] = [];

  constructor(setting: Setting, odds: AttackOdds) {
    this.#setting = setting;
    const { random, names } = setting;
    const gaps = random.fork("gaps");
    this.#ledger = new Ledger(names, () => Math.floor(gaps.exponential(0.9)));
    this.#desk = new WorldDesk(setting, odds);
    this.#hunt = new Hunt(setting, this, odds);
    this.#crowd = {
      stage: this,
      random: random.fork("crowd"),
      pools: setting.pools,
      people: setting.people,
      seen: (target) => this.#hunt.considerStranger(target),
    };
  }

  get schedule(): Setting["schedule"] {
    return this.#setting.schedule;
  }

  get names(): Setting["names"] {
    return this.#setting.names;
  }

  get slot(): number {
    return this.#slot;
  }

  at(slot: number, key: number, action: () => void): void {
    this.#agenda.add(slot, key, action);
  }

  run(draft: TransactionDraft, trade?: string, adjacent?: boolean): WorldTransaction {
    const own = trade === undefined ? undefined : this.#open.get(trade);
    const [{ pool, buy }] = draft.orders;
    const running = pool.shadow && this.#running.get(pool.shadow.attack);
    const transaction = this.#ledger.run(draft, adjacent);
    if (draft.legOf !== undefined) return transaction;
    this.#addVictims(transaction, own);
    if (own !== undefined && transaction.failed && running !== undefined) {
      own.amid.push({ attack: running, victim: undefined });
    }
    if (draft.role !== undefined) this.#traces.add(transaction, draft.role);
    this.#copy(transaction, pool, buy);
    return transaction;
  }

  opened(attack: OpenAttack): void {
    this.#running.set(attack.id, attack);
  }

  closed(attack: OpenAttack): void {
    this.#running.delete(attack.id);
    if (attack.outcome() === "completed") attack.attacker.completed++;
    if (attack.target !== undefined) {
      const target = this.#open.get(attack.target);
      if (target !== undefined) target.hunted = attack;
    }
    this.#recent.add(attack);
    this.#attacks.push(attackTruth(attack, this.schedule));
  }

  #addVictims(transaction: WorldTransaction, own: OwnTrade | undefined): void {
    for (const [number, { amid, buy, amountOut }] of transaction.swaps.entries()) {
      const attack = amid && this.#running.get(amid.shadow.attack);
      if (amid === undefined || attack === undefined || buy !== attack.buy) continue;
      const { outWithout } = amid;
      const swap = swapEvents(transaction, this.schedule)[number]?.id ?? "";
      const victim = { swap, trade: own?.id, lossAtoms: outWithout - amountOut, outWithout };
      attack.victims.push(victim);
      own?.amid.push({ attack, victim });
    }
  }

  *slots(): Generator<SlotRecord> {
    const coming = decisions(this.#setting, this.#setting.random.fork("decisions"));
    let next = coming.next();
    this.#slot = this.schedule.firstSlot;
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
    return (
      this.#agenda.isEmpty && this.#hot.size === 0 && this.#decided.size === 0 && this.#judged.size === 0
    );
  }

  /** Somebody is about to trade: the pool comes to life. */
  #announce(decision: Decision): void {
    const { pool } = decision;
    pool.outside.advance(this.#slot);
    collectFees(this.#crowd, pool);
    if (pool.busyThrough < this.#slot && pool.shadow === undefined) realign(pool);
    pool.busyThrough = Math.max(pool.busyThrough, decision.endSlot + AFTER);
    this.#hot.add(pool);
    push(this.#decided, decision.slot, decision);
  }

  #step(): SlotRecord | undefined {
    const slot = this.#slot;
    this.#ledger.begin(slot);
    this.#attacks = [];
    for (const decision of take(this.#decided, slot)) {
      const trade = this.#desk.open(decision);
      this.#open.set(trade.id, trade);
      push(this.#ending, decision.endSlot, trade);
      push(this.#judged, decision.endSlot + JUDGED_AFTER, trade);
      if (decision.tries !== null) this.#desk.send(trade, this, this.#hunt);
    }
    const hasBlock = !this.schedule.isSkipped(slot);
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
      traffic(this.#crowd, this.#setting.bots, pool, this.#setting.settings.noise);
    }
    this.#agenda.run(this.#slot);
    for (const pool of this.#hot) if (pool.busyThrough <= this.#slot) this.#hot.delete(pool);
  }

  #judge(trade: OwnTrade): MevTradeTruth {
    this.#open.delete(trade.id);
    const { transaction, decision } = trade;
    trade.beside.push(...this.#recent.beside(trade));
    if (transaction?.failed === false) {
      trade.lookalikes = this.#traces.around(decision.pool.index, decision.buy, transaction);
    }
    return tradeTruth(trade, this.schedule);
  }

  #record(hasBlock: boolean, trades: TradeSpan[], truths: MevTradeTruth[]): SlotRecord | undefined {
    const { schedule } = this;
    const { transactions } = this.#ledger;
    if (transactions.length + trades.length + truths.length === 0) return undefined;
    const swaps: Swap[] = [];
    const failed: AttemptedSwap[] = [];
    for (const transaction of transactions) {
      for (const event of swapEvents(transaction, schedule)) swaps.push(event);
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
      failed,
      trades,
      truths,
      attacks: this.#attacks,
    };
  }

  /** Large trades are followed. */
  #copy({ draft, swaps }: WorldTransaction, pool: WorldPool, buy: boolean): void {
    if (draft.role === "copy" || this.#setting.settings.noise === 0) return;
    const [swap] = swaps;
    if (swap === undefined || Number(swap.amountIn) < COPIED.share * depthOf(pool, buy)) return;
    if (this.#crowd.random.chance(COPIED.chance)) copyTrader(this.#crowd, pool, buy, swap.amountIn);
  }
}

function depthOf({ curve }: WorldPool, buy: boolean): number {
  return buy ? curve.depth.quote : curve.depth.base;
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
