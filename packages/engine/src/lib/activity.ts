import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { BOUNDARY_MS, boundaryAtOrAfter, FRESH_MS } from "./boundaries.ts";

const MOST_MARKS = 1_024;

/**
 * The panes of event time in which any service gave a sign of life. A desk that lives and trades nothing has
 * 0 trades a minute; one that was not heard of has an unknown number. By event time, so that a backlog gives
 * the same result as it would have given live.
 */
export class Activity implements Savable {
  // Ends of panes, ascending. At most MOST_MARKS: the earliest go first.
  #marks: number[] = [];
  #newestMark = Number.NEGATIVE_INFINITY;

  mark(timeMs: number): void {
    if (timeMs <= this.#newestMark && timeMs > this.#newestMark - BOUNDARY_MS) return;
    const end = boundaryAtOrAfter(timeMs);
    if (end === this.#newestMark) return;
    if (end > this.#newestMark) {
      this.#newestMark = end;
      this.#marks.push(end);
    } else {
      const at = this.#firstAtOrAfter(end);
      if (this.#marks[at] === end) return;
      this.#marks.splice(at, 0, end);
    }
    if (this.#marks.length > MOST_MARKS) this.#marks.shift();
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

  /** Forgets what can no longer matter: signs of life more than a minute before the time. */
  advance(fromMs: number): void {
    const keep = this.#firstAtOrAfter(fromMs - FRESH_MS);
    if (keep > 0) this.#marks.splice(0, keep);
  }

  save(): Saved {
    return { marks: Float64Array.from(this.#marks), newestMark: this.#newestMark };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved signs of life", saved);
    this.#marks = [...fields.doubles("marks")];
    this.#newestMark = fields.number("newestMark");
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
