import { type Saved, SavedFields } from "@slipstream/stats";

/** Most alerts that are remembered as closed; those that were closed longest ago are forgotten. */
const MOST = 2_000;

/** Alerts that somebody has closed although their condition holds or is not known: they wait until it is known not to hold. */
export class Closed {
  readonly #ids: Set<string> = new Set();

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }

  save(): Saved {
    return [...this.#ids];
  }

  load(saved: Saved): void {
    for (const id of new SavedFields("saved closed alerts", { ids: saved }).texts("ids")) this.add(id);
  }
}
