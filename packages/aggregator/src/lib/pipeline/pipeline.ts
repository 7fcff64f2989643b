import type { Effects, Engine, EngineRecord } from "@slipstream/engine";
import type { Position } from "../log/position.ts";
import { partsOf } from "./record-parts.ts";

/** A record that the engine has applied, and what came of it. */
export interface Applied {
  readonly record: EngineRecord;
  /** Whether it is all of the record, or the last part of it. */
  readonly isWhole: boolean;
  readonly position: Position;
  readonly effects: Effects;
}

/**
 * What is done with the effects of each record, in the log's order. It never throws and never waits: what takes time it puts
 * into a queue of its own. What it keeps of a record's spans it copies: they read the body that they came in, and that is given back
 * when the record was applied.
 */
export type Stage = (applied: Applied) => void;

export interface PipelineParts {
  readonly engine: Pick<Engine, "apply">;
  /** In the order in which they get the effects. */
  readonly stages?: readonly Stage[];
}

/**
 * The straight line behind the log, the same for what comes in live, for what is read again after a restart, for a replay and
 * for the engine inside of a trading service:
 *
 *     record -> engine -> effects -> each stage
 *
 * `LogPipeline` has what comes before it: the log's records, and their decoding.
 */
export class Pipeline {
  readonly #engine: Pick<Engine, "apply">;
  readonly #stages: readonly Stage[];

  constructor({ engine, stages = [] }: PipelineParts) {
    this.#engine = engine;
    this.#stages = stages;
  }

  /** Takes a record that is decoded already. */
  apply(record: EngineRecord, position: Position): Applied {
    return this.#apply(record, position, true);
  }

  /** The same, a part at a time: a long record would keep the thread from everything else. */
  *applyInParts(record: EngineRecord, position: Position): Generator<void, void> {
    for (const part of partsOf(record)) {
      const isWhole = part.continues !== true;
      this.#apply(part, position, isWhole);
      if (!isWhole) yield;
    }
  }

  #apply(record: EngineRecord, position: Position, isWhole: boolean): Applied {
    const applied = { record, isWhole, position, effects: this.#engine.apply(record) };
    for (const stage of this.#stages) stage(applied);
    return applied;
  }
}
