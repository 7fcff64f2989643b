import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";

/** How much of a log is read for its end. */
const END_BYTES = 64 * 1024;

/** The last lines of a file; none if it is not there. */
export function endOf(file: string, lines: number): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, END_BYTES));
    const read = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8", 0, read).trimEnd().split("\n").slice(-lines);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Keeps a log that grew too long as `FILE.1`, and empties it. Its writer goes on: it appends. What it writes between the copy and the cut is
 * lost.
 */
export function cutLog(file: string, maxBytes: number): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= maxBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}
