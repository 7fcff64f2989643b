import { Desks } from "@slipstream/engine";
import { decodeTraces } from "@slipstream/otlp/decode";
import { scrub } from "@slipstream/otlp/scrub";
import { type FloorStage, stages } from "./stages.ts";
import { SyncedFile } from "./synced-file.ts";

/** The work of a stage on a body. It is done when the body may be acknowledged. */
export function work(stage: FloorStage, path: string): (body: Buffer) => Promise<void> {
  const count = stages.indexOf(stage);
  const file = count >= 1 ? new SyncedFile(path) : undefined;
  // As the aggregator has it, with the capital set, so that every statistic is on.
  const desks =
    count >= 3 ? new Desks({ capitalUsd: 1_000_000 }, { history: true, trackSeen: true }) : undefined;
  let bodies = 0;
  return async (body) => {
    if (count >= 2) scrub("traces", body, "protobuf");
    const batch = count >= 2 ? decodeTraces(body, "protobuf") : undefined;
    await file?.append(body);
    if (desks === undefined || batch === undefined) return;
    desks.apply({ receivedMs: Date.now(), batch });
    // A checkpoint takes them.
    if (++bodies % 256 === 0) desks.takeSeen();
  };
}
