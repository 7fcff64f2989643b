import type { DatabaseSync } from "node:sqlite";
import {
  type MissingParts,
  missingParts,
  ownPartVersions,
  type PartVersions,
  type ReadableParts,
} from "@slipstream/engine/storage";
import { number, object, record, string } from "../stored-form/form.ts";
import { parsedJson } from "./damaged.ts";

const schema = `
  CREATE TABLE IF NOT EXISTS engine_formats (format INTEGER PRIMARY KEY, parts TEXT NOT NULL UNIQUE) STRICT;
`;

const NOTHING: MissingParts = { absent: 0, unreadable: 0 };

const formatsRow = object({ format: number, parts: string });
const formatRow = object({ format: number });
const versions = record(number);

/** The formats of the checkpoints in a database: which parts a state has, in which versions. */
export class CheckpointFormats {
  readonly #database: DatabaseSync;
  readonly #ownParts: string;
  readonly #missing: ReadonlyMap<number, MissingParts>;
  #own: number | undefined;

  /** @param parts what this Slipstream saves and reads */
  constructor(database: DatabaseSync, parts: ReadableParts) {
    database.exec(schema);
    this.#database = database;
    this.#ownParts = textOf(ownPartVersions(parts));
    const rows = database
      .prepare("SELECT format, parts FROM engine_formats")
      .all()
      .flatMap((row) => formatsRow.safeParse(row).data ?? []);
    this.#own = rows.find((row) => row.parts === this.#ownParts)?.format;
    this.#missing = new Map(
      rows.flatMap((row) => {
        const known = parsedJson(versions, row.parts);
        return known === undefined ? [] : [[row.format, missingParts(parts, known)] as const];
      }),
    );
  }

  /** What this Slipstream writes. */
  get own(): number {
    this.#own ??= formatRow.parse(
      this.#database
        .prepare("INSERT INTO engine_formats (parts) VALUES (?) RETURNING format")
        .get(this.#ownParts),
    ).format;
    return this.#own;
  }

  missingFrom(format: number): MissingParts {
    return this.#missing.get(format) ?? NOTHING;
  }
}

function textOf(parts: PartVersions): string {
  return JSON.stringify(Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1))));
}
