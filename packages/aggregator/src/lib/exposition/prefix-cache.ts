import type { Labels } from "@slipstream/engine";

/**
 * Beginnings of a sample's lines, up to the value: one for a number; buckets, then sum and count, for a histogram. Each
 * starts with the line feed that ends the line before, so that a line is written in two pieces and not in three.
 */
export type Prefixes = readonly Uint8Array[];

/**
 * The prefixes of a family's samples as they were last, by their place among the samples. A place whose labels say what
 * they said last time gives the same prefixes: most often they are the same object, and a look at their values else.
 * (A WeakMap by label object costs three times as much, and nothing is gained by it for objects made anew.)
 */
export class PrefixCache {
  readonly #make: (labels: Labels) => Prefixes;
  readonly #labels: Labels[] = [];
  readonly #prefixes: Prefixes[] = [];

  constructor(make: (labels: Labels) => Prefixes) {
    this.#make = make;
  }

  /** Forgets what is kept beyond so many samples. */
  keep(samples: number): void {
    if (this.#labels.length <= samples) return;
    this.#labels.length = samples;
    this.#prefixes.length = samples;
  }

  /** The prefixes of the sample at a place. Places are asked for in ascending order. */
  at(index: number, labels: Labels): Prefixes {
    const last = this.#labels[index];
    const known = this.#prefixes[index];
    if (last === labels && known !== undefined) return known;
    const prefixes =
      last !== undefined && known !== undefined && sameLabels(last, labels) ? known : this.#make(labels);
    this.#labels[index] = labels;
    this.#prefixes[index] = prefixes;
    return prefixes;
  }
}

/** Whether two label sets have the same names and values in the same order. */
function sameLabels(left: Labels, right: Labels): boolean {
  const names = Object.keys(left);
  const others = Object.keys(right);
  if (names.length !== others.length) return false;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (name !== others[index] || left[name] !== right[name]) return false;
  }
  return true;
}
