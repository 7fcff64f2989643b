import { historyTable } from "@slipstream/conventions";
import { type HistoryRow, timestampUs } from "@slipstream/engine";
import type { ChangeSource, Changes } from "./change-source.ts";

interface Numbered {
  readonly change: number;
  readonly row: HistoryRow;
}

/**
 * Rows on their way to a remote store, in memory and within a bound: where there is no embedded store to fill it from. A
 * row that is amended while it waits takes the place of the first; past the bound the oldest changes are dropped, and
 * counted.
 */
export class MemoryHistory implements ChangeSource {
  readonly #limit: number;
  // By key, in the order of their numbers.
  readonly #rows: Map<string, Numbered> = new Map();
  #newest = 0;
  #newestTimeMs: number | undefined;
  #position = 0;
  #dropped = 0;

  /** @param limit rows that may wait; about 1 kB each */
  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  record(row: HistoryRow): void {
    const key = keyOf(row);
    this.#newest += 1;
    this.#newestTimeMs = Math.max(this.#newestTimeMs ?? 0, timestampUs(row) / 1_000);
    this.#rows.delete(key);
    this.#rows.set(key, { change: this.#newest, row });
    if (this.#rows.size <= this.#limit) return;
    for (const oldest of this.#rows.keys()) {
      this.#rows.delete(oldest);
      this.#dropped += 1;
      break;
    }
  }

  get newest(): number {
    return this.#newest;
  }

  get newestTimeMs(): number | undefined {
    return this.#newestTimeMs;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get position(): number {
    return this.#position;
  }

  changes(after: number, limit: number): Changes {
    const rows: HistoryRow[] = [];
    for (const { change, row } of this.#rows.values()) {
      if (change <= after) continue;
      rows.push(row);
      if (rows.length === limit) return { rows, change };
    }
    return { rows, change: this.#newest };
  }

  moveTo(position: number): void {
    this.#position = position;
    for (const [key, { change }] of this.#rows) {
      if (change > position) break;
      this.#rows.delete(key);
    }
  }
}

function keyOf({ table, values }: HistoryRow): string {
  const keys = historyTable(table).columns.map(({ key }, at) => (key === true ? values[at] : ""));
  return JSON.stringify([table, ...keys]);
}
