import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { SegmentRange } from "../segment-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import type { Salt } from "./frame.ts";

/**
 * What a segment begins with, and has again at `COPY_AT`, so that no damaged page takes all of it:
 *
 *     0  "SlipLog" and a zero              40  position that it reached when it was salvaged; NaN if it was not
 *     8  layout                            48  records lost from it
 *    12  bytes of this header              56  position that it reached when it was completed; NaN if it was not
 *    16  marker and seed of its frames     64  nothing
 *    24  position with which it begins     68  checksum of all before
 *    32  position of the newest record
 *        before this segment
 */
const HEADER_BYTES = 72;
const COPY_AT = 4_096;

/** Where the frames begin. */
export const FRAMES_AT: number = COPY_AT + HEADER_BYTES;

/** 1 and 2 were SQLite files. */
export const LAYOUT = 3;

const MAGIC = Buffer.from("SlipLog\0");

export interface FileHeader extends SegmentRange {
  readonly layout: number;
  readonly salt: Salt;
  readonly first: number;
  /** Position that it reached when it was completed, after which nothing was written to it; null if it was not. */
  readonly closedAt: number | null;
}

/** A header with a salt of its own. */
export function newHeader(first: number, range: SegmentRange): FileHeader {
  const random = randomBytes(8);
  // Not zero: then a file that the disk has filled with zeros would have frames.
  const marker = random.readUInt32LE(0) || 1;
  return { layout: LAYOUT, salt: { marker, seed: random.readUInt32LE(4) }, first, closedAt: null, ...range };
}

/** All up to `FRAMES_AT`. */
export function encodeHeader(header: FileHeader): Uint8Array {
  const { layout, salt, first, previous, through, lost, closedAt } = header;
  const all = Buffer.alloc(FRAMES_AT);
  const bytes = all.subarray(0, HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(layout, 8);
  bytes.writeUInt32LE(HEADER_BYTES, 12);
  bytes.writeUInt32LE(salt.marker, 16);
  bytes.writeUInt32LE(salt.seed, 20);
  bytes.writeDoubleLE(first, 24);
  bytes.writeDoubleLE(previous, 32);
  bytes.writeDoubleLE(through ?? Number.NaN, 40);
  bytes.writeDoubleLE(lost, 48);
  bytes.writeDoubleLE(closedAt ?? Number.NaN, 56);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4);
  bytes.copy(all, COPY_AT);
  return all;
}

/** "unfinished": whoever made the segment did not get to its first frame. "damaged": there is more, but no header can be read. */
export function readHeader(source: ByteSource): FileHeader | "unfinished" | "damaged" {
  const bytes = Buffer.alloc(HEADER_BYTES);
  for (const at of [0, COPY_AT]) {
    const header = decodeHeader(bytes.subarray(0, source.read(bytes, at)));
    if (header !== undefined) return header;
  }
  const began = bytes.subarray(0, source.read(bytes.subarray(0, MAGIC.length), 0));
  const isBegun = began.every((byte, at) => byte === 0 || byte === MAGIC[at]);
  return source.size <= FRAMES_AT && isBegun ? "unfinished" : "damaged";
}

/** undefined if it is none, or not as it was written. The layout may be a newer one than this version knows. */
function decodeHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, HEADER_BYTES - 4)) !== bytes.readUInt32LE(HEADER_BYTES - 4)) return undefined;
  const orNull = (at: number): number | null => {
    const value = bytes.readDoubleLE(at);
    return Number.isNaN(value) ? null : value;
  };
  return {
    layout: bytes.readUInt32LE(8),
    salt: { marker: bytes.readUInt32LE(16), seed: bytes.readUInt32LE(20) },
    first: bytes.readDoubleLE(24),
    previous: bytes.readDoubleLE(32),
    through: orNull(40),
    lost: bytes.readDoubleLE(48),
    closedAt: orNull(56),
  };
}
