import type { DatabaseSync } from "node:sqlite";
import type { SeenKeys } from "@slipstream/engine/storage";
import { array, bytes, number, object } from "../stored-form/form.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS engine_seen (
    format INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    first INTEGER NOT NULL,
    keys BLOB NOT NULL,
    PRIMARY KEY (format, generation, first)
  ) STRICT;
`;

const keysRows = array(object({ generation: number, first: number, keys: bytes }));
const oldestRows = array(object({ format: number, generation: number.nullable() }));

/** Which keys belong to a state: the first `size` of a generation, and all of the one before. */
interface SeenSizes {
  readonly generation: number;
  readonly size: number;
}

/** The keys of the spans seen, in chunks that the checkpoints of a format share. */
export class SeenKeysTable {
  readonly #put;
  readonly #get;
  readonly #dropAfter;
  readonly #clear;
  readonly #oldest;
  readonly #dropBefore;

  constructor(database: DatabaseSync) {
    database.exec(schema);
    this.#put = database.prepare("INSERT OR REPLACE INTO engine_seen VALUES (?, ?, ?, ?)");
    this.#get = database.prepare(`
      SELECT generation, first, keys FROM engine_seen
      WHERE format = ? AND ((generation = ? AND first < ?) OR generation = ?) ORDER BY generation, first`);
    this.#dropAfter = database.prepare(
      "DELETE FROM engine_seen WHERE format = ? AND (generation > ? OR (generation = ? AND first >= ?))",
    );
    this.#clear = database.prepare("DELETE FROM engine_seen WHERE format = ?");
    this.#oldest = database.prepare(`
      SELECT format, (
        SELECT min(seen_generation) FROM engine_checkpoints AS held WHERE held.format = formats.format
      ) AS generation FROM engine_formats AS formats`);
    this.#dropBefore = database.prepare("DELETE FROM engine_seen WHERE format = ? AND generation < ?");
  }

  add(format: number, chunks: readonly SeenKeys[]): void {
    for (const { generation, first, keys } of chunks) this.#put.run(format, generation, first, bytesOf(keys));
  }

  /** Those that are there of the keys that belong to a state, in order. */
  read(format: number, { generation, size }: SeenSizes): readonly SeenKeys[] {
    return keysOf(this.#get.all(format, generation, size, generation - 1));
  }

  dropAfter(format: number, { generation, size }: SeenSizes): void {
    this.#dropAfter.run(format, generation, generation, size);
  }

  clear(format: number): void {
    this.#clear.run(format);
  }

  /** Drops what no checkpoint needs. */
  dropUnneeded(): void {
    for (const { format, generation } of oldestRows.parse(this.#oldest.all())) {
      if (generation === null) this.#clear.run(format);
      else this.#dropBefore.run(format, generation - 1);
    }
  }
}

/** Rows of chunks as keys. */
export function keysOf(rows: unknown): readonly SeenKeys[] {
  return keysRows.parse(rows).map((row) => ({ ...row, keys: wordsOf(row.keys) }));
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** In memory of its own, which can be handed to another thread. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
