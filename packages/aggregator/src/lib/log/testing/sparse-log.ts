import type { Log, LogRecord, NewRecord } from "../log.ts";
import { BEGINNING, comparePositions, isAfter, type Position, positionOf } from "../position.ts";

/** A log with what a real one may have: positions far apart, segments, a beginning that is forgotten, failed appends. */
export interface SparseLog extends Log {
  /** What the next appends do: "refuse" fails, "lie" fails and takes place all the same. */
  readonly failing: ("refuse" | "lie" | "take")[];
  /** All that it ever took, what it has forgotten among it. */
  readonly everything: readonly LogRecord[];
}

const PER_SEGMENT = 4;

/** @param gaps by how much each position is beyond the one before, again and again; 1 and more */
export function createSparseLog(gaps: readonly number[] = [7, 1, 1_000]): SparseLog {
  let segments: LogRecord[][] = [];
  let droppedThrough = BEGINNING;
  let newest = 0;
  let appended = 0;
  const failing: SparseLog["failing"] = [];
  const everything: LogRecord[] = [];
  const add = (record: NewRecord): Position => {
    newest += gaps[appended++ % gaps.length] ?? 1;
    const position = positionOf(newest);
    if ((segments.at(-1)?.length ?? PER_SEGMENT) >= PER_SEGMENT) segments.push([]);
    const added = { ...record, position };
    everything.push(added);
    segments.at(-1)?.push(added);
    return position;
  };
  const before = (index: number): Position => segments[index - 1]?.at(-1)?.position ?? droppedThrough;
  return {
    failing,
    everything,
    append: async (record) => {
      const fails = failing.shift();
      if (fails === "refuse") throw new Error("not written");
      const position = add(record);
      if (fails === "lie") throw new Error("no answer came");
      return position;
    },
    read: async function* (after) {
      yield* segments.flat().filter(({ position }) => isAfter(position, after));
    },
    get position() {
      return positionOf(newest);
    },
    get droppedThrough() {
      return droppedThrough;
    },
    bytes: 0,
    fault: undefined,
    segments: () =>
      segments.map((records, index) => ({
        after: before(index),
        last: records.at(-1)?.position ?? before(index),
        bytes: records.length,
        fromMs: records[0]?.receivedMs,
        toMs: records.at(-1)?.receivedMs,
      })),
    dropThrough: async (position) => {
      const isGone = (records: LogRecord[], index: number): boolean =>
        index < segments.length - 1 && comparePositions(records.at(-1)?.position ?? BEGINNING, position) <= 0;
      const gone = segments.filter(isGone);
      segments = segments.slice(gone.length);
      droppedThrough = gone.at(-1)?.at(-1)?.position ?? droppedThrough;
    },
    close: async () => undefined,
  };
}
