import { Engine } from "./engine/engine.ts";
import type { Publication } from "./engine/model.ts";
import type { EngineOptions } from "./engine/options.ts";
import { decodeRecord } from "./intake/replay.ts";
import type { Log } from "./log/log.ts";
import type { Logger } from "./logger.ts";
import type { Store } from "./store/store.ts";

/** Instants handed to the store at a time. */
const CHUNK = 500;
const PROGRESS_MS = 1_000;

export interface RecoveryOptions {
  readonly log: Log;
  readonly store: Store;
  /** For an engine that begins with nothing. One that goes on has the options it had; the log tells of changes. */
  readonly options: Partial<EngineOptions>;
  readonly logger: Logger;
}

/**
 * An engine that stands where the last one stood: the newest checkpoint, and what the log holds after it. What the engine
 * publishes on the way goes to the store again: it may have missed it when the process ended.
 */
export async function recover({ log, store, options, logger }: RecoveryOptions): Promise<Engine> {
  const beganMs = performance.now();
  const { checkpoint, passedOver } = await store.resume(log.position);
  for (const reason of passedOver) logger.warn({}, `While recovering, ${reason}`);
  // Their keys go into the checkpoints.
  const duties = { trackSeen: true };
  const engine =
    checkpoint === undefined
      ? new Engine(options, duties)
      : Engine.restore(checkpoint.state, checkpoint.seen, duties);
  const from = checkpoint?.position ?? log.droppedThrough;
  if (checkpoint === undefined && from > 0) {
    logger.warn(
      { droppedThrough: from },
      "The statistics begin anew: there is no usable checkpoint, and the log's beginning is no longer kept",
    );
  }

  let waiting: Publication[] = [];
  const hand = async (): Promise<void> => {
    store.publish(waiting);
    waiting = [];
    await store.settled();
  };
  let records = 0;
  let toldMs = beganMs;
  for await (const record of log.read(from)) {
    waiting.push(...engine.apply(decodeRecord(record)));
    records += 1;
    if (waiting.length >= CHUNK) await hand();
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    logger.info({ done: record.position, total: log.position }, "Reading the log");
  }
  await hand();
  const ms = Math.round(performance.now() - beganMs);
  if (checkpoint !== undefined || records > 0) {
    logger.info({ checkpoint: checkpoint?.position, records, ms }, "The statistics stand where they stood");
  }
  return engine;
}
