import type { DatabaseSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import { crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type EngineState, type SeenKeys, STATE_VERSION } from "@slipstream/engine";
import { z } from "zod";
import type { Checkpoint } from "./checkpoint.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    position INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    seen_generation INTEGER NOT NULL,
    seen_size INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS seen (
    generation INTEGER NOT NULL,
    first INTEGER NOT NULL,
    keys BLOB NOT NULL,
    UNIQUE (generation, first)
  ) STRICT;
`;

const positionRows = z.array(z.object({ position: z.number() }));
const checkpointRow = z.object({
  version: z.number(),
  checksum: z.number(),
  state: z.instanceof(Uint8Array),
});
const keysRows = z.array(
  z.object({ generation: z.number(), first: z.number(), keys: z.instanceof(Uint8Array) }),
);

/** Why a checkpoint that is there is of no use. */
export type Unusable = "damaged" | "other version";

/**
 * Checkpoints in two tables of a database: the state as one compressed blob with a checksum, and the keys of the spans seen in
 * chunks that all checkpoints share, so that a checkpoint costs what was seen since the one before it. Writes are part of
 * the caller's transaction.
 */
export class CheckpointTables {
  readonly #put;
  readonly #positions;
  readonly #get;
  readonly #putKeys;
  readonly #keys;
  readonly #drop;
  readonly #dropKeysAfter;
  readonly #dropOldKeys;

  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#put = database.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)");
    this.#positions = database.prepare("SELECT position FROM checkpoints ORDER BY position");
    this.#get = database.prepare("SELECT version, checksum, state FROM checkpoints WHERE position = ?");
    this.#putKeys = database.prepare("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)");
    this.#keys = database.prepare(
      "SELECT generation, first, keys FROM seen WHERE (generation = ? AND first < ?) OR generation = ? ORDER BY generation, first",
    );
    this.#drop = database.prepare("DELETE FROM checkpoints WHERE position = ?");
    this.#dropKeysAfter = database.prepare(
      "DELETE FROM seen WHERE generation > ? OR (generation = ? AND first >= ?)",
    );
    this.#dropOldKeys = database.prepare(
      "DELETE FROM seen WHERE generation < (SELECT min(seen_generation) - 1 FROM checkpoints)",
    );
  }

  write({ position, state, seen }: Checkpoint): void {
    for (const { generation, first, keys } of seen) this.#putKeys.run(generation, first, bytesOf(keys));
    const blob = zstdCompressSync(serialize(state));
    const { generation, size } = state.seen;
    this.#put.run(position, state.version, generation, size, crc32(blob), blob);
  }

  /** Ascending. */
  positions(): readonly number[] {
    return positionRows.parse(this.#positions.all()).map(({ position }) => position);
  }

  /** The checkpoint at a position, or why it is of no use. */
  read(position: number): Checkpoint | Unusable {
    const { version, checksum, state: blob } = checkpointRow.parse(this.#get.get(position));
    if (version !== STATE_VERSION) return "other version";
    if (crc32(blob) !== checksum) return "damaged";
    const state = deserialize(zstdDecompressSync(blob)) as EngineState;
    const seen = this.#seen(state.seen);
    return seen === undefined ? "damaged" : { position, state, seen };
  }

  /** Forgets what was written after the checkpoint at `position`, which is the one to go on from. */
  goBackTo({ position, state }: Checkpoint): void {
    for (const later of this.positions().filter((candidate) => candidate > position)) this.#drop.run(later);
    this.#dropKeysAfter.run(state.seen.generation, state.seen.generation, state.seen.size);
  }

  /** Drops every checkpoint but those, and the keys that none of them needs. */
  keep(positions: readonly number[]): void {
    for (const position of this.positions()) {
      if (!positions.includes(position)) this.#drop.run(position);
    }
    if (positions.length === 0) this.#dropKeysAfter.run(-1, -1, 0);
    else this.#dropOldKeys.run();
  }

  /** The keys that belong to a state; undefined where some are missing. */
  #seen({ generation, size, previous }: EngineState["seen"]): readonly SeenKeys[] | undefined {
    const rows = keysRows.parse(this.#keys.all(generation, size, generation - 1));
    const chunks = rows.map((row) => ({ ...row, keys: wordsOf(row.keys) }));
    const held = (of: number): number =>
      chunks.filter((chunk) => chunk.generation === of).reduce((sum, { keys }) => sum + keys.length / 2, 0);
    return held(generation) === size && held(generation - 1) === previous ? chunks : undefined;
  }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** In memory of its own, which can be handed to another thread. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
