import { fdatasyncSync, writevSync } from "node:fs";
import { syncFolder } from "./sync-folder.ts";

/** What a log asks of the disk. Tests give it one that fails. */
export interface Disk {
  /** Writes from `at` on; returns how many bytes it has written, which may be fewer than there are. */
  write(descriptor: number, pieces: readonly Uint8Array[], at: number): number;
  /** Resolves once what was written is on the disk. */
  sync(descriptor: number): void;
  /** The same for what was made, renamed or deleted in a folder. */
  syncFolder(folder: string): void;
}

export const disk: Disk = {
  write: (descriptor, pieces, at) => writevSync(descriptor, pieces, at),
  sync: fdatasyncSync,
  syncFolder,
};

/** As many as the kernel takes at a time. */
const MOST_PIECES = 1_024;

/** Writes all of it, or throws. @returns how many bytes that is */
export function writeAll(disk: Disk, descriptor: number, pieces: readonly Uint8Array[], at: number): number {
  let written = 0;
  for (let from = 0; from < pieces.length; from += MOST_PIECES)
    written += writeSome(disk, descriptor, pieces.slice(from, from + MOST_PIECES), at + written);
  return written;
}

function writeSome(disk: Disk, descriptor: number, pieces: readonly Uint8Array[], at: number): number {
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let done = 0;
  let rest = pieces;
  while (done < bytes) {
    const written = disk.write(descriptor, rest, at + done);
    // A disk that takes less says why when the rest is written.
    if (written <= 0) throw new Error("the disk took nothing of what was written");
    done += written;
    if (done < bytes) rest = behind(rest, written);
  }
  return bytes;
}

/** The pieces without their first bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(left, piece.byteLength);
    left -= skipped;
    return skipped === piece.byteLength ? [] : [piece.subarray(skipped)];
  });
}
