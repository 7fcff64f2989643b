import { crc32 } from "node:zlib";
import { type NewRecord, noBody } from "../log.ts";

/**
 * A segment is a header (`file-header.ts`) and frames behind it. Each frame is a record, or the last thing in a segment that is
 * complete. All numbers are little-endian.
 *
 *     0  marker, the segment's own         32  number within its group
 *     4  checksum of the rest up to the    36  what it is: 1 a record, 2 the end
 *        body                              37  bytes of the kind
 *     8  bytes of the body                 38  bytes of the format, 255 if there is none
 *    12  checksum of the body              39  bytes of the compression, 255 if there is none
 *    16  position                          40  kind, format, compression, body
 *    24  time of receipt, Unix ms
 *
 * A group is what is written and synced at once. The next one is written only after that, so a frame of a later group proves that
 * the groups before it were on the disk.
 */
export const FRAME_BYTES = 40;

const RECORD = 1;
const END = 2;
const NONE = 255;
/** Body of the end: the time of receipt of the first record, and how many records there are. */
const END_BODY_BYTES = 16;
export const END_BYTES: number = FRAME_BYTES + END_BODY_BYTES;

/** Bodies up to this size are copied beside the headers: fewer pieces to write. */
const SMALL_BYTES = 4_096;

/**
 * What frames of a segment have in common and frames elsewhere have not: whoever sends a body that looks like a frame does not know it.
 */
export interface Salt {
  readonly marker: number;
  readonly seed: number;
}

export interface Frame {
  readonly type: "record" | "end";
  readonly position: number;
  readonly receivedMs: number;
  /** How many records of the same group are before it. */
  readonly inGroup: number;
  readonly kind: string;
  readonly format: string | null;
  readonly compression: string | null;
  /** Bytes up to the body, and of the body. */
  readonly headBytes: number;
  readonly bodyBytes: number;
  readonly bodyCrc: number;
}

/** What the end of a complete segment says about it. */
export interface End {
  /** Position of the newest record. */
  readonly last: number;
  readonly count: number;
  /** Time of receipt of the first record and of the newest; undefined if there is none. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/**
 * The pieces to write, one after the other, for records at the positions from `first` on, as one group. Large bodies are not copied.
 * @param positions if they do not follow on each other
 * @throws RangeError if the name of a kind, a format or a compression is too long
 */
export function encodeGroup(
  records: readonly NewRecord[],
  first: number,
  salt: Salt,
  positions?: readonly number[],
): Uint8Array[] {
  let bytes = 0;
  for (const record of records) {
    const { kind, format, compression, body } = record;
    bytes += FRAME_BYTES + lengthOf(kind) + lengthOf(format) + lengthOf(compression);
    if (body.byteLength <= SMALL_BYTES) bytes += body.byteLength;
  }
  const heads = Buffer.allocUnsafe(bytes);
  const pieces: Uint8Array[] = [];
  let from = 0;
  let at = 0;
  for (const [index, record] of records.entries()) {
    const { body } = record;
    const position = positions?.[index] ?? first + index;
    at = encodeHead(heads, at, record, position, positions === undefined ? index : 0, salt);
    if (body.byteLength <= SMALL_BYTES) {
      heads.set(body, at);
      at += body.byteLength;
    } else {
      pieces.push(heads.subarray(from, at), body);
      from = at;
    }
  }
  if (at > from) pieces.push(heads.subarray(from, at));
  return pieces;
}

export function encodeEnd({ last, count, fromMs, toMs }: End, salt: Salt): Uint8Array {
  const bytes = Buffer.alloc(END_BYTES);
  const body = bytes.subarray(FRAME_BYTES);
  body.writeDoubleLE(fromMs ?? Number.NaN, 0);
  body.writeDoubleLE(count, 8);
  const head = { kind: "", receivedMs: toMs ?? Number.NaN, format: null, compression: null, body };
  encodeHead(bytes, 0, head, last, 0, salt, END);
  return bytes;
}

/** @returns where the body begins */
function encodeHead(
  bytes: Buffer,
  start: number,
  { kind, receivedMs, format, compression, body }: NewRecord,
  position: number,
  inGroup: number,
  { marker, seed }: Salt,
  type: number = RECORD,
): number {
  bytes.writeUInt32LE(marker, start);
  bytes.writeUInt32LE(body.byteLength, start + 8);
  bytes.writeUInt32LE(crc32(body, seed), start + 12);
  bytes.writeDoubleLE(position, start + 16);
  bytes.writeDoubleLE(receivedMs, start + 24);
  bytes.writeUInt32LE(inGroup, start + 32);
  bytes[start + 36] = type;
  let at = start + FRAME_BYTES;
  at += encodeName(bytes, start + 37, at, kind);
  at += encodeName(bytes, start + 38, at, format);
  at += encodeName(bytes, start + 39, at, compression);
  bytes.writeUInt32LE(crc32(bytes.subarray(start + 8, at), seed), start + 4);
  return at;
}

function encodeName(bytes: Buffer, lengthAt: number, at: number, name: string | null): number {
  const length = name === null ? 0 : bytes.write(name, at);
  bytes[lengthAt] = name === null ? NONE : length;
  return length;
}

function lengthOf(name: string | null): number {
  if (name === null) return 0;
  const length = Buffer.byteLength(name);
  if (length >= NONE) throw new RangeError(`"${name.slice(0, 20)}..." is too long for a record of the log`);
  return length;
}

/** Bytes that the head of any frame has at most. */
export const MOST_HEAD_BYTES: number = FRAME_BYTES + 3 * NONE;

/** The frame whose head begins at `at`; undefined if there is none, or it is cut off. Its body may be anything. */
export function decodeHead(bytes: Buffer, at: number, { marker, seed }: Salt): Frame | undefined {
  if (at + FRAME_BYTES > bytes.length || bytes.readUInt32LE(at) !== marker) return undefined;
  const [type, kindBytes = 0, formatBytes = 0, compressionBytes = 0] = bytes.subarray(at + 36, at + 40);
  const format = formatBytes === NONE ? 0 : formatBytes;
  const compression = compressionBytes === NONE ? 0 : compressionBytes;
  const headBytes = FRAME_BYTES + kindBytes + format + compression;
  if (at + headBytes > bytes.length || (type !== RECORD && type !== END)) return undefined;
  if (crc32(bytes.subarray(at + 8, at + headBytes), seed) !== bytes.readUInt32LE(at + 4)) return undefined;
  const names = at + FRAME_BYTES;
  const rest = names + kindBytes;
  return {
    type: type === RECORD ? "record" : "end",
    position: bytes.readDoubleLE(at + 16),
    receivedMs: bytes.readDoubleLE(at + 24),
    inGroup: bytes.readUInt32LE(at + 32),
    kind: bytes.toString("utf8", names, rest),
    format: formatBytes === NONE ? null : bytes.toString("utf8", rest, rest + format),
    compression:
      compressionBytes === NONE ? null : bytes.toString("utf8", rest + format, rest + format + compression),
    headBytes,
    bodyBytes: bytes.readUInt32LE(at + 8),
    bodyCrc: bytes.readUInt32LE(at + 12),
  };
}

/** Whether this is the body that was written with the head. */
export function isBodyOf(frame: Frame, body: Uint8Array, { seed }: Salt): boolean {
  return body.byteLength === frame.bodyBytes && crc32(body, seed) === frame.bodyCrc;
}

/** A copy of the body, whose memory is its own: it can be handed to another thread. */
export function ownBody(body: Uint8Array): Uint8Array {
  return body.byteLength === 0 ? noBody : new Uint8Array(body);
}

/** undefined if it is not the end of a segment. */
export function decodeEnd(bytes: Buffer, salt: Salt): End | undefined {
  const frame = decodeHead(bytes, 0, salt);
  const body = bytes.subarray(FRAME_BYTES, END_BYTES);
  if (frame?.type !== "end" || !isBodyOf(frame, body, salt)) return undefined;
  const ms = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
  return {
    last: frame.position,
    count: body.readDoubleLE(8),
    fromMs: ms(body.readDoubleLE(0)),
    toMs: ms(frame.receivedMs),
  };
}
