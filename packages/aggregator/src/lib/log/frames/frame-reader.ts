import { damaged, explainLogError, newerLayout } from "../errors.ts";
import { sizeOf } from "../memory-log.ts";
import type { SegmentFile } from "../segment-name.ts";
import { type Ends, PAGE_BYTES, PAGE_RECORDS, type SegmentReader } from "../segment-reader.ts";
import type { StoredRecord } from "../stored.ts";
import { FileSource } from "./byte-source.ts";
import { type FileHeader, FRAMES_AT, LAYOUT, readHeader } from "./file-header.ts";
import type { End, Frame } from "./frame.ts";
import { FrameCursor } from "./frame-cursor.ts";
import { follows, lastOf, readEnd, type Survey, survey } from "./survey.ts";

/** Reads a segment of frames. Another process may be writing to it. */
export class FrameReader implements SegmentReader {
  readonly file: string;
  readonly range: FileHeader;
  readonly #source: FileSource;
  #cursor: FrameCursor;
  /** Of one that is not complete. */
  #survey: Survey | undefined;
  /** The cursor is behind the record at this position. */
  #reached: number;

  private constructor(file: string, header: FileHeader, source: FileSource) {
    this.file = file;
    this.range = header;
    this.#source = source;
    this.#cursor = this.#begin();
    this.#reached = header.first - 1;
  }

  /**
   * undefined if the segment has just been created and is still empty.
   * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
   */
  static open({ file, first }: SegmentFile): FrameReader | undefined {
    let source: FileSource | undefined;
    try {
      source = new FileSource(file);
      const header = readHeader(source);
      if (header === "damaged") throw damaged(file, "its header is not as it was written");
      if (header === "unfinished") {
        source.close();
        return undefined;
      }
      if (header.layout > LAYOUT) throw newerLayout(file, header.layout, LAYOUT);
      if (header.first !== first)
        throw damaged(file, `it begins with position ${header.first}, not ${first}`);
      return new FrameReader(file, header, source);
    } catch (error) {
      source?.close();
      throw explainLogError(file, error);
    }
  }

  page(after: number, last: number): StoredRecord[] {
    return this.#explained(() => this.#page(after, last));
  }

  *ofKind(kind: string, fromMs: number, toMs: number): Iterable<StoredRecord> {
    const cursor = this.#begin();
    let reached = this.range.first - 1;
    for (let frame = this.#head(cursor); frame?.type === "record"; frame = this.#head(cursor)) {
      const isWanted = frame.kind === kind || frame.kind.startsWith(`${kind}@`);
      if (isWanted && frame.receivedMs >= fromMs && frame.receivedMs < toMs) {
        const record = this.#explained(() => recordOf(cursor, frame));
        // The newest of a segment that is being written may not be all there yet.
        if (record === undefined) break;
        yield record;
      }
      reached = frame.position;
      cursor.skip(frame);
    }
    const isThrough = this.#explained(
      () => cursor.head()?.type === "end" || cursor.offset >= this.#source.size,
    );
    if (!isThrough && this.survey(0).rest === "damaged") throw this.#damaged(reached);
  }

  ends(): Ends | undefined {
    return this.#explained(() => {
      const { last, fromMs, toMs } = this.#found();
      if (fromMs === undefined || toMs === undefined) return undefined;
      return { first: this.#begin().head()?.position ?? this.range.first, last, fromMs, toMs };
    });
  }

  last(following?: number): number {
    return lastOf(this.range, this.#found(), following);
  }

  get bytes(): number {
    return this.#source.size;
  }

  /** What the segment says about itself, if it is complete. */
  end(): End | undefined {
    return readEnd(this.#source, this.range);
  }

  /** Reads all of it. @param acknowledged a position that must not be missing; 0: none */
  survey(acknowledged: number): Survey {
    return this.#explained(() => {
      const found = survey(this.#source, this.range, acknowledged);
      if (found.rest !== "damaged" || this.range.closedAt === null) return found;
      // An aggregator that has been started meanwhile goes on with a segment that was complete.
      const header = readHeader(this.#source);
      return typeof header === "string" || header.closedAt !== null
        ? found
        : survey(this.#source, header, acknowledged);
    });
  }

  close(): void {
    this.#source.close();
  }

  #found(): End | Survey {
    const end = this.#explained(() => this.end());
    if (end !== undefined) return end;
    this.#survey ??= this.survey(0);
    if (this.#survey.rest === "damaged") throw this.#damaged(this.#survey.last);
    return this.#survey;
  }

  #page(after: number, last: number): StoredRecord[] {
    if (after < this.#reached) {
      this.#cursor = this.#begin();
      this.#reached = this.range.first - 1;
    }
    const page: StoredRecord[] = [];
    let bytes = 0;
    while (this.#reached < last && page.length < PAGE_RECORDS && bytes < PAGE_BYTES) {
      const frame = this.#cursor.head();
      if (frame?.type !== "record" || !follows(frame.position, this.#reached, this.range)) {
        if (last <= (this.range.through ?? 0)) break;
        throw this.#damaged(this.#reached);
      }
      if (frame.position > last) break;
      if (frame.position > after) {
        const record = recordOf(this.#cursor, frame);
        if (record === undefined) throw this.#damaged(this.#reached);
        page.push(record);
        bytes += sizeOf(record);
      }
      this.#reached = frame.position;
      this.#cursor.skip(frame);
    }
    return page;
  }

  #begin(): FrameCursor {
    return new FrameCursor(this.#source, this.range.salt, FRAMES_AT);
  }

  #head(cursor: FrameCursor): Frame | undefined {
    return this.#explained(() => cursor.head());
  }

  #damaged(reached: number): Error {
    return damaged(this.file, `what follows on position ${reached} is not as it was written`);
  }

  #explained<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw explainLogError(this.file, error);
    }
  }
}

function recordOf(cursor: FrameCursor, frame: Frame): StoredRecord | undefined {
  const body = cursor.body(frame);
  if (body === undefined) return undefined;
  const { position, kind, receivedMs, format, compression } = frame;
  return { position, kind, receivedMs, format, compression, body };
}
