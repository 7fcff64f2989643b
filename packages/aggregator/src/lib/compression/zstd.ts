import { constants, type ZstdOptions } from "node:zlib";

/** https://www.rfc-editor.org/rfc/rfc8878: a frame, and one that says nothing to us. */
const FRAME = 0xfd2f_b528;
const SKIPPABLE = 0x184d_2a50;
const SKIPPABLE_MASK = 0xffff_fff0;

/** The window that every decoder of HTTP takes, and none has to take a larger one: 8 MiB (RFC 9659). */
const WINDOW_LOG = 23;

/** Options for one frame, of which no more than `maxOutputLength` bytes are taken. */
export function zstdOptions(maxOutputLength: number): ZstdOptions {
  return { maxOutputLength, params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG } };
}

/** A body that is not what zstd writes. */
export class ZstdError extends Error {}

/**
 * The frames of a body, those that say nothing left out. Node decompresses only the first of several.
 * @throws ZstdError if it is not made of frames, or of more than `maxFrames`
 */
export function* zstdFrames(body: Buffer, maxFrames: number): Generator<Buffer, void> {
  let at = 0;
  for (let frames = 0; at < body.length; frames++) {
    if (frames >= maxFrames) throw new ZstdError(`it has more than ${maxFrames} frames`);
    const end = frameEnd(body, at);
    if (!isSkippable(body.readUInt32LE(at))) yield body.subarray(at, end);
    at = end;
  }
}

const isSkippable = (magic: number): boolean => (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE;

/** Bytes of the fields of a frame's header, by two bits of its descriptor. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_BYTES = [0, 2, 4, 8];
const RLE_BLOCK = 1;

/** How large a frame says that it will be; undefined if it does not say it. */
export function statedSize(frame: Buffer): number | undefined {
  const descriptor = frame[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const bytes = CONTENT_BYTES[descriptor >>> 6] as number;
  const at = 5 + (isSingle ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] as number);
  if (at + 8 > frame.length) return undefined;
  if (bytes === 8) return Number(frame.readBigUInt64LE(at));
  if (bytes === 4) return frame.readUInt32LE(at);
  if (bytes === 2) return frame.readUInt16LE(at) + 256;
  return isSingle ? frame[at] : undefined;
}

/** Where the frame that begins at `start` ends. */
function frameEnd(body: Buffer, start: number): number {
  const magic = start + 4 <= body.length ? body.readUInt32LE(start) : 0;
  if (isSkippable(magic)) return within(body, start + 8, start + 8 + skippedBytes(body, start + 4));
  if (magic !== FRAME) throw new ZstdError("there is no frame where one should begin");
  const descriptor = body[within(body, start + 5, start + 4)] as number;
  const isSingle = (descriptor & 0x20) !== 0;
  const content = CONTENT_BYTES[descriptor >>> 6] as number;
  let at =
    start +
    5 +
    (isSingle ? Math.max(1, content) : 1 + content) +
    (DICTIONARY_BYTES[descriptor & 3] as number);
  for (let isLast = false; !isLast; ) {
    const header = body.readUIntLE(within(body, at + 3, at), 3);
    isLast = (header & 1) === 1;
    const bytes = ((header >>> 1) & 3) === RLE_BLOCK ? 1 : header >>> 3;
    at = within(body, at + 3 + bytes, at + 3 + bytes);
  }
  return within(body, at, at + ((descriptor & 4) === 0 ? 0 : 4));
}

const skippedBytes = (body: Buffer, at: number): number => body.readUInt32LE(within(body, at + 4, at));

/** `place`, if the body has so many bytes. */
function within(body: Buffer, bytes: number, place: number): number {
  if (Math.max(bytes, place) > body.length) throw new ZstdError("it ends in the middle of a frame");
  return place;
}
