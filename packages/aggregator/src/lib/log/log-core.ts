import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { type KnownFile, KnownFiles } from "./known-files.ts";
import type { NewRecord } from "./log.ts";
import { type KnownSegment, logFolder, openSegments } from "./open-segments.ts";
import type { Salvaged } from "./salvage.ts";
import { removeSegment, segmentName } from "./segment-name.ts";
import { SegmentReader } from "./segment-reader.ts";
import { SegmentWriter, sizeOnDisk } from "./segment-writer.ts";
import type { StoredRecord, StoredSegment } from "./stored.ts";
import { syncFolder } from "./sync-folder.ts";

export interface LogCoreOptions {
  /** The data directory; it must be locked. */
  readonly directory: string;
  /** The next record gets a position beyond this one. */
  readonly atLeast: number;
  /** Segments with records after this position are checked when the log is opened. */
  readonly checkAfter: number;
  /** Go on with what can be read where a segment is damaged or missing. */
  readonly salvage: boolean;
  /** A new segment begins when one has reached this size. */
  readonly segmentBytes: number;
  /** A new segment begins when the first record of one was received this long ago, ms. */
  readonly segmentMs: number;
  /** What must stay where it is besides the segments: the data directory and its lock. */
  readonly knownFiles?: readonly KnownFile[] | undefined;
}

/** The log's segments, written and read by the thread that this runs in, which waits for the disk. */
export class LogCore {
  position: number;
  /** What was damaged, and what became of it. */
  readonly salvaged: readonly Salvaged[];
  readonly #options: LogCoreOptions;
  readonly #folder: string;
  readonly #files: KnownFiles;
  /** Oldest first, without the one that is written to. */
  #sealed: KnownSegment[];
  #writer: SegmentWriter | undefined;
  /** To be sealed when nothing else is to be done. */
  #full: SegmentWriter | undefined;
  #reader: SegmentReader | undefined;
  /** Position of the newest record that any segment holds. */
  #newest: number;

  /** @throws SlipstreamError `log_corrupt`, `log_gap`, `log_version`, `log_unusable`, `log_ambiguous` */
  constructor(options: LogCoreOptions) {
    this.#options = options;
    this.#folder = logFolder(options.directory);
    this.#files = new KnownFiles(options.knownFiles);
    // A thread that is started again must not begin a new log in another place.
    this.#files.check();
    const { segments, salvaged } = openSegments(options);
    this.salvaged = salvaged;
    this.#sealed = segments;
    this.#newest = this.#sealed.findLast(({ first, last }) => last >= first)?.last ?? 0;
    this.position = Math.max(this.#newest, options.atLeast);
    this.#resume();
  }

  /** Commits records in one transaction; returns the position of the first. Where it throws, `position` tells what is there. */
  append(records: readonly NewRecord[]): number {
    try {
      this.#files.check();
      const writer = this.#writable(records[0]?.receivedMs);
      const first = this.position + 1;
      writer.append(first, records);
      this.#files.remember(walOf(writer.file));
      // Again: it must be there still when this is acknowledged.
      this.#files.check();
      this.#reached(writer.last);
      return first;
    } catch (error) {
      this.#recover();
      throw error;
    }
  }

  /**
   * Whether records can be written again.
   * @param wantedBytes what there was no room for
   * @throws where they cannot
   */
  probe(wantedBytes: number): void {
    this.checkFiles();
    const { bavail, bsize } = statfsSync(this.#folder);
    if (bavail * bsize < wantedBytes) throw new Error("disk full");
    try {
      this.#writable().probe();
    } catch (error) {
      this.#recover();
      throw error;
    }
  }

  /** @throws Error if a file that is written to was deleted, moved or replaced */
  checkFiles(): void {
    this.#files.check();
  }

  /** The first records after `after` up to `last`; none where there are no more. */
  page(after: number, last: number): StoredRecord[] {
    let from = after;
    for (const { file, first, last: end } of this.#all()) {
      if (end <= from || first > last) continue;
      const page = this.#readerOf(file, first)?.page(from, last) ?? [];
      if (page.length > 0) return page;
      from = end;
    }
    return [];
  }

  dropThrough(position: number): void {
    // What is there now may be another log.
    this.#files.check();
    for (const oldest of [...this.#sealed]) {
      if (oldest.last > position) break;
      // The newest segment says where the log goes on.
      if (this.#sealed.length === 1 && this.#writer === undefined) break;
      if (this.#full?.file === oldest.file) {
        this.#forget(oldest.file);
        this.#full.close();
        this.#full = undefined;
      }
      this.#closeReader(oldest.file);
      removeSegment(oldest.file);
      this.#sealed.shift();
    }
    syncFolder(this.#folder);
  }

  segments(): StoredSegment[] {
    return this.#all().map(({ first, last, bytes, fromMs, toMs }) => ({ first, last, bytes, fromMs, toMs }));
  }

  /** The segment that is written to. */
  active(): StoredSegment | undefined {
    return this.#writer?.describe();
  }

  /** Whether the segment before the one that is written to is still to be completed. */
  get canSeal(): boolean {
    return this.#full !== undefined;
  }

  /** Completes the segment before the one that is written to; false where nothing is to be done. */
  seal(): boolean {
    const full = this.#full;
    if (full === undefined) return false;
    this.#full = undefined;
    this.#closeReader(full.file);
    this.#forget(full.file);
    full.seal();
    this.#sealed = this.#sealed.map((segment) =>
      segment.file === full.file ? { ...full.describe(), file: full.file } : segment,
    );
    return true;
  }

  close(): void {
    this.#closeReader();
    this.seal();
    this.#writer?.close();
  }

  /** The newest segment is written to, where the next position follows on it. */
  #resume(): void {
    const newest = this.#sealed.at(-1);
    if (newest === undefined) return;
    const isEmpty = newest.last < newest.first;
    if (isEmpty ? newest.first !== this.position + 1 : newest.last !== this.position) {
      if (isEmpty) removeSegment(newest.file);
      this.#sealed = this.#sealed.filter((segment) => segment !== newest || !isEmpty);
      return;
    }
    this.#writer = this.#open(newest.first);
    this.#sealed.pop();
  }

  #writable(receivedMs?: number): SegmentWriter {
    const writer = this.#writer;
    if (writer !== undefined && !writer.usable) {
      writer.reopen();
      this.#reached(writer.last);
    }
    if (writer !== undefined && !this.#isFull(writer, receivedMs)) return writer;
    this.#writer = this.#open(this.position + 1);
    if (writer === undefined) return this.#writer;
    this.seal();
    this.#full = writer;
    this.#sealed.push({ ...writer.describe(), file: writer.file });
    return this.#writer;
  }

  #isFull({ file, fromMs, first, last }: SegmentWriter, receivedMs = Number.NEGATIVE_INFINITY): boolean {
    if (last < first || fromMs === undefined) return false;
    return receivedMs - fromMs >= this.#options.segmentMs || sizeOnDisk(file) >= this.#options.segmentBytes;
  }

  #open(first: number): SegmentWriter {
    const file = join(this.#folder, segmentName(first));
    const isNew = !existsSync(file);
    try {
      const writer = new SegmentWriter(file, first, { previous: this.#newest, through: null, lost: 0 });
      if (isNew) syncFolder(this.#folder);
      this.#files.remember(file);
      return writer;
    } catch (error) {
      if (isNew) removeSegment(file);
      throw error;
    }
  }

  #recover(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    writer.recover();
    // SQLite removes it when the file is closed.
    if (!writer.usable) this.#files.forget(walOf(writer.file));
    this.#reached(writer.last);
  }

  #forget(file: string): void {
    this.#files.forget(file);
    this.#files.forget(walOf(file));
  }

  #reached(position: number): void {
    this.position = Math.max(this.position, position);
    this.#newest = Math.max(this.#newest, position);
  }

  #all(): readonly KnownSegment[] {
    const writer = this.#writer;
    return writer === undefined
      ? this.#sealed
      : [...this.#sealed, { ...writer.describe(), file: writer.file }];
  }

  #readerOf(file: string, first: number): SegmentReader | undefined {
    if (this.#reader?.file === file) return this.#reader;
    this.#closeReader();
    this.#reader = SegmentReader.open(file, first);
    return this.#reader;
  }

  #closeReader(file = this.#reader?.file): void {
    if (this.#reader?.file !== file) return;
    this.#reader?.close();
    this.#reader = undefined;
  }
}

function walOf(file: string): string {
  return `${file}-wal`;
}
