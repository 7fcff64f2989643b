interface Entry {
  readonly key: number;
  readonly number: number;
  readonly action: () => void;
}

/** Actions by slot, in order of their keys; with equal keys, in order of addition. */
export class Agenda {
  readonly #slots = new Map<number, Entry[]>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#slots.size === 0;
  }

  add(slot: number, key: number, action: () => void): void {
    const entry = { key, number: this.#count++, action };
    const entries = this.#slots.get(slot);
    if (entries === undefined) this.#slots.set(slot, [entry]);
    else entries.push(entry);
  }

  /** Runs all actions of a slot, including those that they add for the same slot. */
  run(slot: number): void {
    const entries = this.#slots.get(slot);
    if (entries === undefined) return;
    entries.sort(byKey);
    for (let at = 0; at < entries.length; at++) {
      const known = entries.length;
      entries[at]?.action();
      if (entries.length > known) sortFrom(entries, at + 1);
    }
    this.#slots.delete(slot);
  }
}

function sortFrom(entries: Entry[], from: number): void {
  const rest = entries.splice(from).sort(byKey);
  entries.push(...rest);
}

function byKey(a: Entry, b: Entry): number {
  return a.key - b.key || a.number - b.number;
}
