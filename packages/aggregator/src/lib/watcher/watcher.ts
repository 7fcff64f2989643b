import { SlipstreamError } from "@slipstream/conventions";
import { type ChainBatch, type ChainWants, emptyChain } from "@slipstream/engine";
import type { NewRecord } from "../log/log.ts";
import { chain } from "../log/records/chain.ts";
import { newRecord } from "../log/records/record-kind.ts";
import type { Sink, SinkStatus } from "../sinks/sink.ts";
import { SupervisedThread } from "../threads/supervised-thread.ts";
import { Attempts, TELL_AFTER } from "./attempts.ts";
import type { BlockSourceSettings, Head } from "./block-source.ts";
import type { WatcherThread } from "./messages.ts";

export interface WatcherOptions {
  readonly source: BlockSourceSettings;
  /** Blocks asked for in a second, at most; undefined: as fast as they come. */
  readonly blocksPerSecond?: number | undefined;
  /** What the engines want at present. */
  readonly wants: () => ChainWants;
  /** Appends a record to the log. */
  readonly commit: (record: NewRecord) => Promise<unknown>;
  /** Told when the source begins to fail, with the reason, and when it answers again. */
  readonly onState?: ((reason: string | undefined) => void) | undefined;
  /** Told once of each reason for which blocks cannot be read by this version of Slipstream. */
  readonly onRefused?: ((reason: string) => void) | undefined;
  /** Unix ms. */
  readonly now: () => number;
}

const STEP_MS = 100;
const HEAD_EVERY_MS = 1_000;
/** Slots looked at in one step, and asked for at a time. */
const MOST_WANTED = 512;
const AT_A_TIME = 4;
/** Transactions without a slot that are looked at, and looked for with one call; a node takes 256. */
const MOST_UNPLACED = 4_096;
const MOST_SEARCHED = 200;
/**
 * Finality is told no further ahead of the first slot that is looked for: the engine gives up what is final for an hour and was
 * not seen, and after an outage all of it is.
 */
const AHEAD_SLOTS = 256;
/** Half of what makes the engine give up: before finality goes on by so much, all that is looked for is looked for once. */
const JUMP_SLOTS = 4_500;
/** A block is some megabytes of text. */
const YOUNG_GENERATION_MB = 12;
const HUNG_MS = 60_000;
/** There is nothing to finish: what is not read by then is read after the next start. */
const CLOSE_MS = 1_000;

/**
 * Looks for the blocks around the desk's trades and appends what the engine needs of them to the log. What is wanted the engine
 * says, so a restart goes on where the log ends. Never in intake's way: a few records a second, one small queue, and the
 * fetching and decoding in a thread of its own.
 */
export class Watcher implements Sink {
  readonly name = "watcher";
  readonly #options: WatcherOptions;
  readonly #thread: SupervisedThread<WatcherThread>;
  readonly #attempts: Attempts<number> = new Attempts();
  readonly #searches: Attempts<string> = new Attempts();
  readonly #underWay: Map<number, Promise<void>> = new Map();
  readonly #timer: NodeJS.Timeout;
  #head: Head | undefined;
  #headMs: number = Number.NEGATIVE_INFINITY;
  /** Whether the source did not even tell how far the chain is. */
  #isAway = false;
  #toldFinal = -1;
  /** Finality is told up to here. */
  #finalThrough = -1;
  /** Blocks that may be asked for at present. */
  #allowance: number;
  #allowedMs: number;
  #stepping = false;
  #closed = false;
  /** Slots that can be asked for, ascending; those that failed come last. */
  #queue: number[] = [];
  /** Slots that are wanted, whether or not they can be asked for. */
  #wanted = 0;
  #dropped = 0;
  #error: string | undefined;
  /** Why blocks were refused; it stays until the program is replaced. */
  #refusal: string | undefined;
  #up: boolean | null = null;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#thread = new SupervisedThread<WatcherThread>({
      module: "./watcher.worker",
      from: import.meta.url,
      name: "slipstream-watcher",
      youngGenerationMb: YOUNG_GENERATION_MB,
      settings: () => options.source,
      news: {},
      onDemand: {},
      hungMs: HUNG_MS,
      closeMs: CLOSE_MS,
      unavailable: (reason, cause) =>
        new SlipstreamError("watcher_unavailable", `Blocks cannot be read: ${reason}.`, { cause }),
    });
    this.#allowance = options.blocksPerSecond ?? Number.POSITIVE_INFINITY;
    this.#allowedMs = options.now();
    this.#timer = setInterval(() => void this.#step(), STEP_MS);
  }

  status(): SinkStatus {
    const lastError = this.#error ?? this.#refusal;
    return {
      up: this.#up,
      queueItems: this.#wanted,
      dropped: this.#dropped,
      writtenTimeMs: null,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#thread.close();
    await Promise.allSettled(this.#underWay.values());
  }

  async #step(): Promise<void> {
    if (this.#stepping || this.#closed) return;
    this.#stepping = true;
    try {
      await this.#look();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#stepping = false;
    }
  }

  async #look(): Promise<void> {
    const { now } = this.#options;
    const wants = this.#options.wants();
    // The first word of the chain, whatever it says, begins the verdicts. A desk that came later needs to hear of finality too.
    if (!wants.watched) {
      await this.#tell({});
      this.#toldFinal = -1;
    }
    if (wants.waiting === 0) {
      this.#wanted = 0;
      this.#queue = [];
      return;
    }
    if (now() - this.#headMs >= HEAD_EVERY_MS) {
      this.#headMs = now();
      await this.#readHead();
      await this.#search();
    }
    this.#fill();
    this.#start();
    const finalized = Math.min(this.#head?.finalized ?? -1, this.#finalThrough);
    if (finalized > this.#toldFinal && !(finalized > this.#toldFinal + JUMP_SLOTS && this.#isUnsearched())) {
      await this.#tell({ finalized });
      this.#toldFinal = finalized;
    }
  }

  async #readHead(): Promise<void> {
    try {
      this.#head = await this.#thread.ask("head");
    } catch (error) {
      this.#isAway = true;
      throw error;
    }
    if (this.#isAway) this.#attempts.again(this.#options.now());
    this.#isAway = false;
    this.#succeed();
  }

  /** Where transactions landed whose trades do not say it. */
  async #search(): Promise<void> {
    const { now } = this.#options;
    const unplaced = this.#options.wants().unplaced(MOST_UNPLACED);
    const asked = unplaced.filter((one) => this.#searches.isDue(one, now())).slice(0, MOST_SEARCHED);
    if (asked.length === 0) return;
    for (const one of asked) this.#searches.failed(one, now());
    const placed = await this.#thread.ask("places", asked);
    if (placed.length > 0) await this.#tell({ placed });
  }

  /** Whether a transaction whose slot is not known was never looked for. */
  #isUnsearched(): boolean {
    return this.#options
      .wants()
      .unplaced(MOST_UNPLACED)
      .some((one) => !this.#searches.has(one));
  }

  /** What can be asked for now, of all that is wanted. */
  #fill(): void {
    const newest = this.#head?.newest ?? -1;
    const wanted = this.#options.wants().wanted(MOST_WANTED);
    this.#wanted = wanted.length;
    const first = wanted.find((slot) => !this.#attempts.isGone(slot));
    this.#finalThrough = first === undefined ? Number.POSITIVE_INFINITY : first + AHEAD_SLOTS;
    const due = wanted.filter((slot) => slot <= newest && !this.#underWay.has(slot) && this.#isDue(slot));
    const failed = due.filter((slot) => this.#attempts.isGone(slot));
    this.#queue = [...due.filter((slot) => !this.#attempts.isGone(slot)), ...failed];
  }

  /** What failed is read at once if the engine has forgotten that, because no trade needed it for some time. */
  #isDue(slot: number): boolean {
    if (this.#attempts.isDue(slot, this.#options.now())) return true;
    return this.#attempts.isGone(slot) && !this.#options.wants().hasFailed(slot);
  }

  #start(): void {
    this.#refill();
    while (!this.#closed && this.#underWay.size < AT_A_TIME && this.#allowance >= 1) {
      const slot = this.#queue.shift();
      if (slot === undefined) return;
      this.#allowance -= 1;
      const reading = this.#read(slot).finally(() => {
        this.#underWay.delete(slot);
        if (this.#queue.length === 0 && this.#wanted > AT_A_TIME) this.#fill();
        this.#start();
      });
      this.#underWay.set(slot, reading);
    }
  }

  /** Never rejects. */
  async #read(slot: number): Promise<void> {
    const { source, wants, commit, now } = this.#options;
    try {
      const outcome = await this.#thread.ask("slot", { slot, ...wants().interestIn(slot) });
      this.#succeed();
      switch (outcome.kind) {
        case "swaps":
          await commit(newRecord(chain, now(), outcome.body));
          this.#attempts.done(slot, now());
          break;
        case "skipped":
          await this.#tell({ skipped: [slot] });
          this.#attempts.done(slot, now());
          break;
        case "later":
          await this.#later(slot);
          break;
        case "broken":
          await this.#retry(slot, outcome.reason);
          break;
        case "gone":
          await this.#retry(slot, outcome.reason, outcome.reason);
          // A file costs nothing to look for. A node is asked less often, since it has other slots to answer for.
          if (source.kind === "rpc" && this.#attempts.isGone(slot)) this.#attempts.gone(slot, now());
          break;
        case "refused":
          this.#refuse(outcome.reason);
          await this.#giveUp(slot, outcome.reason);
          this.#attempts.gone(slot, now());
      }
    } catch (error) {
      if (this.#closed) return;
      this.#fail(error);
      await this.#retry(slot, this.#error ?? "it failed").catch((again: unknown) => this.#fail(again));
    }
  }

  /** A block that is not there yet. If it should be, because the chain has moved on, this counts as a failure. */
  async #later(slot: number): Promise<void> {
    if (slot <= (this.#head?.finalized ?? -1)) await this.#retry(slot, "the node does not have it");
    else this.#attempts.later(slot, this.#options.now());
  }

  /**
   * Tries again later. After some failures the slot's trades are told: what the source answered, if it did, and
   * not why the last attempt got no answer.
   */
  async #retry(slot: number, reason: string, answered?: string): Promise<void> {
    const { failures, answer } = this.#attempts.failed(slot, this.#options.now(), answered);
    if (failures >= TELL_AFTER) await this.#giveUp(slot, answer ?? reason);
  }

  /** The slot cannot be read: its trades are told so once. It is tried again all the same. */
  async #giveUp(slot: number, reason: string): Promise<void> {
    if (this.#options.wants().hasFailed(slot)) return;
    await this.#tell({ failed: [{ slot, reason }] });
    this.#dropped += 1;
  }

  async #tell(what: Partial<ChainBatch>): Promise<void> {
    const { commit, now } = this.#options;
    await commit(newRecord(chain, now(), { ...emptyChain, ...what }));
  }

  #refill(): void {
    const { blocksPerSecond, now } = this.#options;
    if (blocksPerSecond === undefined) return;
    const nowMs = now();
    const earned = (Math.max(0, nowMs - this.#allowedMs) / 1_000) * blocksPerSecond;
    this.#allowance = Math.min(Math.max(1, blocksPerSecond), this.#allowance + earned);
    this.#allowedMs = nowMs;
  }

  /** Blocks that no node gives to this version: not a failure to retry, but somebody must act. */
  #refuse(reason: string): void {
    if (this.#refusal !== reason) this.#options.onRefused?.(reason);
    this.#refusal = reason;
  }

  #succeed(): void {
    if (this.#up !== true) this.#options.onState?.(undefined);
    this.#up = true;
    this.#error = undefined;
  }

  #fail(error: unknown): void {
    this.#error = error instanceof Error ? error.message : String(error);
    if (this.#closed) return;
    if (this.#up !== false) this.#options.onState?.(this.#error);
    this.#up = false;
  }
}
