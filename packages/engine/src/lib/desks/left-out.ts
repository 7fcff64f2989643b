import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { shortName } from "../attributes.ts";
import type { DeskBatch } from "./split.ts";

/** Names of desks that are remembered. */
const MOST_NAMES = 16;

/** Data of desks that have no statistics: there are too many desks, or the name is none. */
export interface LeftOutCounts {
  readonly spans: number;
  /** Metric points. */
  readonly points: number;
  /** The first of the desks. */
  readonly desks: readonly string[];
}

/** Counts what no statistic counts. */
export class LeftOut implements Savable {
  #spans = 0;
  #points = 0;
  readonly #desks: Set<string> = new Set();

  get counts(): LeftOutCounts {
    return { spans: this.#spans, points: this.#points, desks: [...this.#desks] };
  }

  /** How many desks are named. */
  get named(): number {
    return this.#desks.size;
  }

  add(desk: string, batch: DeskBatch): void {
    if (batch.kind === "traces") this.#spans += batch.spans.length;
    else this.#points += batch.points.length;
    if (this.#desks.size < MOST_NAMES) this.#desks.add(shortName(desk));
  }

  save(): Saved {
    return { ...this.counts };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved counts of data left out", saved);
    this.#spans = fields.number("spans");
    this.#points = fields.number("points");
    for (const desk of fields.texts("desks")) this.#desks.add(desk);
  }
}
