import type { Engine } from "./engine/engine.ts";
import type { Publication } from "./engine/model.ts";
import { decodeRecord } from "./intake/replay.ts";
import type { Log } from "./log/log.ts";
import type { DashboardStore } from "./sinks/dashboard-store.ts";

/** Instants written to the store at a time. */
const CHUNK = 500;

export interface RecoveryOptions {
  readonly log: Log;
  readonly engine: Engine;
  /** Gets every instant again: what it missed when the process ended is there afterwards. */
  readonly store: DashboardStore;
  /** Told now and then how far it is. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Applies the whole log to a new engine, so that it stands where the last one stood. Returns the records applied. */
export async function recover({ log, engine, store, onProgress }: RecoveryOptions): Promise<number> {
  const total = log.position;
  let waiting: Publication[] = [];
  let applied = 0;
  const write = async (): Promise<void> => {
    if (waiting.length > 0) await store.write(waiting, { current: false });
    waiting = [];
  };
  for await (const record of log.read(0)) {
    waiting.push(...engine.apply(decodeRecord(record)));
    applied += 1;
    if (waiting.length >= CHUNK) await write();
    if (applied % 10_000 === 0) onProgress?.({ done: record.position, total });
  }
  await write();
  return applied;
}
