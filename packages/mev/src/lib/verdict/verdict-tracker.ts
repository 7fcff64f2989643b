import { asJudged } from "../explain/as-judged.ts";
import { bare, explain } from "../explain/explain.ts";
import type { Explanation, FactSource } from "../explain/explanation.ts";
import { Activity } from "./activity.ts";
import { ActorBook } from "./actor-book.ts";
import type { VerdictBasis } from "./basis.ts";
import { DeskPools } from "./desk-pools.ts";
import { type JudgeInput, judgeSlot } from "./judge.ts";
import { missingSlots } from "./missing-slots.ts";
import type { OwnTrade, Verdict } from "./model.ts";
import { ownSwaps, poolsOf } from "./own-swaps.ts";
import { type KnownSlot, SlotStore, signedIn } from "./slot-store.ts";
import type { SlotSwaps } from "./slot-swaps.ts";
import { defaultTrackerOptions, type TrackerOptions } from "./tracker-options.ts";
import { type TrackerState, trackerStateVersion, type WaitingTrade } from "./tracker-state.ts";
import { VerdictMaker } from "./verdict-maker.ts";
import { verdictPrint } from "./verdict-print.ts";
import { WaitingTrades } from "./waiting-trades.ts";

/** How many slots after one that failed are read to find out whether the chain skipped it. */
const witnesses = 8;

/**
 * Verdicts on the desk's trades, from trades and swaps that arrive slot by slot in any order, possibly late.
 * Repeated data change nothing. A verdict becomes final when its slot and those around it are finalized and
 * known; it never changes afterwards. Bounded: see `TrackerOptions`. What is given up becomes `unknown`, with
 * the reason.
 *
 * Final verdicts do not depend on the order in which trades and slots arrive, because trades are judged in
 * the order of their slots: a trade waits until everything around the trades before it is known or failed.
 * Exceptions: a trade that arrives after later ones were judged, and a slot that arrives after it failed.
 */
export class VerdictTracker {
  #options: TrackerOptions;
  readonly #trades = new WaitingTrades();
  readonly #slots = new SlotStore();
  readonly #final = new Set<string>();
  /** Signers of the desk, with the first slot in which they traded. */
  readonly #own = new Map<string, number>();
  /** Slots whose trades have to be judged again. */
  readonly #dirty = new Set<number>();
  /** Trades without a slot that have not been reported yet. */
  readonly #unplaced = new Set<string>();
  #book: ActorBook;
  #activity: Activity;
  #pools: DeskPools;
  #newest = 0;
  #finalized = 0;
  /** The newest slot whose trades were judged in their turn. What is still missing around them has failed. */
  #passed = -1;
  #gaveUp = 0;

  constructor(options: Partial<TrackerOptions> = {}) {
    this.#options = { ...defaultTrackerOptions, ...options };
    this.#book = new ActorBook(this.#options.maxActors);
    this.#activity = new Activity(this.#options.maxActors);
    this.#pools = new DeskPools(this.#options.maxPools);
    for (const wallet of this.#options.wallets) this.#own.set(wallet, 0);
  }

  /** Trades without a final verdict, and what is kept for them. */
  get counts(): { waiting: number; slots: number; swaps: number; actors: number; gaveUp: number } {
    const { size: slots, swaps } = this.#slots;
    return { waiting: this.#trades.size, slots, swaps, actors: this.#book.size, gaveUp: this.#gaveUp };
  }

  /** Changes how many slots a sandwich may span. Final verdicts stay. */
  set maxSlotDistance(slots: number) {
    if (slots === this.#options.maxSlotDistance) return;
    this.#options = { ...this.#options, maxSlotDistance: slots };
    for (const slot of this.#trades.slots()) this.#dirty.add(slot);
  }

  /** @returns Whether the trade waits for its verdict; false if it has a final one. */
  addTrade(trade: OwnTrade): boolean {
    if (this.#final.has(trade.id)) return false;
    const known = this.#trades.get(trade.id);
    if (known !== undefined && isSame(known.trade, trade)) return true;
    const slot = this.#slots.slotOf(trade.signature)?.slot ?? trade.slot;
    const waiting = { trade, slot, since: known?.since ?? this.#newest, taken: known?.taken ?? "" };
    this.#trades.set(waiting);
    if (slot === null) this.#unplaced.add(trade.id);
    else {
      this.#place(waiting, slot);
      this.#dirty.add(slot);
    }
    return true;
  }

  addSlot(told: SlotSwaps): void {
    this.#newest = Math.max(this.#newest, told.slot);
    for (const slot of told.skipped) this.addSkipped(slot);
    if (!this.#update(told.slot, () => this.#slots.add(told))) return;
    for (const { signature } of signedIn(told)) {
      for (const waiting of this.#trades.withSignature(signature)) {
        if (waiting.slot !== told.slot) this.#dirty.add(told.slot);
        this.#place(waiting, told.slot);
      }
    }
  }

  /** The chain has no block in this slot. */
  addSkipped(slot: number): void {
    this.#update(slot, () => this.#slots.skip(slot));
  }

  /** The slot's block cannot be read. It may still arrive until missing data are given up. */
  addFailure(slot: number, reason: string): void {
    this.#update(slot, () => this.#slots.fail(slot, reason));
  }

  /** @param slot The newest finalized slot. */
  finalize(slot: number): void {
    this.#finalized = Math.max(this.#finalized, slot);
    this.#newest = Math.max(this.#newest, slot);
  }

  /**
   * Slots that trades wait for, in ascending order: at most so many that have not failed, and as many that have.
   */
  wanted(limit: number): number[] {
    const [unread, failed] = [new Set<number>(), new Set<number>()];
    const want = (slot: number): void => {
      const slots = this.hasFailed(slot) ? failed : unread;
      if (slots.size < limit) slots.add(slot);
    };
    for (const slot of this.#trades.slots()) {
      for (const near of this.#around(slot)) {
        if (!this.#lacks(slot, near)) continue;
        want(near);
        const witness = this.#witness(near);
        if (witness !== undefined) want(witness);
      }
      if (unread.size >= limit) break;
    }
    return [...unread, ...failed].sort((a, b) => a - b);
  }

  /** Whether the slot failed and has not arrived since. */
  hasFailed(slot: number): boolean {
    return this.#slots.get(slot)?.failure !== undefined;
  }

  /** Pools of the trades around a slot, and of the desk's earlier trades: the part of the slot that is needed. */
  poolsAround(slot: number): ReadonlySet<string> {
    const pools = new Set(this.#pools.values());
    for (const near of this.#around(slot)) for (const pool of this.#poolsIn(near)) pools.add(pool);
    return pools;
  }

  /** Signatures of the trades around a slot, for which the slot has to be searched. */
  signaturesAround(slot: number): ReadonlySet<string> {
    const signatures = new Set<string>();
    for (const near of this.#around(slot)) {
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
    let isHeld = false;
    for (const slot of this.#trades.slots()) {
      const isExpired = this.#isExpired(slot);
      isHeld ||= slot > this.#passed && !isExpired && !this.#isReady(slot);
      const isTurn = slot > this.#passed && !isHeld;
      if (isTurn || isExpired || this.#dirty.has(slot))
        verdicts.push(...this.#judge(slot, isTurn, isExpired));
    }
    this.#dirty.clear();
    verdicts.push(...this.#takeUnplaced());
    verdicts.push(...this.#bound());
    this.#forgetSlots();
    return verdicts;
  }

  /** Whether the trade waits for a final verdict. */
  isWaiting(id: string): boolean {
    return this.#trades.get(id) !== undefined;
  }

  /**
   * The verdict on a trade and what it rests on, of the slots that are held. With source `aggregator`, of a
   * trade that waits, as `take` would give it now. Otherwise it is judged again. Changes nothing.
   * @param basis What was known of those around it when it was judged; if undefined, nothing is.
   */
  explain(trade: OwnTrade, source: FactSource, basis?: VerdictBasis): Explanation {
    const waiting = this.#trades.get(trade.id);
    const slot = waiting?.slot ?? this.#slots.slotOf(trade.signature)?.slot ?? trade.slot;
    if (slot === null) return bare(trade, this.#notFound({ trade }, false));
    const known = this.#slots.get(slot);
    const own = known === undefined ? [] : poolsOf(ownSwaps(trade, known));
    const input = this.#inputOf(slot, {
      trades: [trade],
      pools: [...this.#poolsIn(slot), ...own],
      isReady: slot <= this.#passed || (source !== "aggregator" && this.#isReady(slot)),
      isExpired: this.#isExpired(slot),
    });
    return explain(source === "aggregator" ? input : asJudged(input, basis), trade, source);
  }

  save(): TrackerState {
    return {
      version: trackerStateVersion,
      newest: this.#newest,
      finalized: this.#finalized,
      passed: this.#passed,
      trades: [...this.#trades.values()],
      final: [...this.#final],
      slots: this.#slots.save(),
      actors: this.#book.entries(),
      activity: this.#activity.entries(),
      own: [...this.#own],
      pools: [...this.#pools.values()],
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
    tracker.#passed = state.passed;
    tracker.#gaveUp = state.gaveUp;
    for (const waiting of state.trades) tracker.#trades.set(waiting);
    for (const id of state.final) tracker.#final.add(id);
    for (const [signer, since] of state.own) tracker.#own.set(signer, since);
    for (const slot of state.dirty) tracker.#dirty.add(slot);
    for (const id of state.unplaced) tracker.#unplaced.add(id);
    tracker.#slots.restore(state.slots);
    tracker.#book = new ActorBook(tracker.#options.maxActors, state.actors);
    tracker.#activity = new Activity(tracker.#options.maxActors, state.activity);
    tracker.#pools = new DeskPools(tracker.#options.maxPools, state.pools);
    return tracker;
  }

  /** @param isTurn Whether it is the slot's turn to be judged, after all slots before it. */
  #judge(slot: number, isTurn: boolean, isExpired: boolean): Verdict[] {
    const trades = this.#trades.inSlot(slot).map(({ trade }) => trade);
    const pools = this.#poolsIn(slot);
    const input = this.#inputOf(slot, { trades, pools, isReady: isTurn || slot <= this.#passed, isExpired });
    const { verdicts, view, active } = judgeSlot(input);
    if (isTurn) this.#passed = slot;
    if (pools.length > 0 && (isTurn || verdicts.some(({ state }) => state === "final"))) {
      this.#pools.add(pools.sort());
      this.#book.commit(view);
      this.#activity.commit(active);
    }
    return verdicts.filter((verdict) => this.#isNews(verdict));
  }

  #inputOf(
    slot: number,
    about: Pick<JudgeInput, "trades" | "isReady" | "isExpired"> & { readonly pools: readonly string[] },
  ): JudgeInput {
    const { maxSlotDistance } = this.#options;
    return {
      ...about,
      slot,
      known: this.#slots.get(slot),
      window: this.#around(slot).flatMap((near) => this.#slots.get(near) ?? []),
      missing: (pools) =>
        missingSlots(this.#slots, slot, pools, maxSlotDistance).map(
          ({ slot, reason }) => `slot ${slot} ${reason}`,
        ),
      pools: new Set([...this.#pools.values(), ...about.pools]),
      own: { has: (signer) => (this.#own.get(signer) ?? Number.POSITIVE_INFINITY) <= slot + maxSlotDistance },
      book: this.#book,
      activity: this.#activity,
      maxSlotDistance,
    };
  }

  /** Whether the slots around are finalized, and all that is needed of them is known or has failed. */
  #isReady(slot: number): boolean {
    if (this.#finalized < slot + this.#options.maxSlotDistance) return false;
    return this.#around(slot).every(
      (near) => !this.#lacks(slot, near) || (this.hasFailed(near) && this.#witness(near) === undefined),
    );
  }

  /**
   * The slot to read in order to find out whether one that failed has a block at all: the next block says if it was
   * skipped. Undefined if that is known, or if too many slots after it failed too.
   */
  #witness(slot: number): number | undefined {
    const failed = this.#slots.get(slot);
    if (failed?.failure === undefined || failed.pools !== undefined) return undefined;
    const next = this.#nextBlock(slot);
    return typeof next === "number" ? next : undefined;
  }

  /** The first block after a slot; the first slot that may have it, if that is unknown; undefined if all failed. */
  #nextBlock(slot: number): KnownSlot | number | undefined {
    for (let next = slot + 1; next <= slot + witnesses; next++) {
      const known = this.#slots.get(next);
      if (known?.hasBlock) return known;
      if (known?.pools === undefined && known?.failure === undefined) return next;
    }
    return undefined;
  }

  /**
   * Whether a slot near a trade's slot has to be read, again if need be: for the trades' pools and, until it is the trade's
   * turn, for the pools and other trades of the desk, on which the record depends.
   */
  #lacks(slot: number, near: number): boolean {
    const known = this.#slots.get(near);
    if (known?.pools === undefined) return true;
    if (known.pools === "all") return false;
    if (near === slot && this.#isUnsearched(known)) return true;
    const { pools } = known;
    if (this.#poolsIn(slot).some((pool) => !pools.has(pool))) return true;
    return slot > this.#passed && (this.#isUnsearched(known) || !this.#pools.areIn(known));
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

  #notFound({ trade }: Pick<WaitingTrade, "trade">, isFinal: boolean): Verdict {
    const make = new VerdictMaker(trade, { slot: null, leader: null, pools: [], isFinal, tips: null });
    return make.unknown("the transaction is in none of the slots seen");
  }

  /** Gives up the oldest trades and slots beyond the limits. */
  #bound(): Verdict[] {
    const { maxTrades, maxSwaps, maxSlotDistance } = this.#options;
    const verdicts: Verdict[] = [];
    const giveUp = (slot: number): void => {
      const given = this.#judge(slot, slot > this.#passed, true);
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
    for (let near = slot - distance - witnesses; near <= slot + distance; near++)
      if (this.#trades.hasSlot(near)) return true;
    return false;
  }

  /** Records where a trade's transaction is, and who signed it. */
  #place(waiting: WaitingTrade, slot: number): void {
    const known = this.#slots.get(slot);
    const found = known === undefined ? undefined : ownSwaps(waiting.trade, known);
    for (const { signer } of [...(found?.swaps ?? []), ...(found?.attempted ?? [])]) this.#sign(signer, slot);
    this.#trades.set({ ...waiting, slot });
    this.#unplaced.delete(waiting.trade.id);
  }

  #sign(signer: string, slot: number): void {
    this.#own.set(signer, Math.min(slot, this.#own.get(signer) ?? slot));
    for (const oldest of this.#own.keys()) {
      if (this.#own.size <= this.#options.maxActors) break;
      this.#own.delete(oldest);
    }
  }

  /** Whether a slot was not searched for all of its trades, because some arrived later. */
  #isUnsearched(known: KnownSlot): boolean {
    return this.#trades.inSlot(known.slot).some(({ trade }) => !known.searched.has(trade.signature));
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

  /**
   * Changes what is known about a slot. The trades around it are judged again; of those whose turn has passed only
   * those that lacked it, since judging them later may give another verdict.
   */
  #update(slot: number, change: () => boolean): boolean {
    const near = this.#around(slot).filter(
      (near) => this.#trades.hasSlot(near) && (near > this.#passed || this.#lacks(near, slot)),
    );
    const isChanged = change();
    if (isChanged) for (const slot of near) this.#dirty.add(slot);
    // The next block may have said before it failed that this slot was skipped, and this one that those before it were.
    for (let failed = slot; failed >= slot - witnesses; failed--) {
      if (this.#isSkipped(failed)) this.#update(failed, () => this.#slots.skip(failed));
    }
    return isChanged;
  }

  /** Whether a slot failed and the next block says that it was skipped. */
  #isSkipped(slot: number): boolean {
    const known = this.#slots.get(slot);
    if (known?.failure === undefined || known.pools !== undefined) return false;
    const next = this.#nextBlock(slot);
    return typeof next === "object" && next.skipped.includes(slot);
  }

  /** The slots that a sandwich around a swap in this slot may span. */
  #around(slot: number): number[] {
    const { maxSlotDistance } = this.#options;
    return Array.from({ length: 2 * maxSlotDistance + 1 }, (_, i) => slot - maxSlotDistance + i);
  }
}

function isSame(a: OwnTrade, b: OwnTrade): boolean {
  return (
    a.signature === b.signature &&
    a.slot === b.slot &&
    a.instruction === b.instruction &&
    a.isProtected === b.isProtected
  );
}
