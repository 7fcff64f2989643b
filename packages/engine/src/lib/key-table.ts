import { type Savable, type Saved, SavedFields } from "@slipstream/stats";

const FIRST_SLOTS = 1 << 10;
const FULL = 7 / 8;
const WORD = 2 ** 32;

/** Bits of a key's low word that carry a mark and are not compared. */
export const MARK_BITS = 3;

/**
 * A set of 64-bit keys, each with a mark of 0 to 3, 8 bytes a slot: open addressing with linear probing,
 * Robin Hood order (P. Celis, 1986: a key further from its home slot goes first), so that a key which is not
 * there is known after a few steps even if seven of eight slots are taken. Grows on demand, never shrinks.
 * High words are not 0.
 */
export class KeyTable implements Savable {
  /** Keys from which on it is `full`. */
  limit: number;
  #slots: number;
  #slotsPerKey: number;
  // High and low word of each slot in turn; a high word of 0 is an empty slot.
  #words: Uint32Array;
  #size = 0;

  /** @param limit keys from which on it is `full` */
  constructor(limit: number) {
    this.limit = limit;
    this.#slots = Math.min(FIRST_SLOTS, slotsFor(limit));
    this.#slotsPerKey = this.#slots / WORD;
    this.#words = new Uint32Array(2 * this.#slots);
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= this.limit;
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.#words.byteLength;
  }

  /** The key's mark; -1 if the key is not in the table. */
  find(high: number, low: number): number {
    if (this.#size === 0) return -1;
    const words = this.#words;
    const end = words.length;
    const wanted = low & ~MARK_BITS;
    let at = this.#home(high);
    for (let distance = 0; ; distance += 2) {
      const h = words[at] as number;
      if (h === 0) return -1;
      const l = words[at + 1] as number;
      if (h === high && (l & ~MARK_BITS) === wanted) return l & MARK_BITS;
      if (distance > this.#distance(h, at)) return -1;
      at += 2;
      if (at === end) at = 0;
    }
  }

  /**
   * Reads the place where the key would be. The result means nothing, but use it: otherwise the read may be
   * optimised away.
   */
  touch(high: number): number {
    return this.#words[this.#home(high)] as number;
  }

  /**
   * Adds a key that is not there yet; its mark is the low bits of `low`. The caller looks whether it is
   * `full`.
   */
  add(high: number, low: number): void {
    if (this.#size + 1 > this.#slots * FULL) this.#resize(this.#nextSlots());
    this.#insert(high, low);
    this.#size += 1;
  }

  /**
   * Adds many keys that are not there yet, high and low word in turn. Three times as fast as one by one:
   * roughly sorted by their home slots, they are written to places that the processor's cache already holds.
   */
  addAll(keys: Uint32Array): void {
    const size = this.#size + keys.length / 2;
    if (size > this.#slots * FULL) this.#resize(slotsFor(size));
    const sorted = byHigh(keys);
    for (let i = 0; i < sorted.length; i += 2) this.#insert(sorted[i] as number, sorted[i + 1] as number);
    this.#size = size;
  }

  /** Forgets every key. Keeps the memory, but for what a lower limit has made needless. */
  clear(): void {
    this.#size = 0;
    const most = slotsFor(this.limit);
    if (this.#slots <= most) {
      this.#words.fill(0);
    } else {
      this.#words = new Uint32Array(0);
      this.#resize(most);
    }
  }

  /** All slots as they are: much less work than looking for the taken ones, and not much more memory. */
  save(): Saved {
    return { size: this.#size, words: this.#words.slice() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved key table", saved);
    const words = fields.words("words");
    let size = 0;
    for (let at = 0; at < words.length; at += 2) if (words[at] !== 0) size += 1;
    const slots = words.length / 2;
    if (size !== fields.number("size") || !Number.isInteger(slots) || size >= slots) {
      throw new TypeError("Not a saved key table: its keys do not fit its slots");
    }
    this.#slots = slots;
    this.#slotsPerKey = slots / WORD;
    this.#words = words.slice();
    this.#size = size;
  }

  #home(high: number): number {
    return 2 * Math.floor(high * this.#slotsPerKey);
  }

  #distance(high: number, at: number): number {
    const distance = at - this.#home(high);
    return distance < 0 ? distance + this.#words.length : distance;
  }

  #insert(newHigh: number, newLow: number): void {
    const words = this.#words;
    const end = words.length;
    let high = newHigh;
    let low = newLow;
    let at = this.#home(high);
    for (let distance = 0; ; distance += 2) {
      const h = words[at] as number;
      const otherDistance = h === 0 ? -1 : this.#distance(h, at);
      if (distance > otherDistance) {
        const l = words[at + 1] as number;
        words[at] = high;
        words[at + 1] = low;
        if (h === 0) return;
        high = h;
        low = l;
        distance = otherDistance;
      }
      at += 2;
      if (at === end) at = 0;
    }
  }

  // Twice as many, but no more than the limit needs, unless it holds more than that already.
  #nextSlots(): number {
    return Math.min(2 * this.#slots, slotsFor(Math.max(this.limit, this.#size + 1)));
  }

  #resize(slots: number): void {
    const old = this.#words;
    this.#slots = slots;
    this.#slotsPerKey = slots / WORD;
    this.#words = new Uint32Array(2 * slots);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] as number;
      if (high !== 0) this.#insert(high, old[at + 1] as number);
    }
  }
}

const SORTED_BITS = 8;

/** The keys in the order of the first bits of their high word. */
function byHigh(keys: Uint32Array): Uint32Array {
  const shift = 32 - SORTED_BITS;
  // Where the keys of each value of those bits begin.
  const places = new Uint32Array(2 ** SORTED_BITS + 1);
  for (let i = 0; i < keys.length; i += 2) {
    const next = 1 + ((keys[i] as number) >>> shift);
    places[next] = (places[next] as number) + 2;
  }
  for (let i = 1; i < places.length; i += 1) places[i] = (places[i] as number) + (places[i - 1] as number);
  const sorted = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i += 2) {
    const high = keys[i] as number;
    const at = places[high >>> shift] as number;
    places[high >>> shift] = at + 2;
    sorted[at] = high;
    sorted[at + 1] = keys[i + 1] as number;
  }
  return sorted;
}

function slotsFor(limit: number): number {
  return Math.ceil(limit / FULL) + 1;
}
