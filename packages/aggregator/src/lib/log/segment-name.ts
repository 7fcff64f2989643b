import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const PATTERN = /^(\d{20})\.sqlite$/;

/** `<first position, 20 digits>.sqlite`: sorts by position. */
export function segmentName(first: number): string {
  return `${String(first).padStart(20, "0")}.sqlite`;
}

/** A SQLite file and what it may leave beside it. The file goes last: without it, the others are nothing. */
export const companions: readonly string[] = ["-wal", "-shm", "-journal", ""];

export function removeSegment(file: string): void {
  for (const suffix of companions) rmSync(file + suffix, { force: true });
}

export interface SegmentFile {
  readonly file: string;
  /** Position with which it begins. */
  readonly first: number;
}

/** The segments in a log's folder, oldest first; none where there is no such folder. */
export function listSegments(folder: string): SegmentFile[] {
  return listNames(folder)
    .flatMap((name) => {
      const first = Number(PATTERN.exec(name)?.[1] ?? Number.NaN);
      return Number.isSafeInteger(first) ? [{ file: join(folder, name), first }] : [];
    })
    .sort((a, b) => a.first - b.first);
}

/** None where there is no such folder. */
export function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
