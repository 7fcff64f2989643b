import { isDeepStrictEqual } from "node:util";
import { hasCode } from "@slipstream/conventions";

/** A copy in which every four bytes of the input are a place and a byte to write there. */
export function changedBytes(whole: Buffer, input: Uint8Array): Buffer {
  const bytes = Buffer.from(whole);
  for (let at = 0; at + 4 <= input.length; at += 4) {
    const place =
      (((input[at] ?? 0) << 16) | ((input[at + 1] ?? 0) << 8) | (input[at + 2] ?? 0)) % bytes.length;
    bytes[place] = input[at + 3] ?? 0;
  }
  return bytes;
}

/** What is read of a changed segment; undefined if it is refused as a segment may be. */
export function readUnlessRefused<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "log_corrupt", "log_version", "log_unusable")) return undefined;
    throw error;
  }
}

/** @throws Error if a record is none of those that were written */
export function expectWritten(records: readonly unknown[], written: readonly unknown[]): void {
  for (const record of records) {
    if (!written.some((before) => isDeepStrictEqual(before, record)))
      throw new Error(`read as it was not written: ${JSON.stringify(record).slice(0, 300)}`);
  }
}
