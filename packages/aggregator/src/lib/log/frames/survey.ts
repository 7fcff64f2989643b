import type { ByteSource } from "./byte-source.ts";
import { type FileHeader, FRAMES_AT } from "./file-header.ts";
import {
  decodeEnd,
  decodeHead,
  END_BYTES,
  type End,
  type Frame,
  MOST_HEAD_BYTES,
  type Salt,
} from "./frame.ts";
import { FrameCursor } from "./frame-cursor.ts";

/** What the frames of a segment are. */
export interface Survey extends End {
  /** Position of the oldest record. */
  readonly oldest: number | undefined;
  /** Where the frames that can be read end, where the last group of them begins, and the position before that. */
  readonly endsAt: number;
  readonly groupAt: number;
  readonly groupAfter: number;
  /** Whether the segment has its end, so that nothing can be missing behind it. */
  readonly isComplete: boolean;
  /**
   * What follows after `endsAt`. "torn": the rest of a group that was being written when the process ended; nobody was told that it is
   * there. "damaged": what was written is no longer as it was.
   */
  readonly rest: "nothing" | "torn" | "damaged";
}

/** What a complete segment says about itself; undefined if it is not complete. */
export function readEnd(source: ByteSource, { salt }: FileHeader): End | undefined {
  const at = source.size - END_BYTES;
  const bytes = Buffer.alloc(END_BYTES);
  return at >= FRAMES_AT && source.read(bytes, at) === END_BYTES ? decodeEnd(bytes, salt) : undefined;
}

/**
 * Reads a segment from its beginning, as far as it reaches now: another process may be writing to it.
 * @param acknowledged position that was acknowledged, so what is not there up to it is lost. 0: none that is known
 */
export function survey(growing: ByteSource, header: FileHeader, acknowledged: number): Survey {
  const { salt, first, through } = header;
  const source = upToNow(growing);
  const cursor = new FrameCursor(source, salt, FRAMES_AT);
  const { size } = source;
  let last = first - 1;
  let count = 0;
  let oldest: number | undefined;
  let fromMs: number | undefined;
  let toMs: number | undefined;
  let groupAt = FRAMES_AT;
  let groupAfter = last;
  let isComplete = false;
  let isSound = true;
  for (let frame = cursor.head(); frame !== undefined; frame = cursor.head()) {
    if (!cursor.isWhole(frame)) break;
    if (frame.type === "end") {
      isComplete = cursor.offset + END_BYTES === size;
      isSound = frame.position === last;
      break;
    }
    if (!follows(frame.position, last, header)) break;
    if (frame.inGroup === 0) {
      groupAt = cursor.offset;
      groupAfter = last;
    }
    last = frame.position;
    oldest ??= last;
    fromMs ??= frame.receivedMs;
    toMs = frame.receivedMs;
    count += 1;
    cursor.skip(frame);
  }
  const endsAt = cursor.offset;
  const reached = Math.max(last, through ?? 0);
  let rest: Survey["rest"] = "nothing";
  if (isComplete) {
    if (!isSound) rest = "damaged";
  } else if (header.closedAt !== null) {
    rest = "damaged";
  } else if (endsAt < size) {
    const isLost = reached < acknowledged && acknowledged >= first;
    rest = isLost || hasLaterGroup(source, salt, endsAt + 1, reached) ? "damaged" : "torn";
  }
  return { last, count, fromMs, toMs, oldest, endsAt, groupAt, groupAfter, isComplete, rest };
}

/**
 * Position of the newest record of a segment.
 * @param found all of it, or what its end says
 * @param following where the next segment says that this one ends
 */
export function lastOf({ through }: FileHeader, found: Survey | End, following?: number): number {
  const last = Math.max(through ?? 0, found.last);
  // A group whose sync failed was refused, and its positions were given again.
  const isRefused =
    following !== undefined &&
    following < last &&
    "groupAfter" in found &&
    !found.isComplete &&
    following >= found.groupAfter;
  return isRefused ? following : last;
}

function upToNow(source: ByteSource): ByteSource {
  const { size } = source;
  return {
    size,
    read: (into, at) => source.read(into.subarray(0, Math.max(0, Math.min(into.length, size - at))), at),
  };
}

/** Positions follow on each other, except where records were lost. */
export function follows(position: number, last: number, { lost, through }: FileHeader): boolean {
  return position === last + 1 || (lost > 0 && position > last && last < (through ?? 0));
}

const SEARCH_BYTES = 1024 * 1024;

/** Whether there is anything from `from` on that was only written after all up to the position after `reached` was on the disk. */
function hasLaterGroup(source: ByteSource, salt: Salt, from: number, reached: number): boolean {
  for (const { frame } of framesFrom(source, salt, from))
    if (frame.type === "end" || frame.position - frame.inGroup > reached + 1) return true;
  return false;
}

/** All that look like frames from `from` on, whatever is between them. Their bodies may be anything. */
export function* framesFrom(
  source: ByteSource,
  salt: Salt,
  from: number,
): Iterable<{ readonly at: number; readonly frame: Frame }> {
  const marker = Buffer.alloc(4);
  marker.writeUInt32LE(salt.marker);
  const { size } = source;
  const memory = Buffer.allocUnsafeSlow(Math.max(0, Math.min(SEARCH_BYTES, size - from)));
  for (let windowAt = from; windowAt < size; ) {
    const window = memory.subarray(0, source.read(memory, windowAt));
    const isLast = window.length === 0 || windowAt + window.length >= size;
    let place = window.indexOf(marker);
    while (place >= 0 && (isLast || place + MOST_HEAD_BYTES <= window.length)) {
      const frame = decodeHead(window, place, salt);
      if (frame !== undefined) yield { at: windowAt + place, frame };
      place = window.indexOf(marker, place + 1);
    }
    if (isLast) return;
    windowAt += window.length - MOST_HEAD_BYTES + 1;
  }
}
