import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SlipstreamError } from "@slipstream/conventions";
import { droppedThrough } from "../log/read-log.ts";
import { type Checkpoint, replayBase } from "../state/checkpoint.ts";
import { CheckpointTables } from "../state/checkpoint-tables.ts";

/**
 * The checkpoint that a replay of what the log still holds begins with; undefined where the log is whole.
 * @throws SlipstreamError `base_missing` where what came before the log's first record is in no checkpoint.
 */
export function readBase(data: string): Checkpoint | undefined {
  const dropped = droppedThrough(data);
  if (dropped === 0) return undefined;
  const file = join(data, "state.sqlite");
  const found = existsSync(file) ? read(file, dropped) : "it has no checkpoint";
  if (typeof found !== "string") return found;
  throw new SlipstreamError(
    "base_missing",
    `The log in ${data} begins after position ${dropped}, and what came before is lost (${found}). Replay a span of time ` +
      "with --from: it begins with nothing.",
    { field: "log" },
  );
}

function read(file: string, dropped: number): Checkpoint | string {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const tables = new CheckpointTables(database);
    const position = replayBase(tables.positions(), dropped);
    return position === undefined ? "no checkpoint covers it" : tables.read(position);
  } finally {
    database.close();
  }
}
