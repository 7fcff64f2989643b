import type { Labels } from "./metric-family.ts";

/**
 * The beginnings of a sample's lines, up to the value: one for a number; for a histogram its buckets, then sum and
 * count. Each starts with the line feed of the line before, so a line is written in two pieces and not in three.
 */
export type Prefixes = readonly Uint8Array[];

/**
 * The last prefixes of a family's samples, by their place among the samples. They are reused if the labels at that
 * place are the same as last time: usually they are the same object; otherwise their values are compared.
 * (A WeakMap by label object costs three times as much, and does not help with new objects.)
 */
export class PrefixCache {
  readonly #make: (labels: Labels) => Prefixes;
  readonly #labels: Labels[] = [];
  readonly #prefixes: Prefixes[] = [];

  constructor(make: (labels: Labels) => Prefixes) {
    this.#make = make;
  }

  /** Forgets the prefixes of samples from this place on. */
  keep(samples: number): void {
    if (this.#labels.length <= samples) return;
    this.#labels.length = samples;
    this.#prefixes.length = samples;
  }

  /** The prefixes of the sample at a place. Ask in ascending order. */
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
