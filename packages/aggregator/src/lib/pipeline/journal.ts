import { decodeChain, type EngineOptions, type EngineRecord, encodeOptions } from "@slipstream/engine";
import type { Batch } from "@slipstream/otlp/decode";
import type { Log, NewRecord, RequestRecord } from "../log/log.ts";
import { decodeRecord } from "./replay.ts";

/** The one way into the log: what is committed goes on to the engine, each record once, in the log's order. */
export interface Journal {
  /** Resolves with the position once the batch is committed and was given to the engine. Rejects where it cannot be. */
  commitBatch(record: RequestRecord, batch: Batch): Promise<number>;
  /** The passing of time, as a record like any other. */
  commitTick(receivedMs: number): Promise<number>;
  /** What the engine is configured with from here on. */
  commitOptions(receivedMs: number, options: EngineOptions): Promise<number>;
  /**
   * What a watcher saw of the chain: see `encodeChain`. Rejects where it cannot be committed.
   * @throws SlipstreamError `invalid_chain`
   */
  commitChain(receivedMs: number, body: Uint8Array): Promise<number>;
}

export interface JournalOptions {
  /** Its records up to its position have been applied already. */
  readonly log: Log;
  /** Called in log order. Decoded on the way in, so that the live path decodes once. */
  readonly onCommitted: (record: EngineRecord, position: number) => void;
  /** Told of an error thrown by `onCommitted`; the records that follow are delivered all the same. */
  readonly onError: (error: unknown) => void;
  /** How soon a record that could not be read back is read again. Default 1 s. */
  readonly retryMs?: number;
}

interface Entry {
  readonly record: EngineRecord;
  /** Its record is delivered, or failed. */
  readonly done: () => void;
  /** undefined: not committed yet; null: it failed. */
  position: number | null | undefined;
}

export function createJournal({ log, onCommitted, onError, retryMs = 1_000 }: JournalOptions): Journal {
  /** In the order of the appends, which is the log's. */
  const queue: Entry[] = [];
  let delivered = log.position;
  let filling = false;

  const give = (record: EngineRecord, position: number): void => {
    delivered = position;
    try {
      onCommitted(record, position);
    } catch (error) {
      onError(error);
    }
  };

  const deliver = (): void => {
    while (!filling) {
      const entry = queue[0];
      if (entry?.position === undefined) return;
      if (entry.position !== null && entry.position > delivered + 1) {
        void fill(entry.position - 1);
        return;
      }
      queue.shift();
      if (entry.position !== null) give(entry.record, entry.position);
      entry.done();
    }
  };

  /**
   * Gives the engine what was told to have failed and is in the log all the same, as a replay would: a commit can take place
   * although its answer is an error.
   */
  const fill = async (through: number): Promise<void> => {
    filling = true;
    while (delivered < through) {
      try {
        for await (const record of log.read(delivered)) {
          if (record.position > through) break;
          give(decodeRecord(record), record.position);
        }
        delivered = through;
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
    filling = false;
    deliver();
  };

  const commit = async (record: NewRecord, batch: EngineRecord["batch"]): Promise<number> => {
    let done = (): void => {};
    const delivery = new Promise<void>((resolve) => {
      done = resolve;
    });
    const entry: Entry = {
      record: { receivedMs: record.receivedMs, batch } as EngineRecord,
      done,
      position: undefined,
    };
    queue.push(entry);
    try {
      entry.position = await log.append(record);
    } catch (error) {
      entry.position = null;
      deliver();
      throw error;
    }
    deliver();
    await delivery;
    return entry.position;
  };

  return {
    commitBatch: commit,
    commitTick: (receivedMs) => commit({ kind: "tick", receivedMs }, { kind: "tick" }),
    commitOptions: (receivedMs, options) =>
      commit({ kind: "options", receivedMs, body: encodeOptions(options) }, { kind: "options", options }),
    commitChain: async (receivedMs, body) => commit({ kind: "chain", receivedMs, body }, decodeChain(body)),
  };
}
