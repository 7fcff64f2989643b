import type { DatabaseSync } from "node:sqlite";
import { type DamagedSegment, type Kept, reachedBy } from "../damaged-segment.ts";
import type { SegmentRange } from "../segment-reader.ts";
import type { StoredRecord } from "../stored.ts";
import { INSERT, recordOf, rowOf } from "./record-row.ts";
import { openReadOnly, openSegment } from "./segment-file.ts";

/** Where nothing tells the last position: so many are tried after one that could not be read. */
const MOST_TRIES = 100_000;

/** Writes a segment with the records that can be read of a damaged one. */
export function keepRows(segment: DamagedSegment, unfinished: string): Kept {
  const { file, first, previous, through } = segment;
  const target = openSegment(unfinished, { previous, through: through ?? null, lost: 0 });
  let kept = 0;
  let newest = first - 1;
  try {
    const insert = target.prepare(INSERT);
    target.exec("BEGIN");
    const found = readWhatCanBeRead(file, Math.max(first, previous + 1), through, (record) => {
      insert.run(...rowOf(record, record.position));
      kept += 1;
      newest = record.position;
    });
    const known = reachedBy(segment, found);
    const last = known && Math.max(known, newest);
    // Positions up to the last one are never given again, although their records are lost.
    setRange(target, { previous, through: last ?? newest, lost: (last ?? newest) - first + 1 - kept });
    target.exec("COMMIT; PRAGMA journal_mode = DELETE");
    return { kept, last };
  } finally {
    target.close();
  }
}

/** Lets a segment continue the one that is before it now. */
export function continueSqliteFrom(file: string, previous: number): void {
  const database = openSegment(file, { previous, through: null, lost: 0 });
  try {
    database.prepare("UPDATE segment SET previous = ?").run(previous);
  } finally {
    database.close();
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
