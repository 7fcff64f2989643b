import type { Mergeable } from "./mergeable.ts";
import { type Savable, type Saved, SavedFields } from "./saved.ts";

export interface PaneOptions<T> {
  /** Width of a pane. */
  readonly paneMs: number;
  /** How far a pane's end may lie behind the time passed to `advance`. */
  readonly keepMs: number;
  /** Creates an empty statistic. */
  readonly create: () => T;
}

/** The newest panes of a range, which mostly change until it is merged again. */
const OPEN_PANES = 3;
/** Fewer panes are merged as fast as what was kept of them is copied. */
const LEAST_KEPT = 8;

/**
 * Event time divided into panes of equal width, each with its own statistic. Any window that starts and ends
 * on pane edges is the merge of its panes. A pane covers (start, start + paneMs]: an event exactly on an edge
 * belongs to the pane that ends there.
 *
 * Panes exist only if they hold events, and there are never more than `2 * ceil(keepMs / paneMs) + 2`. Beyond
 * that the earliest is dropped, as if `advance` had been called, so events scattered over years cannot use
 * more memory.
 */
export class PaneWindow<T extends Mergeable<T> & Savable> implements Savable {
  readonly #options: PaneOptions<T>;
  readonly #maxPanes: number;
  // By pane number: start / paneMs.
  readonly #panes: Map<number, T> = new Map();
  // The saved form of panes that have not been handed out since they were saved.
  readonly #saved: Map<number, Saved> = new Map();
  // Panes below this number have been dropped.
  #firstKept = Number.NEGATIVE_INFINITY;
  #lastNumber = Number.NaN;
  #lastPane: T | undefined;
  // The merge of panes none of which was handed out since.
  #merged: { readonly from: number; readonly to: number; readonly result: T } | undefined;

  /** @throws RangeError if `paneMs` is not a positive integer or `keepMs` is shorter than a pane. */
  constructor(options: PaneOptions<T>) {
    const { paneMs, keepMs } = options;
    if (!Number.isSafeInteger(paneMs) || paneMs < 1) {
      throw new RangeError(`paneMs must be a positive integer, not ${paneMs}`);
    }
    if (!(keepMs >= paneMs && keepMs < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`keepMs must be finite and at least paneMs (${paneMs}), not ${keepMs}`);
    }
    this.#options = options;
    this.#maxPanes = 2 * Math.ceil(keepMs / paneMs) + 2;
  }

  /** Number of panes held. */
  get size(): number {
    return this.#panes.size;
  }

  /**
   * The pane for `timeMs`, created on first use. Undefined if `timeMs` is older than the panes kept. Ask for
   * the pane again after `save` and `merged`: the window has to know which panes may have changed.
   */
  at(timeMs: number): T | undefined {
    const number = this.#numberOf(timeMs);
    if (number === this.#lastNumber) return this.#lastPane;
    if (!(number >= this.#firstKept && Number.isFinite(number))) return undefined;
    if (this.#merged !== undefined && number >= this.#merged.from && number < this.#merged.to)
      this.#merged = undefined;
    let pane = this.#panes.get(number);
    if (pane === undefined) {
      if (this.#panes.size === this.#maxPanes && !this.#dropEarliest(number)) return undefined;
      pane = this.#options.create();
      this.#panes.set(number, pane);
    } else {
      this.#saved.delete(number);
    }
    this.#lastNumber = number;
    this.#lastPane = pane;
    return pane;
  }

  /**
   * A new statistic that merges all panes within (fromMs, toMs], earliest first. Of a long range, the merge of the panes that hardly
   * change any more is kept for the next time.
   *
   * @throws RangeError if either time is not a multiple of `paneMs`.
   */
  merged(fromMs: number, toMs: number): T {
    const from = this.#edge(fromMs);
    const to = this.#edge(toMs);
    const result = this.#options.create();
    const closed = to - OPEN_PANES;
    if (closed - from >= LEAST_KEPT) {
      result.merge(this.#closed(from, closed));
      this.#mergeAll(result, closed, to);
    } else this.#mergeAll(result, from, to);
    return result;
  }

  /**
   * Drops the panes that end at or before `toMs - keepMs`. Time never goes back: an earlier `toMs` does
   * nothing.
   */
  advance(toMs: number): void {
    const firstKept = Math.floor((toMs - this.#options.keepMs) / this.#options.paneMs);
    if (firstKept > this.#firstKept) this.#dropBelow(firstKept);
  }

  /**
   * Saves only the panes that were handed out since the last call, so the cost is that of the newest few
   * panes.
   */
  save(): Saved {
    // Otherwise `at` would not notice that the last pane is requested again.
    this.#lastNumber = Number.NaN;
    this.#lastPane = undefined;
    const numbers = Float64Array.from(this.#panes.keys());
    return { firstKept: this.#firstKept, numbers, panes: Array.from(numbers, (n) => this.#savedPane(n)) };
  }

  /** The saved window may have been longer or shorter. If it was longer, the latest panes are kept. */
  load(saved: Saved): void {
    const fields = new SavedFields("a saved window", saved);
    const panes = fields.list("panes");
    const numbers = fields.doubles("numbers", panes.length);
    this.#firstKept = fields.number("firstKept");
    this.#merged = undefined;
    for (const [i, number] of numbers.entries()) {
      const pane = this.#options.create();
      pane.load(panes[i]);
      this.#panes.set(number, pane);
      this.#saved.set(number, panes[i]);
    }
    if (this.#panes.size > this.#maxPanes) this.#dropBelow(this.#numbers().at(-this.#maxPanes) ?? 0);
  }

  #closed(from: number, to: number): T {
    const kept = this.#merged;
    if (kept !== undefined && kept.from === from && kept.to === to) return kept.result;
    const result = this.#options.create();
    this.#mergeAll(result, from, to);
    this.#merged = { from, to, result };
    // Otherwise `at` would not notice that the last pane is requested again.
    this.#lastNumber = Number.NaN;
    this.#lastPane = undefined;
    return result;
  }

  #mergeAll(result: T, from: number, to: number): void {
    if (to - from > this.#panes.size) {
      for (const number of this.#numbers()) {
        if (number >= from && number < to) this.#mergeInto(result, number);
      }
    } else {
      for (let number = from; number < to; number += 1) this.#mergeInto(result, number);
    }
  }

  #savedPane(number: number): Saved {
    let saved = this.#saved.get(number);
    if (saved === undefined) {
      saved = this.#panes.get(number)?.save();
      this.#saved.set(number, saved);
    }
    return saved;
  }

  #numberOf(timeMs: number): number {
    const { paneMs } = this.#options;
    const number = Math.ceil(timeMs / paneMs) - 1;
    // The division may round to an edge on which the time does not lie.
    if (timeMs > (number + 1) * paneMs) return number + 1;
    return timeMs <= number * paneMs ? number - 1 : number;
  }

  #edge(timeMs: number): number {
    const number = timeMs / this.#options.paneMs;
    if (Number.isSafeInteger(number)) return number;
    throw new RangeError(
      `A window must begin and end on a multiple of ${this.#options.paneMs} ms, not at ${timeMs}`,
    );
  }

  #numbers(): number[] {
    return [...this.#panes.keys()].sort((a, b) => a - b);
  }

  #mergeInto(result: T, number: number): void {
    const pane = this.#panes.get(number);
    if (pane !== undefined) result.merge(pane);
  }

  /**
   * Makes room for pane `number`. Returns false if that pane would be the earliest, that is the one to drop.
   */
  #dropEarliest(number: number): boolean {
    let earliest = number;
    for (const held of this.#panes.keys()) earliest = Math.min(earliest, held);
    this.#dropBelow(earliest + 1);
    return number > earliest;
  }

  #dropBelow(firstKept: number): void {
    this.#firstKept = firstKept;
    if (this.#merged !== undefined && this.#merged.from < firstKept) this.#merged = undefined;
    for (const number of this.#panes.keys()) {
      if (number >= firstKept) continue;
      this.#panes.delete(number);
      this.#saved.delete(number);
    }
    if (this.#lastNumber < firstKept) {
      this.#lastNumber = Number.NaN;
      this.#lastPane = undefined;
    }
  }
}
