import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const PATTERN = /^(\d{20})\.(segment|sqlite)$/;

/** `<first position, 20 digits>.segment`: sorts by position. */
export function segmentName(first: number): string {
  return `${String(first).padStart(20, "0")}.segment`;
}

/** As earlier versions named them. */
export function sqliteName(first: number): string {
  return `${String(first).padStart(20, "0")}.sqlite`;
}

/** Stops earlier versions: see `older-versions.ts`. They take it for a segment, and this version does not. */
export const MARKER: string = sqliteName(Number.MAX_SAFE_INTEGER);

/** A segment, and what SQLite may leave beside one of an earlier version. The file goes last: without it, the others are nothing. */
export const companions: readonly string[] = ["-wal", "-shm", "-journal", ""];

export function removeSegment(file: string): void {
  for (const suffix of companions) rmSync(file + suffix, { force: true });
}

export interface SegmentFile {
  readonly file: string;
  /** Position with which it begins. */
  readonly first: number;
  /** "sqlite": as earlier versions wrote them. */
  readonly layout: "frames" | "sqlite";
}

const layoutOf: Readonly<Record<string, SegmentFile["layout"]>> = { segment: "frames", sqlite: "sqlite" };

/** The segments in a log's folder, oldest first; none where there is no such folder. */
export function listSegments(folder: string): SegmentFile[] {
  return (
    listNames(folder)
      .flatMap((name) => {
        const [, digits = "", extension] = PATTERN.exec(name) ?? [];
        const first = Number(digits);
        if (extension === undefined || !Number.isSafeInteger(first) || name === MARKER) return [];
        return [{ file: join(folder, name), first, layout: layoutOf[extension] ?? "frames" }];
      })
      // One of an earlier version may be there without a record, and a new one with the same position.
      .sort((a, b) => a.first - b.first || (a.layout === "sqlite" ? -1 : 1))
  );
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
