import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { lockDirectory } from "./log/directory-lock.ts";
import type { Log } from "./log/log.ts";
import { createMemoryLog } from "./log/memory-log.ts";
import { openLog } from "./log/open-log.ts";
import { BEGINNING } from "./log/position.ts";
import { makePrivate } from "./log/private-files.ts";
import type { Salvaged } from "./log/salvage.ts";
import { StateStore, type StateStoreOptions } from "./state/state-store.ts";
import { folderWriter, processWriter } from "./writer/identity.ts";
import type { Writer } from "./writer/writer.ts";

/** Nothing is kept on disk: for tests and for a look. */
export const IN_MEMORY = ":memory:";

/** A memory log is read by nobody but the engine, which has had each record when it is appended. */
const MEMORY_LOG_BYTES = 16 * 1024 * 1024;

export interface DataFolder {
  /** This process, as the leases of Redis and QuestDB name it. */
  readonly writer: Writer;
  readonly log: Log;
  readonly store: StateStore;
  /** Writes what waits, and gives the directory back. Never rejects. */
  close(): Promise<void>;
}

export interface DataFolderOptions extends Omit<StateStoreOptions, "file" | "writer"> {
  /** Name of the desk; "" if it has none. */
  readonly desk?: string | undefined;
  /** Directory of both, or `IN_MEMORY`. */
  readonly dataDir: string;
  /** A new segment of the log begins when one has reached this size. Default: that of `logSegmentBytes`. */
  readonly segmentBytes?: number | undefined;
  /** Keep what can be read of a damaged log, and go on without the rest. */
  readonly salvage?: boolean | undefined;
  /** Told of each damaged part of the log that was salvaged. */
  readonly onSalvaged?: ((salvaged: Salvaged) => void) | undefined;
  /** Called with the reason if other users may read what is in the folder. */
  readonly onReadable?: ((reason: string) => void) | undefined;
  /** Called with the reason when the log cannot be written, and with undefined when it can be again. */
  readonly onLogFault?: ((reason: string | undefined) => void) | undefined;
}

/** The log and the state of a data folder. Only one aggregator can have them open. @throws SlipstreamError */
export async function openDataFolder(options: DataFolderOptions): Promise<DataFolder> {
  const {
    dataDir,
    desk = "",
    segmentBytes,
    salvage,
    onSalvaged,
    onLogFault,
    onReadable,
    ...storeOptions
  } = options;
  if (dataDir === IN_MEMORY) {
    const writer = processWriter({ desk, run: randomUUID() });
    const store = await StateStore.open({ ...storeOptions, writer, file: ":memory:" });
    return {
      writer,
      log: createMemoryLog({ maxBytes: MEMORY_LOG_BYTES }),
      store,
      close: () => store.close(),
    };
  }
  const lock = lockDirectory(dataDir);
  const readable = makePrivate(dataDir);
  if (readable !== undefined) onReadable?.(readable);
  let store: StateStore | undefined;
  try {
    const writer = folderWriter(desk, dataDir);
    store = await StateStore.open({ ...storeOptions, writer, file: join(dataDir, "state.sqlite") });
    const opened = store;
    // A log that lost its end must not give a position again that the state has seen already.
    const newest = (await store.knownCheckpoints()).at(-1)?.position ?? BEGINNING;
    const log = await openLog({
      directory: dataDir,
      lock,
      atLeast: newest,
      checkAfter: newest,
      segmentBytes,
      salvage,
      onSalvaged,
      onFault: onLogFault,
    });
    const close = async (): Promise<void> => {
      await opened.close();
      await log.close();
      lock.release();
    };
    return { writer, log, store, close };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}
