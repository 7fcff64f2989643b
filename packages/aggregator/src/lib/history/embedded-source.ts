import type { DatabaseSync, StatementSync } from "node:sqlite";
import { z } from "zod";
import type { ChangeSource, Changes } from "./change-source.ts";
import { type MissingRows, missingInAll } from "./missing-rows.ts";
import type { ChangeRange, DamagedRange } from "./trade-blocks/block-tables.ts";

const positionRow = z.object({ position: z.number() }).optional();

/** The part of the embedded history that a source reads. */
export interface ChangedRows {
  readonly newest: number;
  readonly newestTimeMs: number | undefined;
  changes(after: number, limit: number): Changes;
}

/** The embedded history as one sink reads it. The sink's position is a row beside the history's tables. */
export class EmbeddedSource implements ChangeSource {
  readonly #history: ChangedRows;
  readonly #put: StatementSync;
  readonly #sink: string;
  #position: number;
  #dropped = 0;
  /** Of each block that was counted because it is damaged, the last number. */
  readonly #damaged: Set<number> = new Set();

  constructor(history: ChangedRows, database: DatabaseSync, sink: string) {
    this.#history = history;
    this.#sink = sink;
    const row = database.prepare("SELECT position FROM sink_positions WHERE sink = ?").get(sink);
    this.#position = positionRow.parse(row)?.position ?? 0;
    this.#put = database.prepare(
      "INSERT INTO sink_positions (sink, position) VALUES (?, ?) " +
        "ON CONFLICT (sink) DO UPDATE SET position = excluded.position",
    );
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
    return this.#position;
  }

  changes(after: number, limit: number): Changes {
    return this.#history.changes(after, limit);
  }

  moveTo(position: number): void {
    this.#put.run(this.#sink, position);
    this.#position = position;
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
      this.#dropped += Math.max(0, last - Math.max(first - 1, this.#position));
  }
}
