import { type Stats, statSync } from "node:fs";

/** A file or folder as it was opened: its device and its number there. */
export interface KnownFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
}

/** @throws what `stat` throws */
export function knownFile(path: string): KnownFile {
  const { dev: device, ino: inode } = statSync(path);
  return { path, device, inode };
}

/**
 * Files that must stay where they are. Whoever deletes or moves a file that is open, or mounts something over it, takes away what is
 * written to it, and no write fails.
 */
export class KnownFiles {
  readonly #files: Map<string, KnownFile> = new Map();

  constructor(files: readonly KnownFile[] = []) {
    for (const file of files) this.#files.set(file.path, file);
  }

  /** From now on, the file at this path must stay the one that it is. One that is known already stays as it was known. */
  remember(path: string): void {
    if (!this.#files.has(path)) this.#files.set(path, knownFile(path));
  }

  forget(path: string): void {
    this.#files.delete(path);
  }

  /** @throws Error that names the first file that is gone, or is another one than was opened */
  check(): void {
    for (const file of this.#files.values()) {
      const found = statSync(file.path, { throwIfNoEntry: false });
      if (found !== undefined && isSame(found, file)) continue;
      const what =
        found === undefined
          ? `${file.path} is gone`
          : `${file.path} is another one than the aggregator has opened`;
      throw new DisplacedError(`${what}; put it back, or restart the aggregator with --salvage`);
    }
  }
}

/** A file that is written to is no longer where it was opened. */
export class DisplacedError extends Error {}

function isSame(found: Stats, { device, inode }: KnownFile): boolean {
  return found.dev === device && found.ino === inode && found.nlink > 0;
}
