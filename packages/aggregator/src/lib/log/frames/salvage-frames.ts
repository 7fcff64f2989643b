import { closeSync, openSync } from "node:fs";
import { type DamagedSegment, type Kept, reachedBy } from "../damaged-segment.ts";
import { disk, writeAll } from "../disk.ts";
import { damaged } from "../errors.ts";
import type { StoredRecord } from "../stored.ts";
import { type ByteSource, FileSource } from "./byte-source.ts";
import { encodeHeader, type FileHeader, FRAMES_AT, newHeader, readHeader } from "./file-header.ts";
import { encodeEnd, encodeGroup, type Frame, isBodyOf } from "./frame.ts";
import { framesFrom, readEnd } from "./survey.ts";

/** So much of what is kept is held before it is written. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Writes a segment with the records that can be read of a damaged one. */
export function keepFrames(segment: DamagedSegment, target: string): Kept {
  const { file, first, previous } = segment;
  const source = new FileSource(file);
  const descriptor = openSync(target, "w", 0o600);
  try {
    const header = newHeader(first, { previous, through: null, lost: 0 });
    const found = readHeader(source);
    let at = FRAMES_AT;
    let kept = 0;
    let newest = first - 1;
    let fromMs: number | undefined;
    let toMs: number | undefined;
    let batch: StoredRecord[] = [];
    let bytes = 0;
    const write = (): void => {
      const positions = batch.map(({ position }) => position);
      at += writeAll(disk, descriptor, encodeGroup(batch, first, header.salt, positions), at);
      batch = [];
      bytes = 0;
    };
    const hasHeader = typeof found !== "string";
    const reached = reachedBy(segment, hasHeader ? newestOf(source, found) : undefined);
    if (hasHeader && reached !== undefined) {
      for (const record of recordsOf(source, found, Math.max(first, previous + 1), reached)) {
        batch.push(record);
        kept += 1;
        newest = record.position;
        fromMs ??= record.receivedMs;
        toMs = record.receivedMs;
        bytes += record.body.byteLength;
        if (bytes >= BATCH_BYTES) write();
      }
    }
    write();
    writeAll(disk, descriptor, [encodeEnd({ last: newest, count: kept, fromMs, toMs }, header.salt)], at);
    // Positions up to the last one are never given again, although their records are lost.
    const last = reached ?? newest;
    const range = { previous, through: last, lost: last - first + 1 - kept, closedAt: newest };
    writeAll(disk, descriptor, [encodeHeader({ ...header, ...range })], 0);
    disk.sync(descriptor);
    return { kept, last: reached };
  } finally {
    closeSync(descriptor);
    source.close();
  }
}

/** Lets a segment continue the one that is before it now. */
export function continueFramesFrom(file: string, previous: number): void {
  const source = new FileSource(file);
  const header = readHeader(source);
  source.close();
  if (typeof header === "string") throw damaged(file, "its header is not as it was written");
  const descriptor = openSync(file, "r+");
  try {
    writeAll(disk, descriptor, [encodeHeader({ ...header, previous })], 0);
    disk.sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Each record that is as it was written, in order, from one position to another: the file may have had another name. */
function* recordsOf(
  source: ByteSource,
  { salt }: FileHeader,
  first: number,
  last: number,
): Iterable<StoredRecord> {
  let reached = first - 1;
  for (const { at, frame } of framesFrom(source, salt, FRAMES_AT)) {
    const { type, position, kind, receivedMs, format, compression } = frame;
    if (type !== "record" || position <= reached || position > last) continue;
    const body = bodyAt(source, at, frame);
    if (body === undefined || !isBodyOf(frame, body, salt)) continue;
    reached = position;
    yield { position, kind, receivedMs, format, compression, body };
  }
}

function bodyAt(source: ByteSource, at: number, { headBytes, bodyBytes }: Frame): Uint8Array | undefined {
  if (at + headBytes + bodyBytes > source.size) return undefined;
  const body = new Uint8Array(bodyBytes);
  return source.read(body, at + headBytes) === bodyBytes ? body : undefined;
}

/** Position that a segment reached: its end says it, or the newest record of which anything can be read. */
function newestOf(source: ByteSource, header: FileHeader): number | undefined {
  let newest = readEnd(source, header)?.last ?? header.closedAt ?? header.through ?? undefined;
  for (const { frame } of framesFrom(source, header.salt, FRAMES_AT))
    newest = Math.max(newest ?? 0, frame.position);
  return newest;
}
