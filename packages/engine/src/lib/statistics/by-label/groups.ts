import { type Mergeable, type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { MINUTE_MS } from "../../history/minutes.ts";
import type { EngineOptions } from "../../options.ts";
import { CoarseWindow } from "./coarse-window.ts";
import { OTHER } from "./told-apart.ts";

/** In each minute so many times more values have a place of their own than are shown, for values may change places. */
const PLACES = 2;

/**
 * One of something for each value of a label, at most so many beside "other". What a value is counted as here never changes:
 * one that comes when all places are taken is "other" for good.
 */
export class Groups<T extends Mergeable<T> & Savable> implements Mergeable<Groups<T>>, Savable {
  readonly byValue: Map<string, T> = new Map();
  #most: number;
  readonly #create: () => T;

  constructor(most: number, create: () => T) {
    this.#most = most;
    this.#create = create;
  }

  of(value: string): T {
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const isFull = value !== OTHER && this.byValue.size >= this.#most;
    return this.#at(isFull ? OTHER : value);
  }

  merge(other: Groups<T>): void {
    for (const [value, each] of other.byValue) this.#at(value).merge(each);
  }

  save(): Saved {
    return {
      most: this.#most,
      values: [...this.byValue.keys()],
      groups: Array.from(this.byValue.values(), (each) => each.save()),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved groups", saved);
    // What a value is counted as must not change, even if the limit does.
    this.#most = fields.number("most");
    const groups = fields.list("groups");
    for (const [i, value] of fields.texts("values").entries()) this.#at(value).load(groups[i]);
  }

  #at(value: string): T {
    let group = this.byValue.get(value);
    if (group === undefined) {
      group = this.#create();
      this.byValue.set(value, group);
    }
    return group;
  }
}

/** Groups in minutes, over the percentile window. Beyond it, minutes are kept only as long as their rows can be amended. */
export function groupsByMinute<T extends Mergeable<T> & Savable>(
  { percentileWindowSeconds: seconds, amendmentSeconds, maxLabelValues }: EngineOptions,
  create: () => T,
): CoarseWindow<Groups<T>> {
  return new CoarseWindow({
    seconds,
    paneMs: MINUTE_MS,
    amendmentSeconds: Math.max(0, amendmentSeconds - seconds),
    create: () => new Groups(PLACES * maxLabelValues, create),
  });
}
