import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes that are read at any place. */
export interface ByteSource {
  /** How many there are at present. */
  readonly size: number;
  /** Fills `into` from `at` on; returns how many bytes there were, fewer only at the end. */
  read(into: Uint8Array, at: number): number;
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read(into, at) {
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}

/** An open file, as it grows. */
export function sourceOfDescriptor(descriptor: number): ByteSource {
  return {
    get size() {
      return fstatSync(descriptor).size;
    },
    read: (into, at) => readFully(descriptor, into, at),
  };
}

/** A file, as it grows. */
export class FileSource implements ByteSource {
  readonly #descriptor: number;
  readonly #source: ByteSource;

  /** @throws what `open` throws */
  constructor(file: string) {
    this.#descriptor = openSync(file, "r");
    this.#source = sourceOfDescriptor(this.#descriptor);
  }

  get size(): number {
    return this.#source.size;
  }

  read(into: Uint8Array, at: number): number {
    return this.#source.read(into, at);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Fewer bytes than asked for only at the end of the file. */
function readFully(descriptor: number, into: Uint8Array, at: number): number {
  let done = 0;
  while (done < into.length) {
    const read = readSync(descriptor, into, done, into.length - done, at + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
