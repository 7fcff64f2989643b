import {
  defaultWindow,
  type Explanation,
  type OwnInterest,
  type OwnTrade,
  type SearchWindow,
  type TrackerOptions,
  type TrackerState,
  type Verdict,
  type VerdictKind,
  VerdictTracker,
  windowSlots,
} from "@slipstream/mev/verdicts";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { Migrations, Part } from "../parts/part.ts";
import type { ChainBatch } from "./chain.ts";
import { type MevTrade, withTips } from "./own-trade.ts";
import { RecentTrades } from "./recent-trades.ts";
import { fromLines, fromText, TextsOfObjects, toText } from "./saved-text.ts";
import { SavedVerdicts } from "./saved-verdicts.ts";

/** What statistics count of a verdict. */
export interface CountedVerdict {
  readonly verdict: VerdictKind;
  readonly state: Verdict["state"];
  /** Loss ratio of an impacted trade; null if unknown. */
  readonly lossRatio: number | null;
  /** The protection that it was counted under. */
  readonly protection: string;
}

/** What is counted of a verdict that is new or has changed. */
export interface VerdictChange {
  readonly trade: MevTrade;
  readonly now: CountedVerdict;
  /** What was told of the trade before; undefined where this is the first. */
  readonly before: CountedVerdict | undefined;
}

/** A verdict that is new or has changed. */
export interface VerdictEvent extends VerdictChange {
  readonly verdict: Verdict;
  /** Absent: the aggregator's own desk. */
  readonly desk?: string;
}

/** Never changed, only replaced. */
interface Waiting {
  readonly trade: MevTrade;
  readonly told: CountedVerdict | undefined;
}

/** What of a slot's block is needed. */
export interface SlotInterest extends OwnInterest {
  readonly pools: ReadonlySet<string>;
}

/** Sizes of what is kept. Trades are told once, so of those that are settled few need to be remembered. */
const options = { maxTrades: 50_000, maxSwaps: 200_000, maxActors: 20_000, maxFinal: 20_000 };
/** Trades kept while nobody watches the chain, so that one who begins to finds the last of them. */
const MOST_UNWATCHED = 1_000;
/** Trades kept while somebody does: those that the tracker gives up are told of. */
const MOST_WATCHED = 2 * options.maxTrades;
/** Pools that each block is searched for, beside those of the trades around it. */
const MOST_POOLS = 256;
/** Slots on either side of a trade that versions up to 4 read. */
const DISTANCE = 3;
/** Trades without a slot that each block is searched for. */
const MOST_UNPLACED = 256;

/**
 * The desk's trades on their way to a final verdict. Nothing is judged before the first word of the chain: without a watcher no
 * trade has a verdict, not even `unknown`. Deterministic; bounded.
 */
export class OwnVerdicts implements Part {
  readonly version = 7;
  readonly migrations: Migrations = {
    1: withPools,
    2: withoutOneText,
    3: withOffers,
    4: inOrder,
    5: withServices,
    6: withSpans,
  };
  #options: Pick<TrackerOptions, "maxSlotDistance"> & typeof options;
  #tracker: VerdictTracker;
  readonly #waiting: Map<string, Waiting> = new Map();
  readonly #unplaced: Set<string> = new Set();
  /** Of the time before anybody watched the chain. */
  readonly #unwatched: RecentTrades = new RecentTrades(MOST_UNWATCHED);
  readonly #saved: SavedVerdicts<Waiting> = new SavedVerdicts();
  /**
   * Pools that the desk trades in, those of late last. Each block is searched for all of them: who attacks others in one of them is
   * known when he comes for the desk.
   */
  readonly #pools: Set<string> = new Set();
  #watched = false;
  /** Whether trades came since verdicts were last taken. */
  #added = false;

  constructor(window: SearchWindow = defaultWindow) {
    this.#options = { ...options, maxSlotDistance: windowSlots(window) };
    this.#tracker = new VerdictTracker(this.#options);
  }

  /** How far apart the legs of a sandwich may be, from now on. Final verdicts stay. */
  set window(window: SearchWindow) {
    const maxSlotDistance = windowSlots(window);
    this.#options = { ...options, maxSlotDistance };
    this.#tracker.maxSlotDistance = maxSlotDistance;
  }

  /** Whether anybody has told of the chain yet. */
  get watched(): boolean {
    return this.#watched;
  }

  /** Trades without a final verdict. */
  get waiting(): number {
    return this.#waiting.size + this.#unwatched.size;
  }

  add(trade: MevTrade): void {
    if (this.#watched) this.#add(trade);
    else this.#unwatched.add(trade);
  }

  #add(trade: MevTrade): void {
    if (this.#waiting.has(trade.id) || !this.#tracker.addTrade(trade)) return;
    this.#waiting.set(trade.id, { trade, told: undefined });
    if (trade.slot === null) this.#unplaced.add(trade.id);
    if (trade.pool !== null) this.#trades(trade.pool);
    this.#forget(MOST_WATCHED);
    this.#added = true;
  }

  /** Takes what is told of the chain, and gives the verdicts that are new by it. */
  tell({ slots, skipped, failed, placed, finalized }: ChainBatch): readonly VerdictEvent[] {
    if (!this.#watched) {
      this.#watched = true;
      for (const trade of this.#unwatched.values()) this.#add(trade);
      this.#unwatched.clear();
    }
    if (placed.length > 0) this.#place(new Map(placed.map(({ signature, slot }) => [signature, slot])));
    for (const slot of slots) this.#tracker.addSlot(slot);
    for (const slot of skipped) this.#tracker.addSkipped(slot);
    for (const { slot, reason } of failed) this.#tracker.addFailure(slot, reason);
    if (finalized !== null) this.#tracker.finalize(finalized);
    return this.#take();
  }

  /** The provisional verdicts that were told and may still change. */
  *standing(): Iterable<{ readonly trade: MevTrade; readonly told: CountedVerdict }> {
    for (const { trade, told } of this.#waiting.values()) if (told !== undefined) yield { trade, told };
  }

  /** Verdicts on trades that came after the blocks they stand in. */
  tick(): readonly VerdictEvent[] {
    return this.#added ? this.#take() : [];
  }

  /** The trades with this id or signature that wait for a final verdict. */
  find(text: string): readonly MevTrade[] {
    const found: MevTrade[] = [];
    for (const { trade } of this.#waiting.values())
      if (trade.id === text || trade.signature === text) found.push(trade);
    return found;
  }

  /**
   * What the verdict on a trade rests on, of what is held; undefined if it does not wait for one. Changes
   * nothing.
   */
  explain(trade: OwnTrade): Explanation | undefined {
    return this.#tracker.isWaiting(trade.id) ? this.#tracker.explain(trade, "aggregator") : undefined;
  }

  /** Slots that trades wait for, ascending, at most so many. */
  wanted(limit: number): readonly number[] {
    return this.#tracker.wanted(limit);
  }

  /** Whether a slot is known to be unreadable, so that its trades wait for it alone and hold up no others. */
  hasFailed(slot: number): boolean {
    return this.#tracker.hasFailed(slot);
  }

  /** Transactions of which no slot is known, the oldest first, at most so many. */
  unplaced(limit: number): readonly string[] {
    const signatures: string[] = [];
    for (const id of this.#unplaced) {
      if (signatures.length >= limit) break;
      const waiting = this.#waiting.get(id);
      if (waiting !== undefined) signatures.push(waiting.trade.signature);
    }
    return signatures;
  }

  /** What of a slot's block is needed. */
  interestIn(slot: number): SlotInterest {
    const signatures = new Set(this.unplaced(MOST_UNPLACED));
    for (const signature of this.#tracker.signaturesAround(slot)) signatures.add(signature);
    return { pools: new Set([...this.#tracker.poolsAround(slot), ...this.#pools]), signatures };
  }

  save(): Saved {
    const unwatched = this.#unwatched.values().map((trade) => ({ trade, told: undefined }));
    const waiting = this.#watched ? this.#waiting.values() : unwatched;
    return {
      watched: this.#watched,
      added: this.#added,
      pools: [...this.#pools],
      kept: this.#saved.save({ waiting, tracker: this.#tracker.save() }),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved verdicts", saved);
    this.#watched = fields.boolean("watched");
    this.#added = fields.boolean("added");
    for (const pool of fields.texts("pools")) this.#pools.add(pool);
    try {
      this.#restore(fields.any("kept"));
    } catch (cause) {
      throw new TypeError(`Not saved verdicts: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  #restore(kept: Saved): void {
    const { waiting, tracker } = this.#saved.load(kept);
    for (const one of waiting) {
      if (!this.#watched) {
        this.#unwatched.add(one.trade);
        continue;
      }
      this.#waiting.set(one.trade.id, one);
      if (one.trade.slot === null) this.#unplaced.add(one.trade.id);
    }
    this.#tracker = VerdictTracker.restore(tracker, this.#options);
  }

  #take(): readonly VerdictEvent[] {
    this.#added = false;
    return this.#tracker.take().flatMap((verdict): VerdictEvent[] => {
      const waiting = this.#waiting.get(verdict.tradeId);
      if (waiting === undefined) return [];
      const { trade, told: before } = waiting;
      const { verdict: kind, state, loss } = verdict;
      for (const pool of verdict.pools) this.#trades(pool);
      const seen = withTips(trade, verdict);
      const { protection } = seen;
      const now = { verdict: kind, state, lossRatio: loss === null ? null : loss.ratio, protection };
      if (state === "final") this.#drop(trade.id);
      else this.#waiting.set(trade.id, { trade, told: now });
      return [{ trade: seen, verdict, now, before }];
    });
  }

  #place(slots: ReadonlyMap<string, number>): void {
    for (const id of [...this.#unplaced]) {
      const waiting = this.#waiting.get(id);
      const slot = slots.get(waiting?.trade.signature ?? "");
      if (waiting === undefined || slot === undefined) continue;
      const trade = { ...waiting.trade, slot };
      this.#waiting.set(id, { ...waiting, trade });
      this.#unplaced.delete(id);
      this.#tracker.addTrade(trade);
    }
  }

  #trades(pool: string): void {
    this.#pools.delete(pool);
    this.#pools.add(pool);
    for (const oldest of this.#pools) {
      if (this.#pools.size <= MOST_POOLS) return;
      this.#pools.delete(oldest);
    }
  }

  #forget(most: number): void {
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size <= most) return;
      this.#drop(id);
    }
  }

  #drop(id: string): void {
    this.#waiting.delete(id);
    this.#unplaced.delete(id);
  }
}

/** Version 1 kept no pools that the desk trades in: they are learned again from its next trades. */
function withPools(saved: Saved): Saved {
  const fields = new SavedFields("saved verdicts", saved);
  const { waiting, tracker } = fromText(fields.text("kept")) as OneText;
  const pooled = waiting.map(({ trade, told }) => ({ trade: { ...trade, pool: null }, told }));
  return {
    watched: fields.any("watched"),
    added: fields.any("added"),
    pools: [],
    kept: toText({ waiting: pooled, tracker }),
  };
}

/** Version 2 kept everything as one text. */
function withoutOneText(saved: Saved): Saved {
  const fields = new SavedFields("saved verdicts", saved);
  const kept = fromText(fields.text("kept")) as OneText;
  return {
    watched: fields.any("watched"),
    added: fields.any("added"),
    pools: fields.any("pools"),
    kept: new SavedVerdicts<Waiting>().save(kept),
  };
}

/**
 * Version 3 kept what a trade says of its protection, and not whether it says anything, nor its tip and the
 * price of SOL.
 */
function withOffers(saved: Saved): Saved {
  return withWaiting<FormerWaiting>(saved, ({ trade, told }) => ({
    trade: {
      ...trade,
      named: { protection: trade.protection === "none" ? null : trade.protection, tipLamports: null },
      protectionSource: trade.protection === "none" ? null : "named",
      tipLamports: null,
      solUsd: null,
    },
    told: told === undefined ? undefined : { ...told, protection: trade.protection },
  }));
}

/** Version 5 kept neither the service nor the strategy of a trade. */
function withServices(saved: Saved): Saved {
  return withWaiting<Waiting>(saved, ({ trade, told }) => ({
    trade: { ...trade, service: null, strategy: null },
    told,
  }));
}

/** Version 6 did not keep the spans of the trades. */
function withSpans(saved: Saved): Saved {
  return withWaiting<Waiting>(saved, ({ trade, told }) => ({
    trade: { ...trade, traceId: null, spanId: null },
    told,
  }));
}

/** What was saved, each of the trades that wait in another form. */
function withWaiting<Former>(saved: Saved, change: (former: Former) => object): Saved {
  const fields = new SavedFields("saved verdicts", saved);
  const kept = new SavedFields("saved verdicts", fields.any("kept"));
  const waiting = (fromLines(kept.text("waiting")) as Former[]).map(change);
  return {
    ...(saved as Readonly<Record<string, Saved>>),
    kept: {
      ...(fields.any("kept") as Readonly<Record<string, Saved>>),
      waiting: new TextsOfObjects().lines(waiting),
    },
  };
}

interface FormerWaiting {
  readonly trade: Omit<
    MevTrade,
    "named" | "protectionSource" | "tipLamports" | "solUsd" | "service" | "strategy"
  >;
  readonly told: Omit<CountedVerdict, "protection"> | undefined;
}

/**
 * Version 4 judged trades in the order in which their blocks came. What was final then has been judged; which of the desk's
 * wallets traded first in which slot is not known.
 */
function inOrder(saved: Saved): Saved {
  const fields = new SavedFields("saved verdicts", saved);
  const kept = new SavedFields("saved verdicts", fields.any("kept"));
  const { taken, own, ...rest } = fromText(kept.text("rest")) as TrackerRest;
  const passed = taken - DISTANCE;
  const pools = fields.texts("pools");
  const tracker = { ...rest, version: 2, passed, own: own.map((signer) => [signer, 0]), pools };
  return {
    watched: fields.any("watched"),
    added: fields.any("added"),
    pools,
    kept: { ...(fields.any("kept") as Readonly<Record<string, Saved>>), rest: toText(tracker) },
  };
}

/** What version 4 had in its text `rest`, as far as it has changed. */
interface TrackerRest {
  readonly taken: number;
  readonly own: readonly string[];
}

interface OneText {
  readonly waiting: readonly Waiting[];
  readonly tracker: TrackerState;
}
