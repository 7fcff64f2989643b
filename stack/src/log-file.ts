import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from "node:fs";

/** How much of a log is read for its end. */
const END_BYTES = 64 * 1024;

/** Bytes of a file; 0 if it is not there. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

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

/** A message with the last lines of a log below it. */
export function withEndOf(file: string, lines: number, message: string): string {
  return [`${message} The end of ${file}:`, ...endOf(file, lines).map((line) => `    ${line}`)].join("\n");
}

/**
 * Keeps a log that grew too long as `FILE.1`, and empties it. Its writer goes on: it appends. What it writes between the copy and the cut is
 * lost.
 */
export function cutLog(file: string, maxBytes: number): void {
  if (sizeOf(file) <= maxBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}
