import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { KeyTable } from "./key-table.ts";
import { AddedKeys, KeyList, type SeenKeys, type SeenSizes } from "./seen-keys.ts";
import type { SpanKey } from "./span-key.ts";

/**
 * Remembers the spans that were seen, in two generations: when the newer one holds half of the limit, the
 * older one is forgotten and they change places. So a repeat is recognised while fewer than `limit / 2` other
 * spans came between, and forgotten for certain after `limit`. The horizon counts spans, not hours: a desk
 * that was offline for a night is still recognised.
 *
 * Memory at the default of 8 Mi spans: at most 73 MiB, in typed arrays that grow with use.
 *
 * It can be saved as a whole, or key by key as they come: `takeAdded`.
 */
export class Dedupe implements Savable {
  #newer: KeyTable;
  #older: KeyTable;
  #generation = 0;
  #touched = 0;
  #added: AddedKeys | undefined;

  constructor(limit: number) {
    this.#newer = new KeyTable(halfOf(limit));
    this.#older = new KeyTable(halfOf(limit));
  }

  /** The mark (0 to 3) that the span was remembered with; -1 if it was not seen. */
  find({ high, low }: SpanKey): number {
    const mark = this.#newer.find(high, low);
    return mark >= 0 ? mark : this.#older.find(high, low);
  }

  /**
   * Brings the places of keys that will be looked up next into the processor's cache. The tables are much
   * larger than the cache: looked up one by one, each would be waited for; this way they are fetched
   * together.
   */
  touch({ high }: SpanKey): void {
    this.#touched ^= this.#newer.touch(high) ^ this.#older.touch(high);
  }

  /** Remembers a span that was not seen, with a mark of 0 to 3. */
  add({ high, low }: SpanKey, mark: number): void {
    if (this.#newer.full) this.#turn();
    this.#newer.add(high, low | mark);
    this.#added?.add(high, low | mark);
  }

  /** Spans remembered. */
  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  get sizes(): SeenSizes {
    return { generation: this.#generation, size: this.#newer.size, previous: this.#older.size };
  }

  /** Bytes of memory, without what `takeAdded` gives. */
  get bytes(): number {
    return this.#newer.bytes + this.#older.bytes;
  }

  /**
   * Sets another limit. What is remembered beyond a lower one is forgotten at the next change of generations.
   */
  resize(limit: number): void {
    this.#newer.limit = halfOf(limit);
    this.#older.limit = halfOf(limit);
  }

  /** From now on `takeAdded` returns what is added. */
  track(): void {
    this.#added = new AddedKeys(this.#generation, this.#newer.size);
  }

  /** The keys added since the last call, or since `track`; without those that were forgotten meanwhile. */
  takeAdded(): readonly SeenKeys[] {
    return this.#added?.take() ?? [];
  }

  /**
   * Loads the keys that `takeAdded` returned, in the same order. Keys given twice are read once, and keys
   * beyond the `sizes` are skipped. To be called on a new table.
   *
   * @throws TypeError if keys are missing.
   */
  loadKeys(sizes: SeenSizes, chunks: Iterable<SeenKeys>): void {
    const { generation, size, previous } = sizes;
    const newer = new KeyList(size);
    const older = new KeyList(previous);
    for (const chunk of chunks) {
      if (chunk.generation === generation) newer.add(chunk);
      else if (chunk.generation === generation - 1) older.add(chunk);
    }
    this.#generation = generation;
    this.#newer.addAll(newer.all());
    this.#older.addAll(older.all());
  }

  save(): Saved {
    return { generation: this.#generation, newer: this.#newer.save(), older: this.#older.save() };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved keys", saved);
    this.#generation = fields.number("generation");
    this.#newer.load(fields.any("newer"));
    this.#older.load(fields.any("older"));
  }

  #turn(): void {
    const forgotten = this.#older;
    forgotten.clear();
    this.#older = this.#newer;
    this.#newer = forgotten;
    this.#generation += 1;
    this.#added?.turn(this.#generation);
  }
}

function halfOf(limit: number): number {
  return Math.max(1, Math.ceil(limit / 2));
}
