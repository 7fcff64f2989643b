import type { AttackOdds } from "../attackers/odds.ts";
import type { OpenAttack } from "../attackers/open-attack.ts";
import { forms, plainRates } from "../chain/form.ts";
import { Ledger } from "../chain/ledger.ts";
import { swapEvents } from "../chain/swap-events.ts";
import type { TransactionDraft, WorldTransaction } from "../chain/transaction.ts";
import type { WatchedTrade } from "../desk/watched-trade.ts";
import type { Crowd } from "../noise/crowd.ts";
import { copyTrader } from "../noise/people.ts";
import { traffic } from "../noise/traffic.ts";
import type { WorldPool } from "../pools/pool.ts";
import { attackTruth } from "../truth/attack.ts";
import { type Lookalike, Traces } from "../truth/lookalikes.ts";
import type { AttackTruth } from "../truth/model.ts";
import { Agenda } from "./agenda.ts";
import { Hunt } from "./hunt.ts";
import { RecentAttacks } from "./recent-attacks.ts";
import type { SceneSetting } from "./setting.ts";
import type { Stage } from "./stage.ts";

/** Number of slots after which nothing can happen near a trade any more. */
export const JUDGED_AFTER = 8;
/** Swaps of at least this share of a pool are copied with this probability. */
const COPIED = { share: 0.002, chance: 0.06 } as const;

/** Builds one block after the other from what everybody does, and watches the desk's trades in them. */
export class Scene<Trade extends WatchedTrade> implements Stage {
  readonly crowd: Crowd;
  readonly hunt: Hunt;
  readonly #setting: SceneSetting;
  readonly #agenda = new Agenda();
  readonly #ledger: Ledger;
  readonly #traces = new Traces();
  readonly #recent = new RecentAttacks();
  readonly #running = new Map<string, OpenAttack>();
  readonly #watched = new Map<string, Trade>();
  #slot = 0;
  #attacks: AttackTruth[] = [];

  constructor(setting: SceneSetting, odds: AttackOdds) {
    this.#setting = setting;
    const { random, names } = setting;
    const gaps = random.fork("gaps");
    const formOf = forms({ ...plainRates, ...setting.settings }, random.fork("forms"));
    this.#ledger = new Ledger(names, () => Math.floor(gaps.exponential(0.9)), formOf);
    this.hunt = new Hunt(setting, this, odds);
    this.crowd = {
      stage: this,
      random: random.fork("crowd"),
      pools: setting.pools,
      people: setting.people,
      movers: {
        share: setting.settings.transferShare ?? 0,
        random: random.fork("movers"),
        exchanges: setting.exchanges,
      },
      seen: (target) => this.hunt.considerStranger(target),
    };
  }

  get schedule(): SceneSetting["schedule"] {
    return this.#setting.schedule;
  }

  get names(): SceneSetting["names"] {
    return this.#setting.names;
  }

  get practised(): number | undefined {
    return this.#setting.settings.practised;
  }

  get slot(): number {
    return this.#slot;
  }

  /** Whether nothing is planned. */
  get isEmpty(): boolean {
    return this.#agenda.isEmpty;
  }

  /** The transactions of the slot, in order. */
  get transactions(): readonly WorldTransaction[] {
    return this.#ledger.transactions;
  }

  /** The attacks that ended in this slot. */
  get attacks(): readonly AttackTruth[] {
    return this.#attacks;
  }

  /** Starts a slot: everything from now on belongs to it. */
  begin(slot: number): void {
    this.#slot = slot;
    this.#ledger.begin(slot);
    this.#attacks = [];
  }

  /** Plans what others do in a pool in this slot. */
  traffic(pool: WorldPool): void {
    traffic(this.crowd, this.#setting.bots, pool, this.#setting.settings.noise);
  }

  /** Runs everything planned for this slot. */
  build(): void {
    this.#agenda.run(this.#slot);
  }

  /** Starts watching one of the desk's trades. */
  watch(trade: Trade): void {
    this.#watched.set(trade.id, trade);
  }

  /**
   * Stops watching a trade, `JUDGED_AFTER` slots after its end. @returns Round trips around it that were not
   * attacks.
   */
  release(trade: Trade): readonly Lookalike[] {
    this.#watched.delete(trade.id);
    trade.beside.push(...this.#recent.beside(trade));
    const { transaction, decision } = trade;
    if (transaction?.failed !== false) return [];
    return this.#traces.around(decision.pool.index, decision.buy, transaction);
  }

  at(slot: number, key: number, action: () => void): void {
    this.#agenda.add(slot, key, action);
  }

  run(draft: TransactionDraft, trade?: string, adjacent?: boolean): WorldTransaction {
    const own = trade === undefined ? undefined : this.#watched.get(trade);
    const pool = draft.orders[0]?.pool;
    const running = pool?.shadow && this.#running.get(pool.shadow.attack);
    const transaction = this.#ledger.run(draft, adjacent, trade !== undefined);
    if (draft.legOf !== undefined) return transaction;
    this.#addVictims(transaction, own);
    if (own !== undefined && transaction.failed && running !== undefined) {
      own.amid.push({ attack: running, victim: undefined });
    }
    if (draft.role !== undefined) this.#traces.add(transaction, draft.role);
    this.#copy(transaction);
    return transaction;
  }

  opened(attack: OpenAttack): void {
    this.#running.set(attack.id, attack);
  }

  closed(attack: OpenAttack): void {
    this.#running.delete(attack.id);
    if (attack.outcome() === "completed") attack.attacker.completed++;
    if (attack.target !== undefined) {
      const target = this.#watched.get(attack.target);
      if (target !== undefined) target.hunted = attack;
    }
    this.#recent.add(attack);
    this.#attacks.push(attackTruth(attack, this.schedule));
  }

  #addVictims(transaction: WorldTransaction, own: Trade | undefined): void {
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

  /** Large trades are copied. */
  #copy({ draft, swaps }: WorldTransaction): void {
    if (draft.role === "copy" || this.#setting.settings.noise === 0) return;
    const [swap] = swaps;
    if (swap === undefined) return;
    const { pool, buy } = swap;
    if (Number(swap.amountIn) < COPIED.share * depthOf(pool, buy)) return;
    if (this.crowd.random.chance(COPIED.chance)) copyTrader(this.crowd, pool, buy, swap.amountIn);
  }
}

function depthOf({ curve }: WorldPool, buy: boolean): number {
  return buy ? curve.depth.quote : curve.depth.base;
}
