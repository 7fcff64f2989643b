import { closeSync, ftruncateSync, openSync } from "node:fs";
import { type Disk, writeAll } from "../disk.ts";
import { damaged } from "../errors.ts";
import type { NewRecord } from "../log.ts";
import type { SegmentFile } from "../segment-name.ts";
import type { StoredSegment } from "../stored.ts";
import { sourceOfDescriptor } from "./byte-source.ts";
import { encodeHeader, type FileHeader, newHeader, readHeader } from "./file-header.ts";
import { END_BYTES, type End, encodeEnd, encodeGroup } from "./frame.ts";
import { readEnd, type Survey } from "./survey.ts";

/** The segment that is written to. */
export class FrameWriter {
  readonly file: string;
  readonly first: number;
  last: number;
  fromMs: number | undefined;
  toMs: number | undefined;
  /** Bytes of it that are on the disk. */
  bytes: number;
  readonly #disk: Disk;
  readonly #header: FileHeader;
  #count: number;
  #descriptor: number | undefined;

  private constructor(parts: {
    readonly file: string;
    readonly first: number;
    readonly end: End;
    readonly bytes: number;
    readonly header: FileHeader;
    readonly disk: Disk;
    readonly descriptor: number;
  }) {
    this.file = parts.file;
    this.first = parts.first;
    ({ last: this.last, count: this.#count, fromMs: this.fromMs, toMs: this.toMs } = parts.end);
    this.bytes = parts.bytes;
    this.#header = parts.header;
    this.#disk = parts.disk;
    this.#descriptor = parts.descriptor;
  }

  /**
   * Makes a segment, which is on the disk when this returns, its name in the folder included.
   * @param previous position of the newest record before it
   * @throws what the disk says
   */
  static create(file: string, folder: string, first: number, previous: number, disk: Disk): FrameWriter {
    const header = newHeader(first, { previous, through: null, lost: 0 });
    const descriptor = openSync(file, "wx", 0o600);
    try {
      const bytes = writeAll(disk, descriptor, [encodeHeader(header)], 0);
      disk.sync(descriptor);
      disk.syncFolder(folder);
      const end = { last: first - 1, count: 0, fromMs: undefined, toMs: undefined };
      return new FrameWriter({ file, first, end, bytes, header, disk, descriptor });
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Goes on with a segment. What was cut off in the middle of a write is removed from its end.
   * @param found what it holds; undefined if it is complete
   * @throws what the disk says; SlipstreamError `log_corrupt`
   */
  static resume(
    { file, first }: Pick<SegmentFile, "file" | "first">,
    found: Survey | undefined,
    disk: Disk,
  ): FrameWriter {
    const descriptor = openSync(file, "r+");
    try {
      const source = sourceOfDescriptor(descriptor);
      const header = readHeader(source);
      if (typeof header === "string") throw damaged(file, "its header is not as it was written");
      const end = found ?? readEnd(source, header);
      if (end === undefined) throw damaged(file, "its end is not as it was written");
      const bytes = found?.endsAt ?? source.size - END_BYTES;
      if (header.closedAt !== null) {
        // It is not complete any more, before anything of it changes.
        writeAll(disk, descriptor, [encodeHeader({ ...header, closedAt: null })], 0);
        disk.sync(descriptor);
      }
      if (bytes < source.size) ftruncateSync(descriptor, bytes);
      // The process before may have seen a sync of the last group fail. Then it can be read, and is on no disk until it is written again.
      if (found !== undefined && bytes > found.groupAt) {
        const group = Buffer.allocUnsafeSlow(bytes - found.groupAt);
        source.read(group, found.groupAt);
        writeAll(disk, descriptor, [group], found.groupAt);
      }
      disk.sync(descriptor);
      return new FrameWriter({ file, first, end, bytes, header, disk, descriptor });
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Writes records at the positions from `first` on. They are on the disk when this returns. If it throws, none of them is in the
   * log, and the segment takes no more: after a sync that failed, nobody knows what the kernel still has of it.
   */
  append(first: number, records: readonly NewRecord[]): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) throw new Error("the file is closed");
    try {
      const written = writeAll(
        this.#disk,
        descriptor,
        encodeGroup(records, first, this.#header.salt),
        this.bytes,
      );
      this.#disk.sync(descriptor);
      this.bytes += written;
    } catch (error) {
      this.#abandon(descriptor);
      throw error;
    }
    this.last = first + records.length - 1;
    this.#count += records.length;
    this.fromMs ??= records[0]?.receivedMs;
    this.toMs = records.at(-1)?.receivedMs ?? this.toMs;
  }

  describe(): StoredSegment {
    const { first, last, fromMs, toMs, bytes } = this;
    return { first, last, fromMs, toMs, bytes };
  }

  /** Completes it. If that fails, it is read from its beginning when the log is opened. */
  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#descriptor = undefined;
    try {
      const { last, fromMs, toMs, bytes } = this;
      const end = { last, fromMs, toMs, count: this.#count };
      if (end.count > 0) finish(descriptor, bytes, end, this.#header, this.#disk);
    } catch {
      // It has no end then.
    } finally {
      closeSync(descriptor);
    }
  }

  #abandon(descriptor: number): void {
    this.#descriptor = undefined;
    try {
      ftruncateSync(descriptor, this.bytes);
    } catch {
      // The next segment says where this one ends.
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Writes the end of a segment at `at`, and cuts off what is behind. */
function finish(descriptor: number, at: number, end: End, header: FileHeader, disk: Disk): void {
  ftruncateSync(descriptor, at);
  writeAll(disk, descriptor, [encodeEnd(end, header.salt)], at);
  disk.sync(descriptor);
  writeAll(disk, descriptor, [encodeHeader({ ...header, closedAt: end.last })], 0);
  disk.sync(descriptor);
}

/** Gives a segment that is not written to any more its end. */
export function complete(file: string, found: Survey, last: number, disk: Disk): void {
  if (found.isComplete || found.rest === "damaged" || found.last !== last || found.count === 0) return;
  const descriptor = openSync(file, "r+");
  try {
    const header = readHeader(sourceOfDescriptor(descriptor));
    if (typeof header !== "string") finish(descriptor, found.endsAt, found, header, disk);
  } finally {
    closeSync(descriptor);
  }
}
