import type { DatabaseSync } from "node:sqlite";
import type { ChangeSource, Changes } from "./change-source.ts";
import { type MissingRows, missingInAll } from "./missing-rows.ts";
import { SinkPosition } from "./sink-position.ts";
import type { ChangeRange, DamagedRange } from "./trade-blocks/block-tables.ts";

/** The part of the embedded history that a source reads. */
export interface ChangedRows {
  readonly newest: number;
  readonly newestTimeMs: number | undefined;
  changes(after: number, limit: number): Changes;
}

/** The embedded history as one sink reads it. */
export class EmbeddedSource implements ChangeSource {
  readonly #history: ChangedRows;
  readonly #position: SinkPosition;
  #dropped = 0;
  /** Of each block that was counted because it is damaged, the last number. */
  readonly #damaged: Set<number> = new Set();

  constructor(history: ChangedRows, database: DatabaseSync, sink: string) {
    this.#history = history;
    this.#position = new SinkPosition(database, sink);
  }

  get newest(): number {
    return this.#history.newest;
  }

  get newestTimeMs(): number | undefined {
    return this.#history.newestTimeMs;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get position(): number {
    return this.#position.value ?? 0;
  }

  changes(after: number, limit: number): Changes {
    return this.#history.changes(after, limit);
  }

  moveTo(position: number): void {
    this.#position.moveTo(position);
  }

  /**
   * Rows of these blocks cannot be read. A block counts once, however often the sink comes to it.
   *
   * @returns what was not counted before
   */
  noteDamaged(ranges: readonly DamagedRange[]): MissingRows | undefined {
    const found = ranges.filter(({ last }) => !this.#damaged.has(last));
    for (const { last } of found) this.#damaged.add(last);
    this.noteDropped(found);
    return missingInAll(
      found.map(({ first, last, times = { fromMs: null, toMs: null } }) => ({
        ...times,
        rows: last - first + 1,
      })),
    );
  }

  /** Rows with these numbers were deleted. */
  noteDropped(ranges: readonly ChangeRange[]): void {
    for (const { first, last } of ranges)
      this.#dropped += Math.max(0, last - Math.max(first - 1, this.position));
  }
}
