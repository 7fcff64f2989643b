import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/**
 * A file beside the segments says how far the log has come. It is written after each group is on the disk, and is not synced, so
 * after a kill it names the newest record that was acknowledged, and after a power failure perhaps an older one. Without it, a segment that
 * was cut off would look as if the last group had never been written.
 *
 *     0  "SlipPos" and a zero       24  when this file was made, ns
 *     8  position                   32  checksum of all before
 *    16  number of this file
 *
 * A copy of the file has another number and another time, and says nothing: its segments may have been copied before it.
 */
export const REACHED_FILE = "reached";
const BYTES = 36;
const MAGIC = Buffer.from("SlipPos\0");

/**
 * Position that the log in this folder has reached for certain; 0 if that is not known. Read it before the segments are listed, if
 * another process may be writing.
 */
export function readReached(folder: string): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(join(folder, REACHED_FILE), constants.O_RDONLY | constants.O_NONBLOCK);
    const found = Buffer.alloc(BYTES);
    if (readSync(descriptor, found, 0, BYTES, 0) < BYTES) return 0;
    const position = found.readDoubleLE(8);
    const isSound = encode(position, identify(descriptor)).equals(found);
    return isSound && Number.isSafeInteger(position) && position > 0 ? position : 0;
  } catch {
    return 0;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Writes how far the log has come. What cannot be written is left out: then less is known at the next start, and nothing is wrong. */
export class Reached {
  readonly #file: string;
  #open: { readonly descriptor: number; readonly identity: Buffer } | undefined;

  constructor(folder: string) {
    this.#file = join(folder, REACHED_FILE);
  }

  write(position: number): void {
    try {
      this.#open ??= open(this.#file);
      const { descriptor, identity } = this.#open;
      writeSync(descriptor, encode(position, identity), 0, BYTES, 0);
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.descriptor);
    this.#open = undefined;
  }
}

function open(file: string): { readonly descriptor: number; readonly identity: Buffer } {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
  try {
    return { descriptor, identity: identify(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** What no other file has, a copy of this one included. */
function identify(descriptor: number): Buffer {
  const { ino, birthtimeNs } = fstatSync(descriptor, { bigint: true });
  const identity = Buffer.alloc(16);
  identity.writeBigUInt64LE(ino, 0);
  identity.writeBigInt64LE(birthtimeNs, 8);
  return identity;
}

function encode(position: number, identity: Buffer): Buffer {
  const bytes = Buffer.alloc(BYTES);
  MAGIC.copy(bytes);
  bytes.writeDoubleLE(position, 8);
  identity.copy(bytes, 16);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, BYTES - 4)), BYTES - 4);
  return bytes;
}
