import { hasCode } from "@slipstream/conventions";
import type { EngineBatch, EngineRecord } from "@slipstream/engine";
import type { Log, NewRecord } from "../log/log.ts";
import { isAfter, type Position } from "../log/position.ts";
import type { LogPipeline } from "./log-pipeline.ts";
import { Turns } from "./turns.ts";

/** The one way into the log: what is committed goes on to the engine, each record once, in the log's order. */
export interface Journal {
  /**
   * Resolves with the position once the record is committed and was given to the engine. Rejects if it cannot be.
   * @param batch what the record holds, if it is decoded already
   * @throws SlipstreamError if the record cannot be decoded; then it is not appended
   */
  commit(record: NewRecord, batch?: EngineBatch): Promise<Position>;
}

export interface JournalOptions {
  /** Its records up to its position have been applied already. */
  readonly log: Log;
  /** Gets the records in the log's order. */
  readonly pipeline: Pick<LogPipeline, "applyInParts" | "decode">;
  /** Told of an error thrown by the pipeline; the records that follow are delivered all the same. */
  readonly onError: (error: unknown) => void;
  /** How soon a record that could not be read back is read again. Default 1 s. */
  readonly retryMs?: number;
}

interface Entry {
  readonly record: EngineRecord;
  /** Its record is delivered, or failed. */
  readonly done: () => void;
  /** undefined: not committed yet. "refused": it is not in the log. "unknown": it failed, and may be in the log all the same. */
  outcome: Position | "refused" | "unknown" | undefined;
}

/** Of each turn of the event loop, what may go into applying records, ms: whoever waits for an answer waits for this. */
const SHARE_MS = 6;

export function createJournal({ log, pipeline, onError, retryMs = 1_000 }: JournalOptions): Journal {
  /** In the order of the appends, which is the log's. */
  const queue: Entry[] = [];
  let delivered = log.position;
  /** Whether the log may hold records after `delivered` that nothing in the queue stands for. */
  let doubtful = false;
  let delivering = false;

  const turns = new Turns(SHARE_MS);

  const give = async (record: EngineRecord, position: Position): Promise<void> => {
    delivered = position;
    try {
      await turns.run(pipeline.applyInParts(record, position));
    } catch (error) {
      onError(error);
    }
  };

  /** Gives the engine what is committed, one record after the other. */
  const deliver = async (): Promise<void> => {
    if (delivering) return;
    delivering = true;
    for (let entry = queue[0]; entry?.outcome !== undefined; entry = queue[0]) {
      if (typeof entry.outcome !== "string") {
        if (doubtful) await fill(entry.outcome);
        await give(entry.record, entry.outcome);
      } else if (entry.outcome === "unknown") doubtful = true;
      queue.shift();
      entry.done();
    }
    delivering = false;
  };

  /**
   * Gives the engine, as a replay would, what is in the log before `until` although its append failed: a commit can take
   * place and its answer still be an error.
   */
  const fill = async (until: Position): Promise<void> => {
    while (doubtful) {
      try {
        for await (const record of log.read(delivered)) {
          if (!isAfter(until, record.position)) break;
          await give(pipeline.decode(record), record.position);
        }
        doubtful = false;
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  };

  const append = async (record: NewRecord, decoded: EngineRecord): Promise<Position> => {
    let done = (): void => {};
    const delivery = new Promise<void>((resolve) => {
      done = resolve;
    });
    const entry: Entry = { record: decoded, done, outcome: undefined };
    queue.push(entry);
    try {
      const position = await log.append(record);
      entry.outcome = position;
      void deliver();
      await delivery;
      return position;
    } catch (error) {
      entry.outcome = hasCode(error, "log_busy") ? "refused" : "unknown";
      void deliver();
      throw error;
    }
  };

  return {
    commit: async (record, batch) =>
      append(
        record,
        batch === undefined ? pipeline.decode(record) : { receivedMs: record.receivedMs, batch },
      ),
  };
}
