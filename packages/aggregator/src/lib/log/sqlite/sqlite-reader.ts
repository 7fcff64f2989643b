import type { DatabaseSync, StatementSync } from "node:sqlite";
import { damaged, explainLogError } from "../errors.ts";
import { sizeOf } from "../memory-log.ts";
import type { SegmentFile } from "../segment-name.ts";
import {
  type Ends,
  PAGE_BYTES,
  PAGE_RECORDS,
  type SegmentRange,
  type SegmentReader,
} from "../segment-reader.ts";
import type { StoredRecord } from "../stored.ts";
import { recordOf } from "./record-row.ts";
import { openSegmentToRead, pragma, rangeOf } from "./segment-file.ts";

/** Reads a segment that an earlier version wrote. */
export class SqliteReader implements SegmentReader {
  readonly file: string;
  readonly range: SegmentRange;
  readonly #first: number;
  readonly #database: DatabaseSync;
  readonly #page: StatementSync;

  private constructor(file: string, first: number, database: DatabaseSync) {
    this.file = file;
    this.#first = first;
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
  static open({ file, first }: Pick<SegmentFile, "file" | "first">): SqliteReader | undefined {
    const database = openSegmentToRead(file);
    if (database === undefined) return undefined;
    try {
      return new SqliteReader(file, first, database);
    } catch (error) {
      database.close();
      throw explainLogError(file, error);
    }
  }

  page(after: number, last: number): StoredRecord[] {
    const page: StoredRecord[] = [];
    let bytes = 0;
    let reached = after;
    try {
      for (const row of this.#page.iterate(after, last, PAGE_RECORDS)) {
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

  last(): number {
    return Math.max(this.range.through ?? 0, this.ends()?.last ?? this.#first - 1);
  }

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
