import type { DashboardPoint, Dashboards, DayCount } from "../dashboards/dashboards.ts";
import { dayMs, daysBetween, oldestRetained } from "../dashboards/retention.ts";

type Chunks = AsyncGenerator<readonly DashboardPoint[], void>;

/**
 * A start writes so much again before the newest instant: the process that was here before may have died before it wrote an
 * amendment. More than the longest horizon of amendment, an hour.
 */
const startGapMs = 3_900_000;
/** Where days stay short although they were repaired, the next repair for that reason waits so long. */
const pauseMs = 60_000;

export interface RepairOptions {
  readonly store: Dashboards;
  /** Holds every instant that `store` should hold. */
  readonly complete: Dashboards;
  readonly now: () => number;
  /** Event time that has been published up to, Unix ms; undefined before the first event. Behind `now` in a backlog. */
  readonly watermark?: (() => number | undefined) | undefined;
  /** Instants in a chunk. */
  readonly chunkSize: number;
}

/**
 * What must be written again into a store that was away or lost its data: every instant from the gap on (dropped, or
 * amended while the store was away), and each day of which the store holds fewer instants than there are.
 */
export class Repair {
  readonly #options: RepairOptions;
  #wanted = true;
  #chunks: Chunks | undefined;
  /** Oldest instant that may be missing or unamended. */
  #gapFromMs: number;
  /** The gap that the chunks under way close; it is open until the last of them is written. */
  #closingFromMs = Number.POSITIVE_INFINITY;
  #finishedMs = Number.NEGATIVE_INFINITY;

  constructor(options: RepairOptions) {
    this.#options = options;
    const nowMs = options.now();
    this.#gapFromMs = Math.min(nowMs, options.watermark?.() ?? nowMs) - startGapMs;
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** An instant was dropped unwritten. */
  noteGap(timeMs: number): void {
    this.#gapFromMs = Math.min(this.#gapFromMs, timeMs);
    this.#wanted = true;
  }

  /** The store failed: what it held may be gone, and chunks under way begin anew. */
  storeFailed(): void {
    this.#gapFromMs = Math.min(this.#gapFromMs, this.#closingFromMs);
    this.#closingFromMs = Number.POSITIVE_INFINITY;
    this.#chunks = undefined;
    this.#wanted = true;
  }

  /** Compares what the store says that it holds with what there is; to be called when nothing waits to be written. */
  async check(counts: readonly DayCount[]): Promise<void> {
    if (this.#wanted || this.#options.now() - this.#finishedMs < pauseMs) return;
    for (const { dayMs: day, instants } of counts) {
      if (instants < (await this.#options.complete.count(day))) this.#wanted = true;
    }
  }

  /** The next instants to write; undefined where the store holds all. */
  async next(): Promise<readonly DashboardPoint[] | undefined> {
    this.#chunks ??= this.#begin();
    const chunk = await this.#chunks.next();
    if (chunk.done !== true) return chunk.value;
    this.#chunks = undefined;
    this.#closingFromMs = Number.POSITIVE_INFINITY;
    this.#finishedMs = this.#options.now();
    this.#wanted = this.#gapFromMs < Number.POSITIVE_INFINITY;
    return undefined;
  }

  #begin(): Chunks {
    this.#closingFromMs = this.#gapFromMs;
    this.#gapFromMs = Number.POSITIVE_INFINITY;
    return missingChunks(this.#options, this.#closingFromMs);
  }
}

async function* missingChunks({ store, complete, now, chunkSize }: RepairOptions, gapFromMs: number): Chunks {
  const from = oldestRetained(now());
  // One day on: event time may be a little ahead of this clock.
  for (const day of daysBetween(from, now() + dayMs)) {
    const isShort = (await store.count(day)) < (await complete.count(day));
    const points = await complete.series(isShort ? day : Math.max(day, gapFromMs), day + dayMs - 1);
    for (let index = 0; index < points.length; index += chunkSize) {
      yield points.slice(index, index + chunkSize);
    }
  }
}
