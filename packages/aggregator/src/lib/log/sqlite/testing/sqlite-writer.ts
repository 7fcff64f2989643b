import type { DatabaseSync } from "node:sqlite";
import type { NewRecord } from "../../log.ts";
import type { SegmentRange } from "../../segment-reader.ts";
import { INSERT, rowOf } from "../record-row.ts";
import { openSegment } from "../segment-file.ts";

/** Writes a segment as earlier versions did. */
export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #append: (first: number, records: readonly NewRecord[]) => void;

  constructor(file: string, first: number, range: Partial<SegmentRange> = {}) {
    const database = openSegment(file, { previous: first - 1, through: null, lost: 0, ...range });
    const insert = database.prepare(INSERT);
    const begin = database.prepare("BEGIN IMMEDIATE");
    const commit = database.prepare("COMMIT");
    this.#database = database;
    this.#append = (from, records) => {
      begin.run();
      for (const [index, record] of records.entries()) insert.run(...rowOf(record, from + index));
      commit.run();
    };
  }

  append(first: number, records: readonly NewRecord[]): void {
    this.#append(first, records);
  }

  close(): void {
    this.#database.close();
  }
}
