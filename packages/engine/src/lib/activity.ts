import { type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter, FRESH_MS } from "./boundaries.ts";
import type { Migrations, Part } from "./parts/part.ts";

/** Enough for the longest window and the longest time in which it may be amended. */
const MOST_MARKS = 2_048;

/**
 * The panes of event time in which any service gave a sign of life. A desk that lives and trades nothing has
 * 0 trades a minute; one that was not heard of has an unknown number. By event time, so that a backlog gives
 * the same result as it would have given live.
 */
export class Activity implements Part {
  readonly version = 2;
  readonly migrations: Migrations = { 1: withFirsts };
  // Ends of panes, ascending. At most MOST_MARKS: the earliest go first.
  #marks: number[] = [];
  // The earliest sign of life in each of these panes.
  #firsts: number[] = [];
  #newestMark = Number.NEGATIVE_INFINITY;
  // The newest mark that is no longer there.
  #forgottenMark = Number.NEGATIVE_INFINITY;

  mark(timeMs: number): void {
    if (timeMs <= this.#newestMark && timeMs > this.#newestMark - BOUNDARY_MS) {
      this.#earlier(this.#marks.length - 1, timeMs);
      return;
    }
    const end = boundaryAtOrAfter(timeMs);
    if (end > this.#newestMark) {
      this.#newestMark = end;
      this.#marks.push(end);
      this.#firsts.push(timeMs);
    } else {
      const at = this.#firstAtOrAfter(end);
      if (this.#marks[at] === end) {
        this.#earlier(at, timeMs);
        return;
      }
      this.#marks.splice(at, 0, end);
      this.#firsts.splice(at, 0, timeMs);
    }
    if (this.#marks.length > MOST_MARKS) this.#forget(1);
  }

  /** Takes back the signs of life between two times: what was placed there came from a wrong clock. */
  unmark(fromMs: number, toMs: number): void {
    const at = this.#firstAtOrAfter(boundaryAtOrAfter(fromMs));
    const count = this.#firstAtOrAfter(boundaryAtOrAfter(toMs) + 1) - at;
    if (count <= 0) return;
    this.#marks.splice(at, count);
    this.#firsts.splice(at, count);
    this.#newestMark = this.#marks.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether a service was heard of in the minute up to the boundary. */
  liveAt(boundaryMs: number): boolean {
    const mark = this.#marks[this.#firstAtOrAfter(boundaryMs - FRESH_MS + BOUNDARY_MS)];
    return mark !== undefined && mark <= boundaryMs;
  }

  /** The first boundary from `boundaryMs` on at which a service is live; undefined if none is known. */
  nextLive(boundaryMs: number): number | undefined {
    return this.liveAt(boundaryMs) ? boundaryMs : this.#marks[this.#firstAtOrAfter(boundaryMs)];
  }

  /**
   * When the services were first heard of after the last silence of a minute before the boundary. undefined if
   * that is in the pane after `horizonMs` or before, or no longer known.
   */
  liveSince(boundaryMs: number, horizonMs: number): number | undefined {
    let at = this.#firstAtOrAfter(boundaryMs + 1) - 1;
    let mark = this.#marks[at];
    while (mark !== undefined && mark - BOUNDARY_MS > horizonMs) {
      const before = at === 0 ? this.#forgottenMark : (this.#marks[at - 1] as number);
      if (mark - before > FRESH_MS) return this.#firsts[at];
      at -= 1;
      mark = this.#marks[at];
    }
    return undefined;
  }

  /** Forgets what can no longer matter: signs of life more than a minute before the time. */
  advance(fromMs: number): void {
    const keep = this.#firstAtOrAfter(fromMs - FRESH_MS);
    if (keep > 0) this.#forget(keep);
  }

  save(): Saved {
    return {
      marks: Float64Array.from(this.#marks),
      firsts: Float64Array.from(this.#firsts),
      newestMark: this.#newestMark,
      forgottenMark: this.#forgottenMark,
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved signs of life", saved);
    this.#marks = [...fields.doubles("marks")];
    this.#firsts = [...fields.doubles("firsts", this.#marks.length)];
    this.#newestMark = fields.number("newestMark");
    this.#forgottenMark = fields.number("forgottenMark");
  }

  #earlier(at: number, timeMs: number): void {
    if (timeMs < (this.#firsts[at] ?? Number.NEGATIVE_INFINITY)) this.#firsts[at] = timeMs;
  }

  #forget(count: number): void {
    this.#forgottenMark = this.#marks.splice(0, count).at(-1) ?? this.#forgottenMark;
    this.#firsts.splice(0, count);
  }

  #firstAtOrAfter(timeMs: number): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#marks[middle] as number) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Version 1 kept only the ends of panes. What was before the first of them is not known. */
function withFirsts(saved: Saved): Saved {
  const fields = new SavedFields("saved signs of life", saved);
  const marks = fields.doubles("marks");
  return {
    marks,
    firsts: marks.map((mark) => mark - BOUNDARY_MS),
    newestMark: fields.number("newestMark"),
    forgottenMark: marks[0] ?? fields.number("newestMark"),
  };
}
