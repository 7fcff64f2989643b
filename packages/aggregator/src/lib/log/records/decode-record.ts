import { SlipstreamError } from "@slipstream/conventions";
import type { EngineRecord } from "@slipstream/engine";
import type { LogRecord, NewRecord } from "../log.ts";
import { type Position, printPosition } from "../position.ts";
import { kindOf, type RecordKind } from "./record-kind.ts";
import { recordKinds } from "./record-kinds.ts";

/**
 * A record as the engine applies it.
 *
 * @param record of the log, or about to be appended
 *
 * @throws SlipstreamError `log_newer` if this version does not know its kind or its layout, `log_undecodable` if its content
 * is not what its kind writes
 */
export function decodeRecord(record: Stored, kinds: readonly RecordKind[] = recordKinds): EngineRecord {
  const known = kindOf(record.kind, kinds);
  if (known === undefined) throw newer(record);
  try {
    return { receivedMs: record.receivedMs, batch: known.kind.decode(record, known.layout) };
  } catch (cause) {
    throw undecodable(record, cause);
  }
}

/** Whether what a record says applies to those after it. @throws SlipstreamError `log_newer` */
export function isStanding(record: Stored, kinds: readonly RecordKind[] = recordKinds): boolean {
  const known = kindOf(record.kind, kinds);
  if (known === undefined) throw newer(record);
  return known.kind.standing === true;
}

type Stored = NewRecord & Partial<LogRecord>;

function shown(position: Position | undefined): string {
  return position === undefined ? "none" : printPosition(position);
}

/** Skipping it is not offered: what it says would be missing from every statistic after it. */
function newer({ kind, position }: Stored): SlipstreamError {
  return new SlipstreamError(
    "log_newer",
    `The log was written by a newer version of Slipstream, at position ${shown(position)} (a record of kind "${kind}"): run that ` +
      "version, or restore a copy of the data folder from before it ran, or start with another data folder (--data).",
    { field: "data" },
  );
}

function undecodable({ kind, position }: Stored, cause: unknown): SlipstreamError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SlipstreamError(
    "log_undecodable",
    `The log's record at position ${shown(position)}, of kind "${kind}", cannot be decoded: ${reason}. If a newer version of ` +
      "Slipstream wrote it, run that version.",
    { field: "data", cause },
  );
}
