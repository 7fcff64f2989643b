import { type EngineRecord, noEffects } from "@slipstream/engine";
import { Pipeline } from "../pipeline.ts";

/** A pipeline whose engine only hands on what it is given. */
export function collecting(onRecord: (record: EngineRecord, position: number) => unknown): Pipeline {
  return new Pipeline({
    engine: { apply: () => noEffects },
    stages: [({ record, position }) => void onRecord(record, position)],
  });
}
