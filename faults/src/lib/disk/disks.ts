import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A place for a data directory that can be made to take no more writes. */
export interface Disk {
  readonly data: string;
  /** From now on writes of that process fail. */
  fill(pid: number): void;
  /** Writes succeed again, also those of the process where it has not ended. */
  free(pid?: number): void;
  /** Removes it; what wrote to it must have ended. */
  close(): void;
}

const KIB = 1_024;

/** A small file system of its own, which another program's file fills. Undefined where none may be mounted. */
export function tmpfsDisk(): Disk | undefined {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]).status === 0;
  if (!mounted) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, "filler");
  return {
    data: makeData(folder),
    fill: () => {
      for (const block of [KIB * KIB, 4 * KIB]) fillUp(filler, Buffer.alloc(block));
    },
    free: () => rmSync(filler),
    close: () => {
      execFileSync("umount", [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A limit on the size of files that the process writes: its writes fail as those to a broken disk do. */
export function limitedDisk(): Disk | undefined {
  if (spawnSync("prlimit", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "slipstream-disk-"));
  const limit = (pid: number, bytes: string): void => {
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
  };
  return {
    data: makeData(folder),
    fill: (pid) => limit(pid, "1"),
    free: (pid) => {
      if (pid !== undefined) limit(pid, "unlimited");
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function makeData(folder: string): string {
  const data = join(folder, "data");
  mkdirSync(data);
  return data;
}

/** Appends blocks until there is no space for another. */
function fillUp(file: string, block: Buffer): void {
  writeFileSync(file, "", { flag: "a" });
  try {
    for (;;) appendFileSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
