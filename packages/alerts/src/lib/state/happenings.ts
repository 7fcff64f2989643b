import { type Saved, SavedFields } from "@slipstream/stats";

/** Most keys that are remembered of a rule. */
const MOST_KEYS = 400;

/** What has happened already, so that it is reported once. */
export class Happenings {
  /** By rule, the latest keys last. */
  readonly #keys: Map<string, Set<string>> = new Map();
  readonly #counts: Map<string, number> = new Map();

  /** Which happening of its rule this one is: 1, 2, ...; undefined if it was counted before. */
  count(rule: string, key: string): number | undefined {
    const keys = this.#keys.get(rule) ?? new Set();
    if (keys.has(key)) return undefined;
    keys.add(key);
    for (const oldest of keys) {
      if (keys.size <= MOST_KEYS) break;
      keys.delete(oldest);
    }
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#keys.set(rule, keys);
    this.#counts.set(rule, count);
    return count;
  }

  forgetRule(rule: string): void {
    this.#keys.delete(rule);
    this.#counts.delete(rule);
  }

  save(): Saved {
    return Array.from(this.#keys, ([rule, keys]) => ({
      rule,
      keys: [...keys],
      count: this.#counts.get(rule) ?? 0,
    }));
  }

  load(saved: readonly Saved[]): void {
    for (const one of saved) {
      const fields = new SavedFields("saved happenings", one);
      this.#keys.set(fields.text("rule"), new Set(fields.texts("keys")));
      this.#counts.set(fields.text("rule"), fields.number("count"));
    }
  }
}
