import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS } from "../boundaries.ts";

export const MINUTE_MS = 60_000;

/** A minute of the history, (fromMs, toMs] of event time. */
export interface Minute {
  readonly fromMs: number;
  readonly toMs: number;
  /** How much of it was counted: 60, or less if whoever counts began or ended within it. */
  readonly seconds: number;
}

/** @param counted When counting began and ended, Unix ms. */
export function minuteUpTo(
  endMs: number,
  counted: { readonly fromMs: number; readonly toMs: number },
): Minute {
  const fromMs = endMs - MINUTE_MS;
  const countedMs = Math.min(endMs, counted.toMs) - Math.max(fromMs, counted.fromMs);
  return { fromMs, toMs: endMs, seconds: Math.min(60, Math.max(0, Math.round(countedMs / 1_000))) };
}

/** The end of the minute that holds the time: as in windows, a minute is (begin, end]. */
export function minuteEnd(timeMs: number): number {
  return Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS;
}

/**
 * Decides which minutes of the history are due: one that something was counted in, once it is published as a whole; and
 * again, as a whole, if something comes late, as far back as instants may be amended. Amended ones come at the times
 * that amended instants come: with the next instant that is due or, if none is, by a tick 5 s later.
 */
export class Minutes implements Savable {
  readonly #amendmentMs: number;
  // Ends of minutes in which something was counted since they were given.
  readonly #touched: Set<number> = new Set();
  #lastEnd = Number.NaN;
  // Up to here instants were published.
  #throughMs: number = Number.NEGATIVE_INFINITY;
  // Minutes that end here or before stay as they are.
  #fixedThroughMs: number = Number.NEGATIVE_INFINITY;
  // The first tick since a minute waits to be amended.
  #waitingSinceMs: number = Number.POSITIVE_INFINITY;

  constructor({ amendmentSeconds }: { readonly amendmentSeconds: number }) {
    this.#amendmentMs = amendmentSeconds * 1_000;
  }

  /** Something was counted in a window at the time. */
  touch(timeMs: number): void {
    const end = minuteEnd(timeMs);
    if (end === this.#lastEnd) return;
    this.#lastEnd = end;
    this.#touched.add(end);
  }

  /** Ends of the minutes that are to be given as instants up to the boundary are published, ascending. */
  through(boundaryMs: number): readonly number[] {
    const due = [...this.#amended(), ...this.#take((end) => end > this.#throughMs && end <= boundaryMs)];
    this.#throughMs = Math.max(this.#throughMs, boundaryMs);
    return due;
  }

  /** Ends of the minutes that were touched 5 s of receipt ago or longer, as far as ticks can tell. */
  tick(nowMs: number): readonly number[] {
    if (!this.#hasPast()) return [];
    this.#waitingSinceMs = Math.min(this.#waitingSinceMs, nowMs);
    return nowMs - this.#waitingSinceMs >= BOUNDARY_MS ? this.#amended() : [];
  }

  /** Gives what waits to be amended for the last time: what is complete up to here is not given again. */
  fix(): readonly number[] {
    const due = this.#amended();
    this.#fixedThroughMs = Math.max(this.#fixedThroughMs, this.#throughMs);
    return due;
  }

  /** Ends of all minutes that still wait, ascending: nothing more comes. */
  rest(): readonly number[] {
    return [...this.#amended(), ...this.#take(() => true)];
  }

  save(): Saved {
    return {
      touched: Float64Array.from(this.#touched),
      throughMs: this.#throughMs,
      fixedThroughMs: this.#fixedThroughMs,
      waitingSinceMs: this.#waitingSinceMs,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved minutes", saved);
    for (const end of fields.doubles("touched")) this.#touched.add(end);
    this.#throughMs = fields.number("throughMs");
    this.#fixedThroughMs = fields.number("fixedThroughMs");
    this.#waitingSinceMs = fields.number("waitingSinceMs");
  }

  #hasPast(): boolean {
    for (const end of this.#touched) if (end <= this.#throughMs) return true;
    return false;
  }

  /** Of what is too old to be amended the windows have forgotten a part: that stays as it was given. */
  #amended(): readonly number[] {
    this.#waitingSinceMs = Number.POSITIVE_INFINITY;
    const oldestMs = Math.max(this.#throughMs - this.#amendmentMs, this.#fixedThroughMs);
    return this.#take((end) => end <= this.#throughMs).filter((end) => end > oldestMs);
  }

  #take(isDue: (end: number) => boolean): number[] {
    const due = [...this.#touched].filter(isDue).sort((a, b) => a - b);
    for (const end of due) this.#touched.delete(end);
    this.#lastEnd = Number.NaN;
    return due;
  }
}
