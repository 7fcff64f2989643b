import { existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { INSERT, recordOf, rowOf } from "./record-row.ts";
import { openReadOnly, openSegment, type SegmentRange } from "./segment-file.ts";
import { companions, listNames, removeSegment } from "./segment-name.ts";
import type { StoredRecord } from "./stored.ts";
import { syncFolder } from "./sync-folder.ts";

/** What was done about a damaged part of the log. */
export interface Salvaged {
  /** What was wrong. */
  readonly reason: string;
  /** Where the damaged file lies now; undefined where a whole segment was missing. */
  readonly movedTo: string | undefined;
  /** Position with which the part begins, and the one it reached; undefined where that is not known. */
  readonly first: number;
  readonly last: number | undefined;
  /** Records that could be read, and that could not; undefined where nothing tells how many there were. */
  readonly kept: number;
  readonly lost: number | undefined;
}

/** A salvaged segment that does not have its name yet. */
const UNFINISHED = ".salvaged";

/** Where nothing tells the last position: so many are tried after one that could not be read. */
const MOST_TRIES = 100_000;

/**
 * Puts in place of a damaged segment a new one with the records of it that can be read. The damaged file is moved aside and
 * not changed.
 *
 * @param through the position that the segment reached, undefined where nothing tells: for the newest one
 */
export function salvageSegment(parts: {
  readonly file: string;
  readonly first: number;
  readonly previous: number;
  readonly through: number | undefined;
  readonly reason: string;
}): Salvaged {
  const { file, first, previous, through, reason } = parts;
  const unfinished = file + UNFINISHED;
  removeSegment(unfinished);
  const target = openSegment(unfinished, { previous, through: through ?? null, lost: 0 });
  let kept = 0;
  let newest = first - 1;
  let last: number | undefined;
  try {
    const insert = target.prepare(INSERT);
    target.exec("BEGIN");
    last = readWhatCanBeRead(file, first, through, (record) => {
      insert.run(...rowOf(record, record.position));
      kept += 1;
      newest = record.position;
    });
    // Positions up to the last one are never given again, although their records are lost.
    setRange(target, { previous, through: last ?? newest, lost: (last ?? newest) - first + 1 - kept });
    target.exec("COMMIT; PRAGMA journal_mode = DELETE");
  } finally {
    target.close();
  }
  const movedTo = freeName(`${file}.damaged`);
  for (const suffix of companions) if (existsSync(file + suffix)) renameSync(file + suffix, movedTo + suffix);
  renameSync(unfinished, file);
  syncFolder(dirname(file));
  const lost = last === undefined ? undefined : last - first + 1 - kept;
  return { reason, movedTo, first, last, kept, lost };
}

/** Lets a segment continue the one that is before it now. */
export function continueFrom(file: string, previous: number): void {
  const database = openSegment(file, { previous, through: null, lost: 0 });
  try {
    database.prepare("UPDATE segment SET previous = ?").run(previous);
  } finally {
    database.close();
  }
}

/** After a crash between the moves of `salvageSegment`: its result is complete if the damaged file has been moved. */
export function finishSalvage(folder: string): void {
  for (const name of listNames(folder).filter((each) => each.endsWith(UNFINISHED))) {
    const unfinished = `${folder}/${name}`;
    const file = unfinished.slice(0, -UNFINISHED.length);
    if (existsSync(file)) removeSegment(unfinished);
    else renameSync(unfinished, file);
    syncFolder(folder);
  }
}

function setRange(database: DatabaseSync, { previous, through, lost }: SegmentRange): void {
  database.prepare("UPDATE segment SET previous = ?, through = ?, lost = ?").run(previous, through, lost);
}

/** @returns the position that the segment reached, as far as that is known */
function readWhatCanBeRead(
  file: string,
  first: number,
  through: number | undefined,
  keep: (record: StoredRecord) => void,
): number | undefined {
  const source = attempt(() => openDamaged(file));
  const select = attempt(() =>
    source?.prepare("SELECT * FROM records WHERE position >= ? ORDER BY position"),
  );
  if (source === undefined || select === undefined) {
    source?.close();
    return through;
  }
  try {
    const reached = through ?? attempt(() => newestOf(source));
    const bound = reached ?? Number.MAX_SAFE_INTEGER;
    // What a statement failed with, it throws once more when it is used again.
    const rowsFrom = (position: number) =>
      attempt(() => select.iterate(position)) ?? select.iterate(position);
    let next = first;
    let rows = rowsFrom(next);
    for (let tries = 0; tries <= MOST_TRIES && next <= bound; ) {
      const step = attempt(() => rows.next());
      if (step?.done) break;
      const position = Number(step?.value.position);
      if (step === undefined || !(position >= next && position <= bound)) {
        // This position, or the page that it is on, cannot be read. What comes after it may.
        next += 1;
        if (reached === undefined) tries += 1;
        rows = rowsFrom(next);
        continue;
      }
      const record = recordOf(step.value);
      if (record !== undefined) keep(record);
      next = position + 1;
      tries = 0;
    }
    return reached;
  } finally {
    source.close();
  }
}

function openDamaged(file: string): DatabaseSync {
  const database = openReadOnly(file);
  // Else SQLite reads nothing at all of a file that is shorter than it should be.
  database.enableDefensive(false);
  database.exec("PRAGMA writable_schema = ON");
  return database;
}

function newestOf(source: DatabaseSync): number | undefined {
  const newest = source.prepare("SELECT max(position) AS newest FROM records").get()?.newest;
  return newest === null || newest === undefined ? undefined : Number(newest);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n++) name = `${wanted}-${n}`;
  return name;
}
