import { existsSync } from "node:fs";
import { join } from "node:path";
import { SlipstreamError } from "@slipstream/conventions";
import type { Since } from "@slipstream/engine";
import { Desks } from "@slipstream/engine";
import { BEGINNING, isAfter, type Position, printPosition } from "../log/position.ts";
import { droppedThrough, readLog } from "../log/read-log.ts";
import { DatabaseSync } from "../sqlite.ts";
import { type Checkpoint, checkpointsToReplay } from "../state/checkpoint.ts";
import { checkpointsIn } from "../state/checkpoint-tables.ts";

/** What a replay begins with. */
export interface Base {
  readonly checkpoint: Checkpoint;
  /** Since when the parts of it count that do not say it. */
  readonly began: Since | undefined;
}

/**
 * The checkpoint that a replay of what the log still holds begins with; undefined if the log is whole.
 * @throws SlipstreamError `base_missing` if no checkpoint holds what came before the log's first record
 */
export function readBase(data: string): Base | undefined {
  const dropped = droppedThrough(data);
  if (!isAfter(dropped, BEGINNING)) return undefined;
  const file = join(data, "state.sqlite");
  const found = existsSync(file) ? read(file, dropped) : "it has no checkpoint";
  if (typeof found !== "string") {
    const [oldest] = readLog(data, dropped);
    return { checkpoint: found, began: oldest && { ms: oldest.receivedMs, exact: false } };
  }
  throw new SlipstreamError(
    "base_missing",
    `The log in ${data} begins after position ${printPosition(dropped)}, and what came before is lost (${found}). Replay a span of time ` +
      "with --from: it begins with nothing.",
    { field: "log" },
  );
}

function read(file: string, dropped: Position): Checkpoint | string {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const checkpoints = checkpointsIn(database, Desks.readableParts);
    const [id] = checkpointsToReplay(checkpoints.known(), dropped);
    if (id === undefined) return "no checkpoint covers it";
    return checkpoints.read(id) ?? `the checkpoint at ${printPosition(id.position)} is damaged`;
  } finally {
    database.close();
  }
}
