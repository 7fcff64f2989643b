import { statSync } from "node:fs";
import { dirname } from "node:path";
import { lockDirectory } from "./directory-lock.ts";
import type { Log, LogRecord, NewRecord } from "./log.ts";
import { sizeOf } from "./memory-log.ts";
import { explainLogError, LAYOUT_VERSION, openLogFile } from "./sqlite-file.ts";

export interface SqliteLogOptions {
  /** Path of the file; its directory is made where it is missing, and locked against a second aggregator. */
  readonly file: string;
  /** While writes fail, how often one is tried where none comes by itself. Default 1 s. */
  readonly probeIntervalMs?: number;
}

interface Waiting {
  readonly record: NewRecord;
  readonly resolve: (position: number) => void;
  readonly reject: (error: Error) => void;
}

/** Rows of one page of `read`, and the bytes at which a page ends before that. */
const PAGE_ROWS = 256;
const PAGE_BYTES = 8 * 1024 * 1024;

/**
 * A log in a SQLite file. What was appended in one turn of the event loop shares one transaction and one wait for
 * the disk (group commit).
 * @throws SlipstreamError `data_in_use`, `data_unusable`, `log_corrupt`, `log_version`, `log_unusable`
 */
export function openSqliteLog({ file, probeIntervalMs = 1_000 }: SqliteLogOptions): Log {
  const lock = lockDirectory(dirname(file));
  try {
    return new SqliteLog(file, probeIntervalMs, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

class SqliteLog implements Log {
  position: number;
  fault: string | undefined = undefined;

  readonly #file: string;
  readonly #probeIntervalMs: number;
  readonly #release: () => void;
  readonly #database: ReturnType<typeof openLogFile>;
  readonly #insert;
  readonly #page;
  #waiting: Waiting[] = [];
  #commitScheduled = false;
  #probe: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(file: string, probeIntervalMs: number, release: () => void) {
    this.#file = file;
    this.#probeIntervalMs = probeIntervalMs;
    this.#release = release;
    this.#database = openLogFile(file);
    this.#insert = this.#database.prepare("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)");
    this.#page = this.#database.prepare(
      "SELECT * FROM records WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
    );
    this.position = this.#newest();
  }

  append(record: NewRecord): Promise<number> {
    if (this.#closed) return Promise.reject(new Error("The log is closed."));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      if (this.#commitScheduled) return;
      this.#commitScheduled = true;
      setImmediate(() => this.#commit());
    });
  }

  async *read(after: number): AsyncIterable<LogRecord> {
    const last = this.position;
    let from = after;
    while (from < last) {
      const page = this.#readPage(from, last);
      for (const record of page) {
        yield record;
        from = record.position;
      }
      if (page.length === 0) return;
    }
  }

  get bytes(): number {
    return sizeOnDisk(this.#file) + sizeOnDisk(`${this.#file}-wal`);
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    clearInterval(this.#probe);
    this.#commit();
    this.#database.close();
    this.#release();
    return Promise.resolve();
  }

  #commit(): void {
    this.#commitScheduled = false;
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    const first = this.position + 1;
    const failed = this.#write(() => {
      batch.forEach(({ record }, index) => {
        if (record.kind === "tick") {
          this.#insert.run(first + index, record.kind, record.receivedMs, null, null, null);
          return;
        }
        const { kind, receivedMs, format, compression, body } = record;
        this.#insert.run(first + index, kind, receivedMs, format, compression, body);
      });
    });
    if (failed === undefined) {
      this.position += batch.length;
      batch.forEach(({ resolve }, index) => {
        resolve(first + index);
      });
    } else for (const { reject } of batch) reject(failed);
  }

  /** Runs `work` in a transaction; on failure undoes it, keeps the reason in `fault` and returns it. */
  #write(work: () => void): Error | undefined {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      work();
      this.#database.exec("COMMIT");
      this.fault = undefined;
      clearInterval(this.#probe);
      this.#probe = undefined;
      return undefined;
    } catch (error) {
      this.#undo();
      const reason = error instanceof Error ? error.message : String(error);
      this.fault = `The log cannot be written: ${reason}.`;
      // Where intake turns clients away nothing else would find out that the disk is well again.
      this.#probe ??= setInterval(() => this.#tryAgain(), this.#probeIntervalMs).unref();
      return new Error(this.fault, { cause: error });
    }
  }

  #undo(): void {
    try {
      // SQLite has rolled back by itself after some errors.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      // Whether a COMMIT that failed took place, only the file can say.
      this.position = this.#newest();
    } catch {
      // As broken for reading: the position stays, and the next write tells.
    }
  }

  #tryAgain(): void {
    // Writes a page and changes nothing.
    this.#write(() => this.#database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}`));
  }

  #newest(): number {
    return Number(this.#database.prepare("SELECT max(position) AS newest FROM records").get()?.newest ?? 0);
  }

  #readPage(after: number, last: number): LogRecord[] {
    const page: LogRecord[] = [];
    let bytes = 0;
    try {
      for (const row of this.#page.iterate(after, last, PAGE_ROWS)) {
        const record = recordOf(row);
        page.push(record);
        bytes += sizeOf(record);
        if (bytes >= PAGE_BYTES) break;
      }
      return page;
    } catch (error) {
      throw explainLogError(this.#file, error);
    }
  }
}

/** The file was written by `#commit` alone, so its rows are trusted. */
function recordOf(row: Record<string, unknown>): LogRecord {
  const position = Number(row.position);
  const receivedMs = Number(row.received_ms);
  if (row.kind === "tick") return { position, kind: "tick", receivedMs };
  return {
    position,
    kind: row.kind === "metrics" ? "metrics" : "traces",
    receivedMs,
    format: row.format === "json" ? "json" : "protobuf",
    compression: row.compression === "gzip" ? "gzip" : "none",
    body: row.body instanceof Uint8Array ? row.body : new Uint8Array(0),
  };
}

function sizeOnDisk(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
