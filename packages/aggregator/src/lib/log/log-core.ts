import { rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { type Disk, disk as realDisk } from "./disk.ts";
import type { KnownSegment } from "./examine.ts";
import { FrameWriter } from "./frames/frame-writer.ts";
import type { Survey } from "./frames/survey.ts";
import { type KnownFile, KnownFiles } from "./known-files.ts";
import type { NewRecord } from "./log.ts";
import { refuseToOlderVersions } from "./older-versions.ts";
import { openReader } from "./open-reader.ts";
import { logFolder, openSegments } from "./open-segments.ts";
import { Reached } from "./reached.ts";
import type { Salvaged } from "./salvage.ts";
import { removeSegment, segmentName } from "./segment-name.ts";
import type { SegmentReader } from "./segment-reader.ts";
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
  readonly #disk: Disk;
  readonly #mark: Reached;
  /** Oldest first, without the one that is written to. */
  #sealed: KnownSegment[];
  #writer: FrameWriter | undefined;
  /** To be sealed when nothing else is to be done. */
  #full: FrameWriter | undefined;
  #reader: SegmentReader | undefined;
  /** Position of the newest record that any segment holds. */
  #newest: number;

  /** @throws SlipstreamError `log_corrupt`, `log_gap`, `log_version`, `log_unusable`, `log_ambiguous` */
  constructor(options: LogCoreOptions, disk: Disk = realDisk) {
    this.#options = options;
    this.#disk = disk;
    this.#folder = logFolder(options.directory);
    this.#files = new KnownFiles(options.knownFiles);
    // A thread that is started again must not begin a new log in another place.
    this.#files.check();
    const { segments, salvaged, open, acknowledged } = openSegments(options);
    this.#mark = new Reached(this.#folder);
    this.salvaged = salvaged;
    this.#sealed = segments;
    this.#newest = this.#sealed.findLast(({ first, last }) => last >= first)?.last ?? 0;
    this.position = Math.max(this.#newest, acknowledged);
    this.#resume(open);
  }

  /**
   * Writes records, so that they are on the disk; returns the position of the first. If it throws, `position` tells what is there: none
   * of them, unless a file was taken away meanwhile.
   */
  append(records: readonly NewRecord[]): number {
    this.#files.check();
    const writer = this.#writable(records[0]?.receivedMs);
    const first = this.position + 1;
    try {
      writer.append(first, records);
    } catch (error) {
      this.#abandon(writer);
      throw error;
    }
    this.#reached(writer.last);
    // Again: it must be there still when this is acknowledged.
    this.#files.check();
    this.#mark.write(writer.last);
    return first;
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
    // After a failure it makes a segment.
    this.#writable();
  }

  /** @throws Error if a file that is written to was deleted, moved or replaced */
  checkFiles(): void {
    this.#files.check();
  }

  /** The first records after `after` up to `last`; none where there are no more. */
  page(after: number, last: number): StoredRecord[] {
    let from = after;
    for (const segment of this.#all()) {
      const { first, last: end } = segment;
      if (end <= from || first > last) continue;
      const page = this.#readerOf(segment)?.page(from, Math.min(last, end)) ?? [];
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
        this.#files.forget(oldest.file);
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
    this.#files.forget(full.file);
    full.close();
    return true;
  }

  close(): void {
    this.#closeReader();
    this.seal();
    this.#writer?.close();
    this.#mark.close();
  }

  /** The newest segment is written to if it is of this layout and the next position follows on it. */
  #resume(open: Survey | undefined): void {
    const newest = this.#sealed.at(-1);
    if (newest === undefined) return;
    if (newest.last < newest.first) {
      removeSegment(newest.file);
      this.#sealed.pop();
    } else if (newest.layout === "frames" && newest.last === this.position) {
      this.#writer = FrameWriter.resume(newest, open, this.#disk);
      this.#files.remember(newest.file);
      this.#sealed.pop();
    }
  }

  #writable(receivedMs?: number): FrameWriter {
    const writer = this.#writer;
    if (writer !== undefined && !this.#isFull(writer, receivedMs)) return writer;
    this.#writer = this.#begin();
    if (writer === undefined) return this.#writer;
    this.seal();
    this.#full = writer;
    this.#sealed.push(known(writer));
    return this.#writer;
  }

  #isFull({ bytes, fromMs, first, last }: FrameWriter, receivedMs = Number.NEGATIVE_INFINITY): boolean {
    if (last < first || fromMs === undefined) return false;
    return receivedMs - fromMs >= this.#options.segmentMs || bytes >= this.#options.segmentBytes;
  }

  /** Makes a segment for the next position. */
  #begin(): FrameWriter {
    refuseToOlderVersions(this.#folder);
    const first = this.position + 1;
    const file = join(this.#folder, segmentName(first));
    // What failed before may have left one. Nobody was told of a record in it, for the position has not been given.
    rmSync(file, { force: true });
    const writer = FrameWriter.create(file, this.#folder, first, this.#newest, this.#disk);
    this.#files.remember(file);
    return writer;
  }

  /** After a failed write or sync a segment takes no more, and the next record begins a new one. */
  #abandon(writer: FrameWriter): void {
    this.#writer = undefined;
    this.#closeReader(writer.file);
    this.#files.forget(writer.file);
    if (writer.last >= writer.first) this.#sealed.push(known(writer));
  }

  #reached(position: number): void {
    this.position = Math.max(this.position, position);
    this.#newest = Math.max(this.#newest, position);
  }

  #all(): readonly KnownSegment[] {
    const writer = this.#writer;
    return writer === undefined ? this.#sealed : [...this.#sealed, known(writer)];
  }

  #readerOf(segment: KnownSegment): SegmentReader | undefined {
    if (this.#reader?.file === segment.file) return this.#reader;
    this.#closeReader();
    this.#reader = openReader(segment);
    return this.#reader;
  }

  #closeReader(file = this.#reader?.file): void {
    if (this.#reader?.file !== file) return;
    this.#reader?.close();
    this.#reader = undefined;
  }
}

function known(writer: FrameWriter): KnownSegment {
  return { ...writer.describe(), file: writer.file, layout: "frames" };
}
