import { type EngineRecord, noEffects } from "@slipstream/engine";
import type { Position } from "../../log/position.ts";
import { LogPipeline } from "../log-pipeline.ts";

/** A pipeline whose engine only hands on what it is given, each record as a whole. */
export function collecting(onRecord: (record: EngineRecord, position: Position) => unknown): LogPipeline {
  let parts: EngineRecord[] = [];
  return new LogPipeline({
    engine: { apply: () => noEffects },
    stages: [
      ({ record, isWhole, position }) => {
        parts.push(record);
        if (!isWhole) return;
        const whole = parts.reduce(joined);
        parts = [];
        onRecord(whole, position);
      },
    ],
  });
}

function joined(before: EngineRecord, next: EngineRecord): EngineRecord {
  const [a, b] = [before.batch, next.batch];
  if (a.kind === "traces" && b.kind === "traces")
    return { ...before, batch: { ...a, spans: [...a.spans, ...b.spans] } };
  if (a.kind === "metrics" && b.kind === "metrics")
    return {
      ...before,
      batch: { ...a, points: [...a.points, ...b.points], resources: [...a.resources, ...b.resources] },
    };
  throw new Error(`a ${a.kind} and a ${b.kind} are no parts of one record`);
}
