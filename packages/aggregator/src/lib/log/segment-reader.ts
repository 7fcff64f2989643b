import type { DatabaseSync, StatementSync } from "node:sqlite";
import { damaged, explainLogError } from "./errors.ts";
import { sizeOf } from "./memory-log.ts";
import { recordOf } from "./record-row.ts";
import { openSegmentToRead, pragma, rangeOf, type SegmentRange } from "./segment-file.ts";
import type { StoredRecord } from "./stored.ts";

/** Records of one page, and the bytes at which a page ends before that. */
const PAGE_ROWS = 1024;
const PAGE_BYTES = 8 * 1024 * 1024;

/** Reads a segment page by page: between two pages nothing in it is held. */
export class SegmentReader {
  readonly file: string;
  readonly range: SegmentRange;
  readonly #database: DatabaseSync;
  readonly #page: StatementSync;

  private constructor(file: string, first: number, database: DatabaseSync) {
    this.file = file;
    this.#database = database;
    this.range = rangeOf(database, first);
    this.#page = database.prepare(
      "SELECT * FROM records WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
    );
  }

  /**
   * undefined where the segment has just been created and is still empty.
   * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
   */
  static open(file: string, first: number): SegmentReader | undefined {
    const database = openSegmentToRead(file);
    if (database === undefined) return undefined;
    try {
      return new SegmentReader(file, first, database);
    } catch (error) {
      database.close();
      throw explainLogError(file, error);
    }
  }

  /** The first records after `after` up to `last`, in order; none at the end. */
  page(after: number, last: number): StoredRecord[] {
    const page: StoredRecord[] = [];
    let bytes = 0;
    let reached = after;
    try {
      for (const row of this.#page.iterate(after, last, PAGE_ROWS)) {
        const record = this.#record(row);
        page.push(record);
        reached = record.position;
        bytes += sizeOf(record);
        if (bytes >= PAGE_BYTES) break;
      }
      return page;
    } catch (error) {
      throw explainLogError(`${this.file} after position ${reached}`, error);
    }
  }

  /** The records of a kind, of any layout, that were received from `fromMs` on and before `toMs`, in order. */
  *ofKind(kind: string, fromMs: number, toMs: number): Iterable<StoredRecord> {
    try {
      const rows = this.#database
        .prepare(
          "SELECT * FROM records WHERE (kind = ? OR kind LIKE ? || '@%') AND received_ms >= ? AND received_ms < ? ORDER BY position",
        )
        .iterate(kind, kind, fromMs, toMs);
      for (const row of rows) yield this.#record(row);
    } catch (error) {
      throw explainLogError(this.file, error);
    }
  }

  #record(row: Readonly<Record<string, unknown>>): StoredRecord {
    const record = recordOf(row);
    if (record === undefined) throw damaged(this.file, `position ${row.position} is not as it was written`);
    return record;
  }

  /** Position of the oldest and the newest record, and their times of receipt; undefined where there is none. */
  ends(): Ends | undefined {
    try {
      const [oldest, newest] = ["ASC", "DESC"].map((order) =>
        this.#database
          .prepare(`SELECT position, received_ms FROM records ORDER BY position ${order} LIMIT 1`)
          .get(),
      );
      if (oldest === undefined || newest === undefined) return undefined;
      return {
        first: Number(oldest.position),
        last: Number(newest.position),
        fromMs: Number(oldest.received_ms),
        toMs: Number(newest.received_ms),
      };
    } catch (error) {
      throw explainLogError(this.file, error);
    }
  }

  /** What `PRAGMA integrity_check` finds first, undefined where all is well. */
  integrity(): string | undefined {
    try {
      const answer = pragma(this.#database, "integrity_check(1)");
      return answer === "ok" ? undefined : String(answer);
    } catch (error) {
      throw explainLogError(this.file, error);
    }
  }

  count(): number {
    return Number(this.#database.prepare("SELECT count(*) AS count FROM records").get()?.count ?? 0);
  }

  close(): void {
    this.#database.close();
  }
}

export interface Ends {
  readonly first: number;
  readonly last: number;
  readonly fromMs: number;
  readonly toMs: number;
}
