import { Activity } from "./activity.ts";
import { ActorBook } from "./actor-book.ts";
import { judgeSlot } from "./judge.ts";
import { missingSlots } from "./missing-slots.ts";
import type { OwnTrade, Verdict } from "./model.ts";
import { ownSwaps, poolsOf } from "./own-swaps.ts";
import { SlotStore, signedIn } from "./slot-store.ts";
import type { SlotSwaps } from "./slot-swaps.ts";
import { defaultTrackerOptions, type TrackerOptions } from "./tracker-options.ts";
import { type TrackerState, trackerStateVersion, type WaitingTrade } from "./tracker-state.ts";
import { VerdictMaker } from "./verdict-maker.ts";
import { verdictPrint } from "./verdict-print.ts";
import { WaitingTrades } from "./waiting-trades.ts";

/**
 * Verdicts on the desk's trades, from trades and swaps that arrive slot by slot in any order, possibly late.
 * Repeated data change nothing. A verdict becomes final when its slot and those around it are finalized and
 * known; it never changes afterwards. Bounded: see `TrackerOptions`. What is given up becomes `unknown`, with
 * the reason.
 */
export class VerdictTracker {
  readonly #options: TrackerOptions;
  readonly #trades = new WaitingTrades();
  readonly #slots = new SlotStore();
  readonly #final = new Set<string>();
  readonly #own: Set<string>;
  /** Slots whose trades have to be judged again. */
  readonly #dirty = new Set<number>();
  /** Trades without a slot that have not been reported yet. */
  readonly #unplaced = new Set<string>();
  #book: ActorBook;
  #activity: Activity;
  #newest = 0;
  #finalized = 0;
  /** The finalized slot when verdicts were last taken. */
  #taken = 0;
  #gaveUp = 0;

  constructor(options: Partial<TrackerOptions> = {}) {
    this.#options = { ...defaultTrackerOptions, ...options };
    this.#book = new ActorBook(this.#options.maxActors);
    this.#activity = new Activity(this.#options.maxActors);
    this.#own = new Set(this.#options.wallets);
  }

  /** Trades without a final verdict, and what is kept for them. */
  get counts(): { waiting: number; slots: number; swaps: number; actors: number; gaveUp: number } {
    const { size: slots, swaps } = this.#slots;
    return { waiting: this.#trades.size, slots, swaps, actors: this.#book.size, gaveUp: this.#gaveUp };
  }

  addTrade(trade: OwnTrade): void {
    if (this.#final.has(trade.id)) return;
    const known = this.#trades.get(trade.id);
    const slot = this.#slots.slotOf(trade.signature)?.slot ?? trade.slot;
    const waiting = { trade, slot, since: known?.since ?? this.#newest, taken: known?.taken ?? "" };
    this.#trades.set(waiting);
    if (slot === null) this.#unplaced.add(trade.id);
    else this.#place(waiting, slot);
  }

  addSlot(told: SlotSwaps): void {
    this.#newest = Math.max(this.#newest, told.slot);
    for (const slot of told.skipped) this.addSkipped(slot);
    if (!this.#slots.add(told)) return;
    this.#markDirty(told.slot);
    for (const { signature } of signedIn(told)) {
      for (const waiting of this.#trades.withSignature(signature)) this.#place(waiting, told.slot);
    }
  }

  /** The chain has no block in this slot. */
  addSkipped(slot: number): void {
    if (this.#slots.skip(slot)) this.#markDirty(slot);
  }

  /** The slot's block cannot be read. It may still arrive until missing data are given up. */
  addFailure(slot: number, reason: string): void {
    if (this.#slots.fail(slot, reason)) this.#markDirty(slot);
  }

  /** @param slot The newest finalized slot. */
  finalize(slot: number): void {
    this.#finalized = Math.max(this.#finalized, slot);
    this.#newest = Math.max(this.#newest, slot);
  }

  /**
   * Slots that trades wait for, in ascending order, up to the limit. Includes slots that could not be read.
   */
  wanted(limit: number): number[] {
    const wanted = new Set<number>();
    for (const slot of this.#trades.slots()) {
      if (this.#isUnsearched(slot)) wanted.add(slot);
      const pools = this.#poolsIn(slot);
      for (const { slot: missing } of missingSlots(this.#slots, slot, pools, this.#options.maxSlotDistance)) {
        wanted.add(missing);
      }
      if (wanted.size >= limit) break;
    }
    return [...wanted].sort((a, b) => a - b).slice(0, limit);
  }

  /** Pools of the trades around a slot: the part of the slot that is needed. */
  poolsAround(slot: number): ReadonlySet<string> {
    const { maxSlotDistance } = this.#options;
    const pools = new Set<string>();
    for (let near = slot - maxSlotDistance; near <= slot + maxSlotDistance; near++) {
      for (const pool of this.#poolsIn(near)) pools.add(pool);
    }
    return pools;
  }

  /** Signatures of the trades around a slot, for which the slot has to be searched. */
  signaturesAround(slot: number): ReadonlySet<string> {
    const { maxSlotDistance } = this.#options;
    const signatures = new Set<string>();
    for (let near = slot - maxSlotDistance; near <= slot + maxSlotDistance; near++) {
      for (const { trade } of this.#trades.inSlot(near)) signatures.add(trade.signature);
    }
    return signatures;
  }

  /**
   * The verdicts that are new or changed since the last call, by slot; those of trades without a slot come
   * last.
   */
  take(): Verdict[] {
    const verdicts: Verdict[] = [];
    for (const slot of this.#trades.slots()) {
      const end = slot + this.#options.maxSlotDistance;
      const isFinalized = this.#finalized >= end;
      const isExpired = this.#isExpired(slot);
      const isDue = this.#dirty.has(slot) || (isFinalized && this.#taken < end) || isExpired;
      if (isDue) verdicts.push(...this.#judge(slot, isFinalized, isExpired));
    }
    this.#dirty.clear();
    this.#taken = this.#finalized;
    verdicts.push(...this.#takeUnplaced());
    verdicts.push(...this.#bound());
    this.#forgetSlots();
    return verdicts;
  }

  save(): TrackerState {
    return {
      version: trackerStateVersion,
      newest: this.#newest,
      finalized: this.#finalized,
      taken: this.#taken,
      trades: [...this.#trades.values()],
      final: [...this.#final],
      slots: this.#slots.save(),
      actors: this.#book.entries(),
      activity: this.#activity.entries(),
      own: [...this.#own],
      dirty: [...this.#dirty],
      unplaced: [...this.#unplaced],
      gaveUp: this.#gaveUp,
    };
  }

  /** @throws RangeError if the state has a different version. */
  static restore(state: TrackerState, options: Partial<TrackerOptions> = {}): VerdictTracker {
    if (state.version !== trackerStateVersion) {
      throw new RangeError(`the verdict state has version ${state.version}, expected ${trackerStateVersion}`);
    }
    const tracker = new VerdictTracker(options);
    tracker.#newest = state.newest;
    tracker.#finalized = state.finalized;
    tracker.#taken = state.taken;
    tracker.#gaveUp = state.gaveUp;
    for (const waiting of state.trades) tracker.#trades.set(waiting);
    for (const id of state.final) tracker.#final.add(id);
    for (const signer of state.own) tracker.#own.add(signer);
    for (const slot of state.dirty) tracker.#dirty.add(slot);
    for (const id of state.unplaced) tracker.#unplaced.add(id);
    tracker.#slots.restore(state.slots);
    tracker.#book = new ActorBook(tracker.#options.maxActors, state.actors);
    tracker.#activity = new Activity(tracker.#options.maxActors, state.activity);
    return tracker;
  }

  #judge(slot: number, isFinalized: boolean, isExpired: boolean): Verdict[] {
    const waiting = this.#trades.inSlot(slot);
    const { maxSlotDistance } = this.#options;
    const window = [];
    for (let near = slot - maxSlotDistance; near <= slot + maxSlotDistance; near++) {
      const known = this.#slots.get(near);
      if (known !== undefined) window.push(known);
    }
    const { verdicts, view, active } = judgeSlot({
      slot,
      known: this.#slots.get(slot),
      window,
      missing: (pools) =>
        missingSlots(this.#slots, slot, pools, maxSlotDistance).map(
          ({ slot, reason }) => `slot ${slot} ${reason}`,
        ),
      trades: waiting.map(({ trade }) => trade),
      own: this.#own,
      book: this.#book,
      activity: this.#activity,
      isFinalized,
      isExpired,
      maxSlotDistance,
    });
    if (verdicts.some(({ state }) => state === "final")) {
      this.#book.commit(view);
      this.#activity.commit(active);
    }
    return verdicts.filter((verdict) => this.#isNews(verdict));
  }

  /** Whether the verdict is new or changed. Remembers it as taken. */
  #isNews(verdict: Verdict): boolean {
    const waiting = this.#trades.get(verdict.tradeId);
    if (waiting === undefined) return false;
    const taken = verdictPrint(verdict);
    if (verdict.state === "final") this.#settle(waiting);
    else if (waiting.taken !== taken) this.#trades.set({ ...waiting, taken });
    return waiting.taken !== taken;
  }

  #settle({ trade }: WaitingTrade): void {
    this.#trades.delete(trade);
    this.#unplaced.delete(trade.id);
    this.#final.add(trade.id);
    for (const id of this.#final) {
      if (this.#final.size <= this.#options.maxFinal) break;
      this.#final.delete(id);
    }
  }

  #isExpired(slot: number): boolean {
    return this.#finalized >= slot + this.#options.giveUpSlots;
  }

  /**
   * Trades whose transaction is in no known slot. They are reported when they arrive and when they are given
   * up.
   */
  #takeUnplaced(): Verdict[] {
    const verdicts: Verdict[] = [];
    for (const waiting of [...this.#trades.values()]) {
      if (waiting.slot !== null) continue;
      // The trade arrived before anything was known about the chain, so it ages from the first known slot.
      const since = waiting.since === 0 ? this.#newest : waiting.since;
      if (since !== waiting.since) this.#trades.set({ ...waiting, since });
      const isExpired = this.#isExpired(since);
      if (!isExpired && !this.#unplaced.has(waiting.trade.id)) continue;
      verdicts.push(this.#notFound(waiting, isExpired));
    }
    this.#unplaced.clear();
    return verdicts.filter((verdict) => this.#isNews(verdict));
  }

  #notFound({ trade }: WaitingTrade, isFinal: boolean): Verdict {
    const make = new VerdictMaker(trade, { slot: null, leader: null, pools: [], isFinal, tips: null });
    return make.unknown("the transaction is in none of the slots seen");
  }

  /** Gives up the oldest trades and slots beyond the limits. */
  #bound(): Verdict[] {
    const { maxTrades, maxSwaps, maxSlotDistance } = this.#options;
    const verdicts: Verdict[] = [];
    const giveUp = (slot: number): void => {
      const given = this.#judge(slot, true, true);
      this.#gaveUp += given.length;
      verdicts.push(...given);
    };
    for (const slot of this.#trades.slots()) {
      if (this.#trades.size <= maxTrades) break;
      giveUp(slot);
    }
    for (const waiting of [...this.#trades.values()]) {
      if (this.#trades.size <= maxTrades) break;
      verdicts.push(...[this.#notFound(waiting, true)].filter((verdict) => this.#isNews(verdict)));
      this.#gaveUp++;
    }
    const slots = [...this.#slots.slots()].map(({ slot }) => slot).sort((a, b) => a - b);
    for (const slot of slots) {
      if (this.#slots.swaps <= maxSwaps) break;
      for (const near of this.#trades.slots()) if (near <= slot + maxSlotDistance) giveUp(near);
      this.#slots.delete(slot);
    }
    return verdicts;
  }

  /** Drops slots that no trade needs and that are too old for new trades. */
  #forgetSlots(): void {
    const { keepSlots, maxSlotDistance } = this.#options;
    const oldest = this.#newest - keepSlots;
    for (const { slot } of [...this.#slots.slots()]) {
      if (slot < oldest && !this.#isNeeded(slot, maxSlotDistance)) this.#slots.delete(slot);
    }
  }

  #isNeeded(slot: number, distance: number): boolean {
    for (let near = slot - distance; near <= slot + distance; near++)
      if (this.#trades.hasSlot(near)) return true;
    return false;
  }

  /** Records where a trade's transaction is, and who signed it. */
  #place(waiting: WaitingTrade, slot: number): void {
    const known = this.#slots.get(slot);
    const found = known === undefined ? undefined : ownSwaps(waiting.trade, known);
    for (const { signer } of [...(found?.swaps ?? []), ...(found?.attempted ?? [])]) this.#own.add(signer);
    this.#trades.set({ ...waiting, slot });
    this.#unplaced.delete(waiting.trade.id);
    this.#markDirty(slot, 0);
  }

  /** Whether a known slot was not searched for all of its trades, because some arrived later. */
  #isUnsearched(slot: number): boolean {
    const known = this.#slots.get(slot);
    if (known === undefined || known.pools === undefined || known.pools === "all") return false;
    return this.#trades
      .inSlot(slot)
      .some(({ trade }) => !known.searched.has(trade.signature) && ownSwaps(trade, known) === undefined);
  }

  #poolsIn(slot: number): string[] {
    const known = this.#slots.get(slot);
    if (known === undefined) return [];
    const pools = new Set<string>();
    for (const { trade } of this.#trades.inSlot(slot)) {
      for (const pool of poolsOf(ownSwaps(trade, known))) pools.add(pool);
    }
    return [...pools];
  }

  #markDirty(slot: number, distance: number = this.#options.maxSlotDistance): void {
    for (let near = slot - distance; near <= slot + distance; near++) {
      if (this.#trades.hasSlot(near)) this.#dirty.add(near);
    }
  }
}
