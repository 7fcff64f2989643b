import { setTimeout as sleep } from "node:timers/promises";
import type { Desks } from "@slipstream/engine";
import type { Log } from "../log/log.ts";
import { BEGINNING, earlierOf, type Position } from "../log/position.ts";
import { type Retention, retention } from "../log/retention.ts";
import type { Logger } from "../logger.ts";
import { checkpointsToKeep } from "../state/checkpoint.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Stage } from "./pipeline.ts";

const CLOSE_MS = 2_000;

export interface CheckpointerOptions {
  readonly desks: Pick<Desks, "save" | "takeSeen">;
  readonly store: Pick<StateStore, "checkpoint" | "keep" | "fault">;
  readonly log: Log;
  readonly retention: Retention;
  readonly logger: Logger;
  /** Unix ms. */
  readonly now: () => number;
  /** Items (spans, points and records) applied after which a checkpoint is due. */
  readonly everyItems: number;
  /** Milliseconds after which one is due where anything was applied. Default 60,000. */
  readonly everyMs?: number | undefined;
}

/**
 * Has the engine's state written now and then, so that a restart reads only the log's end; and lets the log forget what is
 * older than it is to be kept, once a checkpoint holds what came of it.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #everyMs: number;
  #position: Position;
  #items = 0;
  /** Whether only a part of a record has been applied: no position stands for that. */
  #isInRecord = false;
  #lastMs: number;
  #underWay: Promise<void> | undefined;

  /** @param position of the newest record that the engine has applied */
  constructor(options: CheckpointerOptions, position: Position) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? 60_000;
    this.#position = position;
    this.#lastMs = options.now();
  }

  readonly stage: Stage = ({ record: { batch }, isWhole, position }) => {
    this.#isInRecord = !isWhole;
    this.#items +=
      (isWhole ? 1 : 0) +
      ("spans" in batch ? batch.spans.length : 0) +
      ("points" in batch ? batch.points.length : 0);
    if (!isWhole) return;
    this.#position = position;
    const due =
      this.#items >= this.#options.everyItems || this.#options.now() - this.#lastMs >= this.#everyMs;
    if (due) this.#underWay ??= this.#write();
  };

  /**
   * Writes a checkpoint now, or when the record that is being applied is whole, if anything was applied since the one before it: the
   * log may be about to be lost.
   */
  soon(): void {
    if (this.#isInRecord) this.#lastMs = Number.NEGATIVE_INFINITY;
    else if (this.#items > 0) this.#underWay ??= this.#write();
  }

  /**
   * Writes a last checkpoint, where anything was applied since the one before it. Never rejects, and does not wait for a store
   * that cannot be written: the log holds all of it.
   */
  async close(): Promise<void> {
    const last = async (): Promise<void> => {
      await this.#underWay;
      if (this.#items > 0 && !this.#isInRecord) await this.#write();
    };
    if (this.#options.store.fault === undefined)
      await Promise.race([last(), sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  async #write(): Promise<void> {
    const { desks, store, log, logger, now } = this.#options;
    this.#items = 0;
    this.#lastMs = now();
    try {
      const checkpoint = { position: this.#position, state: desks.save(), seen: desks.takeSeen() };
      const positions = await store.checkpoint(checkpoint);
      const droppable = retention(log.segments(), { ...this.#options.retention, nowMs: now() });
      // Not beyond the one before it either: it serves if the newest turns out to be damaged.
      await log.dropThrough(earlierOf(droppable, positions.at(-2) ?? BEGINNING));
      await store.keep(checkpointsToKeep(positions, log.segments()), log.droppedThrough);
    } catch (error) {
      // The store and the log tell of their faults themselves; the next checkpoint makes up for this one.
      logger.warn({ err: error }, "A checkpoint was not completed");
    } finally {
      this.#underWay = undefined;
    }
  }
}
