import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { NewRecord } from "./log.ts";
import { INSERT, rowOf } from "./record-row.ts";
import { LAYOUT_VERSION, openSegment, type SegmentRange } from "./segment-file.ts";
import type { StoredSegment } from "./stored.ts";

interface Connection {
  readonly database: DatabaseSync;
  readonly insert: StatementSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
}

/** The segment that is written to. */
export class SegmentWriter {
  readonly file: string;
  readonly first: number;
  last: number;
  fromMs: number | undefined = undefined;
  toMs: number | undefined = undefined;
  #connection: Connection | undefined;

  /**
   * @param range for a new segment
   * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
   */
  constructor(file: string, first: number, range: SegmentRange) {
    this.file = file;
    this.first = first;
    this.last = first - 1;
    this.#connect(range);
  }

  /** False after a failure that left even reading impossible: to be opened anew. */
  get usable(): boolean {
    return this.#connection !== undefined;
  }

  /** @throws as the constructor */
  reopen(): void {
    this.#connect({ previous: this.first - 1, through: null, lost: 0 });
  }

  /** Writes records at the positions from `first` on, in one transaction. Where it throws, `recover` tells what is there. */
  append(first: number, records: readonly NewRecord[]): void {
    const { begin, insert, commit } = this.#open();
    begin.run();
    let position = first;
    for (const record of records) insert.run(...rowOf(record, position++));
    commit.run();
    this.last = position - 1;
    this.fromMs ??= records[0]?.receivedMs;
    this.toMs = records.at(-1)?.receivedMs ?? this.toMs;
  }

  /** After a failure: undoes what is half done and reads what is there. Whether a COMMIT that failed took place, only the file can say. */
  recover(): void {
    try {
      const { database } = this.#open();
      // SQLite has rolled back by itself after some errors.
      if (database.isTransaction) database.exec("ROLLBACK");
      this.#refresh(database);
    } catch {
      this.close();
    }
  }

  /** Writes a page and changes nothing. */
  probe(): void {
    this.#open().database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}`);
  }

  describe(): StoredSegment {
    const { first, last, fromMs, toMs } = this;
    return { first, last, fromMs, toMs, bytes: sizeOnDisk(this.file) };
  }

  /** Copies the write-ahead log into the file, which is complete by itself then, unless another program is reading it. */
  seal(): void {
    try {
      this.#connection?.database.exec("PRAGMA journal_mode = DELETE");
    } catch {
      // It stays as it is, which is as good for all but copying it.
    }
    this.close();
  }

  close(): void {
    const database = this.#connection?.database;
    this.#connection = undefined;
    database?.close();
  }

  #open(): Connection {
    if (this.#connection === undefined) throw new Error("the file is closed");
    return this.#connection;
  }

  #connect(range: SegmentRange): void {
    const database = openSegment(this.file, range);
    try {
      this.#connection = {
        database,
        insert: database.prepare(INSERT),
        begin: database.prepare("BEGIN IMMEDIATE"),
        commit: database.prepare("COMMIT"),
      };
      const oldest = database.prepare("SELECT received_ms FROM records ORDER BY position LIMIT 1").get();
      this.fromMs = oldest === undefined ? undefined : Number(oldest.received_ms);
      this.#refresh(database);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #refresh(database: DatabaseSync): void {
    const newest = database
      .prepare("SELECT position, received_ms FROM records ORDER BY position DESC LIMIT 1")
      .get();
    if (newest === undefined) return;
    this.last = Number(newest.position);
    this.toMs = Number(newest.received_ms);
  }
}

/** Bytes of a segment with its write-ahead log. */
export function sizeOnDisk(file: string): number {
  const size = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size(file) + size(`${file}-wal`);
}
