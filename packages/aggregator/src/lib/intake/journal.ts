import type { EngineRecord } from "../engine/model.ts";
import type { Log, NewRecord } from "../log/log.ts";
import type { Batch } from "../otlp/model.ts";

/** The one way into the log: what is committed goes on to the engine, each record once, in the log's order. */
export interface Journal {
  /** Resolves with the position once the batch is committed and was given to the engine. Rejects where it cannot be. */
  commitBatch(record: Exclude<NewRecord, { kind: "tick" }>, batch: Batch): Promise<number>;
  /** The passing of time, as a record like any other. */
  commitTick(receivedMs: number): Promise<number>;
}

export interface JournalOptions {
  readonly log: Log;
  /** Called in log order. Decoded on the way in, so that the live path decodes once. */
  readonly onCommitted: (record: EngineRecord, position: number) => void;
  /** Told of an error thrown by `onCommitted`; the records that follow are delivered all the same. */
  readonly onError: (error: unknown) => void;
}

interface Entry {
  readonly record: EngineRecord;
  /** undefined: not committed yet; null: it failed. */
  position: number | null | undefined;
}

export function createJournal({ log, onCommitted, onError }: JournalOptions): Journal {
  /** In the order of the appends, which is the log's. */
  const queue: Entry[] = [];

  const deliver = (): void => {
    for (let entry = queue[0]; entry !== undefined && entry.position !== undefined; entry = queue[0]) {
      queue.shift();
      if (entry.position === null) continue;
      try {
        onCommitted(entry.record, entry.position);
      } catch (error) {
        onError(error);
      }
    }
  };

  const commit = async (stored: NewRecord, batch: EngineRecord["batch"]): Promise<number> => {
    const entry: Entry = {
      record: { receivedMs: stored.receivedMs, batch } as EngineRecord,
      position: undefined,
    };
    queue.push(entry);
    try {
      entry.position = await log.append(stored);
      return entry.position;
    } catch (error) {
      entry.position = null;
      throw error;
    } finally {
      deliver();
    }
  };

  return {
    commitBatch: commit,
    commitTick: (receivedMs) => commit({ kind: "tick", receivedMs }, { kind: "tick" }),
  };
}
