import type { DatabaseSync } from "node:sqlite";
import { deserialize } from "node:v8";
import zlib, { crc32 } from "node:zlib";
import {
  asParts,
  type EngineState,
  missingParts,
  partVersionsOf,
  type ReadableParts,
  seenSizesOf,
} from "@slipstream/engine/storage";
import { hasTable } from "../has-table.ts";
import { BEGINNING, isAfter, type Position, printPosition } from "../log/position.ts";
import { bytes, number, object } from "../stored-form/form.ts";
import type { Checkpoint, KnownCheckpoint } from "./checkpoint.ts";
import { keysOf } from "./seen-keys-table.ts";
import { storedPosition } from "./stored-position.ts";

/** Stands for the format of all of these checkpoints: each says by itself which version it has. */
export const FORMER = 0;

const knownRow = object({ position: storedPosition, version: number });
const stateRow = object({ checksum: number, state: bytes }).optional();

/**
 * The checkpoints of versions of Slipstream that saved the state under one number, in the tables
 * `checkpoints` and `seen`. They are read, and stay as they are for those versions to return to, as long as
 * the log continues from them.
 */
export class FormerCheckpoints {
  readonly #database: DatabaseSync;
  readonly #parts: ReadableParts;
  readonly #areThere: boolean;

  /** @param parts what this Slipstream reads */
  constructor(database: DatabaseSync, parts: ReadableParts) {
    this.#database = database;
    this.#parts = parts;
    this.#areThere = hasTable(database, "checkpoints") && hasTable(database, "seen");
  }

  /** By position. */
  known(): readonly KnownCheckpoint[] {
    if (!this.#areThere) return [];
    const rows = this.#database.prepare("SELECT position, version FROM checkpoints ORDER BY position").all();
    return rows.flatMap((row) => {
      const { data } = knownRow.safeParse(row);
      if (data === undefined) return [];
      const { position, version } = data;
      const versions = partVersionsOf(version);
      if (versions === undefined) return [];
      return [{ format: FORMER, position, missing: missingParts(this.#parts, versions), sinceMs: null }];
    });
  }

  /** undefined: it is damaged, or gone. */
  read(position: Position): Checkpoint | undefined {
    const row = stateRow.parse(
      this.#database
        .prepare("SELECT checksum, state FROM checkpoints WHERE position = ?")
        .get(printPosition(position)),
    );
    if (row === undefined || crc32(row.state) !== row.checksum) return undefined;
    const state = stateOf(row.state);
    if (state === undefined) return undefined;
    const sizes = seenSizesOf(state);
    const rows = this.#database
      .prepare(`
        SELECT generation, first, keys FROM seen
        WHERE (generation = ? AND first < ?) OR generation = ? ORDER BY generation, first`)
      .all(sizes.generation, sizes.size, sizes.generation - 1);
    return { position, state, seen: keysOf(rows) };
  }

  /** Drops those from which the log does not continue any more, and the keys if none is left. */
  keepFrom(droppedThrough: Position): void {
    if (!this.#areThere || !isAfter(droppedThrough, BEGINNING)) return;
    this.#database.prepare("DELETE FROM checkpoints WHERE position < ?").run(printPosition(droppedThrough));
    this.#database.exec("DELETE FROM seen WHERE NOT EXISTS (SELECT 1 FROM checkpoints)");
  }
}

function stateOf(blob: Uint8Array): EngineState | undefined {
  try {
    return asParts(deserialize(zlib.zstdDecompressSync(blob)));
  } catch {
    return undefined;
  }
}
