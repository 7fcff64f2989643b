import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { OTHER } from "./by-label/told-apart.ts";

/** Values of a label that are told apart: the first so many; those that come later are one, "other". */
export class BoundedLabels implements Savable {
  readonly #most: number;
  readonly #known: Set<string> = new Set();

  constructor(most: number) {
    this.#most = most;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#most) return OTHER;
    this.#known.add(value);
    return value;
  }

  save(): Saved {
    return [...this.#known];
  }

  load(saved: Saved): void {
    for (const value of new SavedFields("saved labels", { values: saved }).texts("values"))
      this.#known.add(value);
  }
}
