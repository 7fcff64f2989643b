import { type EngineRecord, noEffects } from "@slipstream/engine";
import type { Position } from "../../log/position.ts";
import { Pipeline } from "../pipeline.ts";

/** A pipeline whose engine only hands on what it is given. */
export function collecting(onRecord: (record: EngineRecord, position: Position) => unknown): Pipeline {
  return new Pipeline({
    engine: { apply: () => noEffects },
    stages: [({ record, position }) => void onRecord(record, position)],
  });
}
