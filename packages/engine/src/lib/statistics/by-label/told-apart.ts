import { type Savable, type Saved, SavedFields } from "@slipstream/stats";

/** What all values of a label that are not told apart are counted as. */
export const OTHER = "other";

/** Values that wait for a place, for each one that has one. */
const CANDIDATES = 4;
/** A candidate needs so many times the events of the least one that is told apart. */
const LEAD = 2;

/** What is kept of a value that is told apart. */
export interface Told<T> extends Savable {
  readonly value: string;
  /** Adds what was kept of a value that lost its place. */
  merge(other: T): void;
}

interface Place<T> {
  readonly told: T;
  /** Its events, with those that it had as a candidate. */
  weight: number;
}

/**
 * Decides which values of a label are told apart: at most so many, the first ones, until another value has twice as many
 * events as the least of them and takes its place. So a flood of values that come once takes no place for long. How often
 * a value came while it had no place is counted for a few of them (J. Misra and D. Gries, 1982: the count is never too
 * high, and every value is among them that makes up a larger share of the rest than one in the number of candidates).
 *
 * What was kept of a value that loses its place goes to "other", so that the sum stays that of all events.
 */
export class ToldApart<T extends Told<T>> implements Savable {
  readonly #most: number;
  readonly #create: (value: string) => T;
  readonly #places: Map<string, Place<T>> = new Map();
  #other: T | undefined;
  readonly #candidates: Map<string, number> = new Map();
  // No place has less weight.
  #least = 0;

  /** @param most values from which on others have to take a place */
  constructor(most: number, create: (value: string) => T) {
    this.#most = most;
    this.#create = create;
  }

  /** What is told apart, "other" last if there is any. */
  *[Symbol.iterator](): Iterator<T> {
    for (const { told } of this.#places.values()) yield told;
    if (this.#other !== undefined) yield this.#other;
  }

  /** What a value is told as: itself if it has a place, or "other". */
  nameOf(value: string): string {
    return this.#places.has(value) ? value : OTHER;
  }

  /** Counts an event of the value. @returns what it belongs to: the value's own, or "other" */
  count(value: string): T {
    const place = this.#places.get(value);
    if (place !== undefined) {
      place.weight += 1;
      return place.told;
    }
    if (value === OTHER) return this.#rest();
    if (this.#places.size < this.#most) {
      this.#least = 1;
      return this.#place(value, 1);
    }
    const events = (this.#candidates.get(value) ?? 0) + 1;
    if (events >= LEAD * this.#least && this.#replaceLeast(value, events)) return this.#place(value, events);
    this.#wait(value, events);
    return this.#rest();
  }

  save(): Saved {
    const places = [...this.#places.values()];
    return {
      values: [...this.#places.keys()],
      told: places.map(({ told }) => told.save()),
      weights: Float64Array.from(places, ({ weight }) => weight),
      other: this.#other === undefined ? null : this.#other.save(),
      candidates: [...this.#candidates.keys()],
      events: Float64Array.from(this.#candidates.values()),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved values of a label", saved);
    const values = fields.texts("values");
    const told = fields.list("told");
    if (told.length !== values.length)
      throw new TypeError(`Not saved values of a label: ${values.length} values, but ${told.length} told`);
    const weights = fields.doubles("weights", values.length);
    for (const [i, value] of values.entries()) this.#place(value, weights[i] as number).load(told[i]);
    const other = fields.any("other");
    if (other !== null) this.#rest().load(other);
    const candidates = fields.texts("candidates");
    const events = fields.doubles("events", candidates.length);
    for (const [i, value] of candidates.entries()) this.#candidates.set(value, events[i] as number);
  }

  #place(value: string, weight: number): T {
    const told = this.#create(value);
    this.#places.set(value, { told, weight });
    return told;
  }

  #rest(): T {
    this.#other ??= this.#create(OTHER);
    return this.#other;
  }

  /** Makes room for a value with so many events. @returns false if none has few enough to go */
  #replaceLeast(value: string, events: number): boolean {
    let least: Place<T> | undefined;
    for (const place of this.#places.values())
      if (place.weight < (least?.weight ?? Number.POSITIVE_INFINITY)) least = place;
    if (least === undefined) return false;
    const { told, weight } = least;
    this.#least = weight;
    if (events < LEAD * weight) return false;
    this.#places.delete(told.value);
    this.#candidates.delete(value);
    this.#candidates.set(told.value, weight);
    this.#rest().merge(told);
    return true;
  }

  #wait(value: string, events: number): void {
    if (events > 1 || this.#candidates.size < CANDIDATES * this.#most) {
      this.#candidates.set(value, events);
      return;
    }
    for (const [each, count] of this.#candidates) {
      if (count > 1) this.#candidates.set(each, count - 1);
      else this.#candidates.delete(each);
    }
  }
}
