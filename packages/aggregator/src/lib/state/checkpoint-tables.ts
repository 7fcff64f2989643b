import type { DatabaseSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import zlib, { crc32 } from "node:zlib";
import { type EngineState, type ReadableParts, seenSizesOf } from "@slipstream/engine/storage";
import { hasTable } from "../has-table.ts";
import { comparePositions, isAfter, type Position, printPosition } from "../log/position.ts";
import { bytes, type FormOf, number, object, record, string } from "../stored-form/form.ts";
import { type Checkpoint, type CheckpointId, type KnownCheckpoint, OWN } from "./checkpoint.ts";
import { CheckpointFormats } from "./checkpoint-formats.ts";
import { parsedJson, unlessDamaged } from "./damaged.ts";
import { FORMER, FormerCheckpoints } from "./former-checkpoints.ts";
import { SeenKeysTable } from "./seen-keys-table.ts";
import { orUnusable } from "./state-file.ts";
import { storedPosition } from "./stored-position.ts";

/*
 * Versions of Slipstream before this table delete from the tables they know what they cannot read. They do
 * not know this one, and theirs stay as they are. Read docs/upgrade.md before you change either.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS engine_checkpoints (
    format INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seen_generation INTEGER NOT NULL,
    seen_size INTEGER NOT NULL,
    since TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (format, position)
  ) STRICT;
`;

const knownRow = object({ format: number, position: storedPosition, since: string });
const sinceText = record(number.nullable());
const stateRow = object({ checksum: number, state: bytes }).optional();
const sizesRow = object({ generation: number, size: number }).optional();

/**
 * Checkpoints in a database: the state as one compressed blob with a checksum, and the keys of the spans seen
 * in chunks that the checkpoints of a format share, so that a checkpoint costs what was seen since the one
 * before it. What another version of Slipstream wrote in another format stays as it is. Writes are part of
 * the caller's transaction.
 */
export class CheckpointTables {
  readonly #partNames: readonly string[];
  readonly #file: string;
  readonly #formats: CheckpointFormats;
  readonly #keys: SeenKeysTable;
  readonly #former: FormerCheckpoints;
  readonly #all;
  readonly #get;
  readonly #sizes;
  readonly #put;
  readonly #drop;
  readonly #dropAfter;

  /** @param parts what this Slipstream saves and reads */
  constructor(database: DatabaseSync, parts: ReadableParts) {
    this.#file = database.location() ?? ":memory:";
    database.exec(schema);
    this.#partNames = Object.keys(parts);
    this.#formats = new CheckpointFormats(database, parts);
    this.#keys = new SeenKeysTable(database);
    this.#former = new FormerCheckpoints(database, parts);
    this.#all = database.prepare(`
      SELECT format, position, since FROM engine_checkpoints
      WHERE format BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER} AND position BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}
      ORDER BY position`);
    this.#get = database.prepare(
      "SELECT checksum, state FROM engine_checkpoints WHERE format = ? AND position = ?",
    );
    this.#sizes = database.prepare(
      "SELECT seen_generation AS generation, seen_size AS size FROM engine_checkpoints WHERE format = ? AND position = ?",
    );
    this.#put = database.prepare("INSERT OR REPLACE INTO engine_checkpoints VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#drop = database.prepare("DELETE FROM engine_checkpoints WHERE format = ? AND position = ?");
    this.#dropAfter = database.prepare("DELETE FROM engine_checkpoints WHERE format = ? AND position > ?");
  }

  /** All that are there, whoever wrote them, by position. @throws SlipstreamError `state_corrupt` if the list of them is damaged */
  known(): readonly KnownCheckpoint[] {
    return orUnusable(this.#file, () => this.#known());
  }

  #known(): readonly KnownCheckpoint[] {
    const current = this.#rows().map(({ format, position, since }) => {
      const missing = this.#formats.missingFrom(format);
      return { format, position, missing, sinceMs: newestOf(since, this.#partNames) };
    });
    return [...current, ...this.#former.known()].sort((a, b) => comparePositions(a.position, b.position));
  }

  /** Positions of those that this version writes, ascending. */
  positions(): readonly Position[] {
    const { own } = this.#formats;
    return this.#rows().flatMap(({ format, position }) => (format === own ? [position] : []));
  }

  /** undefined: it is damaged, or gone. */
  read({ format, position }: CheckpointId): Checkpoint | undefined {
    return unlessDamaged(() => {
      if (format === FORMER) return this.#former.read(position);
      const row = stateRow.parse(this.#get.get(format, printPosition(position)));
      if (row === undefined || crc32(row.state) !== row.checksum) return undefined;
      const state = stateOf(row.state);
      return state && { position, state, seen: this.#keys.read(format, seenSizesOf(state)) };
    });
  }

  /**
   * @param after the checkpoint whose keys of spans seen these are added to. What this version wrote after that one is
   * dropped, for the state has never been there. undefined: there are no keys before these.
   */
  write({ position, state, seen }: Checkpoint, after: CheckpointId | undefined): void {
    const { own } = this.#formats;
    if (after?.format === own || after?.format === OWN) this.#goBackTo(after.position);
    else this.#beginWith(after);
    this.#keys.add(own, seen);
    const blob = zlib.zstdCompressSync(serialize(state));
    const { generation, size } = seenSizesOf(state);
    this.#put.run(own, printPosition(position), generation, size, sinceOf(state), crc32(blob), blob);
  }

  /**
   * Drops those of this version but the ones at `positions`; those of other versions from which the log does
   * not continue any more; and the keys that only they needed.
   */
  keep(positions: readonly Position[], droppedThrough: Position): void {
    const { own } = this.#formats;
    for (const { format, position } of this.#rows()) {
      const isKept =
        format === own
          ? positions.some((kept) => comparePositions(kept, position) === 0)
          : !isAfter(droppedThrough, position);
      if (!isKept) this.#drop.run(format, printPosition(position));
    }
    this.#former.keepFrom(droppedThrough);
    this.#keys.dropUnneeded();
  }

  /** Without those that are damaged. */
  #rows(): FormOf<typeof knownRow>[] {
    return this.#all.all().flatMap((row) => knownRow.safeParse(row).data ?? []);
  }

  #goBackTo(position: Position): void {
    const { own } = this.#formats;
    this.#dropAfter.run(own, printPosition(position));
    const sizes = sizesRow.parse(this.#sizes.get(own, printPosition(position)));
    if (sizes !== undefined) this.#keys.dropAfter(own, sizes);
  }

  /**
   * What this version wrote before is of no use any more, for its keys are not those of the other checkpoint.
   */
  #beginWith(other: CheckpointId | undefined): void {
    const { own } = this.#formats;
    this.#dropAfter.run(own, -1);
    this.#keys.clear(own);
    if (other !== undefined) this.#keys.add(own, this.read(other)?.seen ?? []);
  }
}

/** The checkpoints of a database that is open for reading only. */
export function checkpointsIn(
  database: DatabaseSync,
  parts: ReadableParts,
): Pick<CheckpointTables, "known" | "read"> {
  if (hasTable(database, "engine_checkpoints")) return new CheckpointTables(database, parts);
  const former = new FormerCheckpoints(database, parts);
  return { known: () => former.known(), read: ({ position }) => unlessDamaged(() => former.read(position)) };
}

/** Since when each part counts, Unix ms. */
function sinceOf({ parts }: EngineState): string {
  const entries = Object.entries(parts).map(([name, { since }]) => [name, since?.ms ?? null]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Of these parts. null: it cannot be read. */
function newestOf(text: string, partNames: readonly string[]): number | null {
  const since = parsedJson(sinceText, text);
  if (since === undefined) return null;
  const known = partNames.flatMap((name) => since[name] ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

function stateOf(blob: Uint8Array): EngineState | undefined {
  try {
    return deserialize(zlib.zstdDecompressSync(blob)) as EngineState;
  } catch {
    // Such as one that a later Node.js wrote.
    return undefined;
  }
}
