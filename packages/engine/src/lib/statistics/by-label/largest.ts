import type { Mergeable } from "@slipstream/stats";
import { OTHER } from "./told-apart.ts";

export interface LargestOptions<T, L> {
  /** Values that are shown. */
  readonly most: number;
  /** How many events. */
  readonly sizeOf: (of: T) => number;
  readonly create: () => T;
  readonly labelsOf: (value: string) => L;
}

/** A value's labels, and what is known of it. */
export type Shown<T, L> = L & { readonly of: T };

/** The values with the most events, the largest first. What is beyond the limit is "other", which comes last. */
export class Largest<T extends Mergeable<T>, L extends object> {
  readonly #options: LargestOptions<T, L>;
  // Of what was shown last: whoever writes `/metrics` looks whether the labels are still the same.
  #labels: ReadonlyMap<string, L> = new Map();

  constructor(options: LargestOptions<T, L>) {
    this.#options = options;
  }

  of(byValue: ReadonlyMap<string, T>): readonly Shown<T, L>[] {
    const { most, sizeOf, create, labelsOf } = this.#options;
    const values: (readonly [string, T])[] = [];
    let other: T | undefined;
    const addOther = (of: T): void => {
      other ??= create();
      other.merge(of);
    };
    for (const [value, of] of byValue) {
      // What was counted may have been taken back.
      if (sizeOf(of) === 0) continue;
      if (value === OTHER) addOther(of);
      else values.push([value, of]);
    }
    values.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
    for (const [, of] of values.splice(most)) addOther(of);
    if (other !== undefined) values.push([OTHER, other]);
    const shown = values.map(([value, of]) => ({
      value,
      labels: this.#labels.get(value) ?? labelsOf(value),
      of,
    }));
    this.#labels = new Map(shown.map(({ value, labels }) => [value, labels]));
    return shown.map(({ labels, of }) => ({ ...labels, of }));
  }
}
