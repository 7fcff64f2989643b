import { type Saved, SavedFields } from "@slipstream/stats";
import { fromText, toText } from "./saved-text.ts";

type Pair<Entry> = readonly [key: string, entry: Entry];

/** Entries in the order in which they were put; some of them were put again since, or forgotten. */
interface Chunk<Entry> {
  readonly pairs: readonly Pair<Entry>[];
  readonly text: string;
  /** How many of them still hold. */
  live: number;
}

/** Entries of a chunk, at most. */
const MOST = 1_024;

/**
 * Saves a map of which the entry that was put last stands last, and the first is forgotten first, at the cost of what was
 * put since the last time: what was written before is given again as it is. Entries are never changed, only replaced.
 */
export class EntryChunks<Entry extends object> {
  #chunks: Chunk<Entry>[] = [];
  /** Which chunk holds the entry under a key, in the map's order. */
  readonly #at: Map<string, Chunk<Entry>> = new Map();
  readonly #written: WeakSet<Entry> = new WeakSet();

  /** @param pairs all of the map, in its order */
  save(pairs: readonly Pair<Entry>[]): Saved {
    let first = pairs.length;
    while (first > 0 && !this.#written.has((pairs[first - 1] as Pair<Entry>)[1])) first -= 1;
    for (let from = first; from < pairs.length; from += MOST)
      this.#append(pairs.slice(from, Math.min(from + MOST, pairs.length)));
    this.#forgetBeyond(pairs.length);
    this.#tidy();
    return { size: pairs.length, chunks: this.#chunks.map(({ text }) => text) };
  }

  /**
   * The map's entries. To be called on one that is new.
   *
   * @throws TypeError or SyntaxError where it is not what `save` gave
   */
  load(saved: Saved): readonly Pair<Entry>[] {
    const fields = new SavedFields("saved entries", saved);
    const size = fields.number("size");
    const entries: Map<string, Entry> = new Map();
    for (const text of fields.texts("chunks")) {
      const pairs = fromText(text) as Pair<Entry>[];
      this.#append(pairs, text);
      for (const [key, entry] of pairs) {
        entries.delete(key);
        entries.set(key, entry);
      }
    }
    const pairs = [...entries].slice(-size);
    this.#forgetBeyond(size);
    return size === 0 ? [] : pairs;
  }

  #append(pairs: readonly Pair<Entry>[], text: string = toText(pairs)): void {
    const chunk: Chunk<Entry> = { pairs, text, live: 0 };
    this.#chunks.push(chunk);
    for (const [key, entry] of pairs) {
      this.#written.add(entry);
      const before = this.#at.get(key);
      if (before !== undefined) before.live -= 1;
      this.#at.delete(key);
      this.#at.set(key, chunk);
      chunk.live += 1;
    }
  }

  /** The first are forgotten, until so many are left. */
  #forgetBeyond(size: number): void {
    for (const [key, chunk] of this.#at) {
      if (this.#at.size <= size) break;
      chunk.live -= 1;
      this.#at.delete(key);
    }
  }

  /** Writes chunks anew that are mostly of the past, or small beside a small one: what is given stays in proportion. */
  #tidy(): void {
    const tidy: Chunk<Entry>[] = [];
    for (const chunk of this.#chunks) {
      if (chunk.live === 0) continue;
      const kept = chunk.live * 2 < chunk.pairs.length ? this.#joined([chunk]) : chunk;
      tidy.push(kept);
      // As a binary counter: each entry is written anew a few times at most.
      for (;;) {
        const [before, last] = [tidy.at(-2), tidy.at(-1)];
        if (before === undefined || last === undefined) break;
        if (before.live + last.live > MOST || before.live >= 2 * last.live) break;
        tidy.splice(-2, 2, this.#joined([before, last]));
      }
    }
    this.#chunks = tidy;
  }

  #joined(chunks: readonly Chunk<Entry>[]): Chunk<Entry> {
    const pairs = chunks.flatMap((chunk) => chunk.pairs.filter(([key]) => this.#at.get(key) === chunk));
    const joined: Chunk<Entry> = { pairs, text: toText(pairs), live: pairs.length };
    // Under a key that is there, so that the order stays.
    for (const [key] of pairs) this.#at.set(key, joined);
    return joined;
  }
}
